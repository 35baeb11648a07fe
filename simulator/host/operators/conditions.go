package operators

import (
	"time"

	"k8s.io/apimachinery/pkg/util/json"
)

// condition is one entry of a status's conditions, as all these operators have them.
type condition struct {
	Type               string `json:"type"`
	Status             string `json:"status"`
	Reason             string `json:"reason"`
	Message            string `json:"message"`
	LastTransitionTime string `json:"lastTransitionTime,omitempty"`
	ObservedGeneration int64  `json:"observedGeneration,omitempty"`
}

const (
	conditionTrue  = "True"
	conditionFalse = "False"
)

// timestamp is a moment as Kubernetes writes it.
func timestamp(moment time.Time) string { return moment.UTC().Format(time.RFC3339) }

// merged puts conditions among those that are there, each in the place of the one of its type. The time of a condition is that at which its status
// became what it is.
func merged(existing []condition, wanted ...condition) []condition {
	result := append([]condition{}, existing...)
	for _, each := range wanted {
		each.LastTransitionTime = timestamp(time.Now())
		at := len(result)
		for index, old := range result {
			if old.Type == each.Type {
				at = index
				if old.Status == each.Status {
					each.LastTransitionTime = old.LastTransitionTime
				}
			}
		}
		if at == len(result) {
			result = append(result, each)
		} else {
			result[at] = each
		}
	}
	return result
}

// without are the conditions but those of a type.
func without(existing []condition, kind string) []condition {
	var kept []condition
	for _, each := range existing {
		if each.Type != kind {
			kept = append(kept, each)
		}
	}
	return kept
}

// find is the condition of a type, nil when there is none.
func find(conditions []condition, kind string) *condition {
	for index := range conditions {
		if conditions[index].Type == kind {
			return &conditions[index]
		}
	}
	return nil
}

func truth(is bool) string {
	if is {
		return conditionTrue
	}
	return conditionFalse
}

func unmarshal(content []byte, into *any) error { return json.Unmarshal(content, into) }
