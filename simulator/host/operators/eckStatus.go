package operators

import (
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
)

// eckStatus is pkg/apis/elasticsearch/v1/status.go.
type eckStatus struct {
	AvailableNodes       int32          `json:"availableNodes,omitempty"`
	Version              string         `json:"version,omitempty"`
	Health               string         `json:"health,omitempty"`
	Phase                string         `json:"phase,omitempty"`
	Conditions           []eckCondition `json:"conditions,omitempty"`
	InProgressOperations fields         `json:"inProgressOperations,omitempty"`
	ObservedGeneration   int64          `json:"observedGeneration,omitempty"`
}

type eckCondition struct {
	Type               string `json:"type"`
	Status             string `json:"status"`
	LastTransitionTime string `json:"lastTransitionTime,omitempty"`
	Message            string `json:"message,omitempty"`
}

func (s *eckStatus) set(kind, status, message string) {
	wanted := eckCondition{Type: kind, Status: status, Message: message, LastTransitionTime: timestamp(time.Now())}
	at := slices.IndexFunc(s.Conditions, func(each eckCondition) bool { return each.Type == kind })
	if at < 0 {
		s.Conditions = append(s.Conditions, wanted)
		return
	}
	if s.Conditions[at].Status == status {
		wanted.LastTransitionTime = s.Conditions[at].LastTransitionTime
	}
	s.Conditions[at] = wanted
}

func (s *eckStatus) invalid(message string) {
	s.Phase = "Invalid"
	s.set("ReconciliationComplete", conditionFalse, message)
}

func (s *eckStatus) applying(message string) {
	s.Phase = "ApplyingChanges"
	s.set("ReconciliationComplete", conditionFalse, message)
}

func (s *eckStatus) settled(version string) {
	s.Phase, s.Version = "Ready", version
	s.set("ReconciliationComplete", conditionTrue, "")
	s.set("RunningDesiredVersion", conditionTrue, "All nodes are running version "+version)
}

// showNodes says how the cluster is: nobody answers without most of those that vote, and with a node away data is there once and not twice.
func (e *elasticsearch) showNodes() {
	e.status.AvailableNodes = e.ready
	switch {
	case !e.leads():
		e.status.Health = "unknown"
		if e.status.Phase == "Ready" {
			e.status.Health = "red"
		}
	case e.ready < e.wanted():
		e.status.Health = "yellow"
	default:
		e.status.Health = "green"
	}
	reachable := conditionFalse
	if e.leads() {
		reachable = conditionTrue
	}
	e.status.set("ElasticsearchIsReachable", reachable, "")
}

// leads says whether most of the nodes that vote are there.
func (e *elasticsearch) leads() bool {
	var wanted, standing int32
	for _, set := range e.spec.NodeSets {
		if set.has("master") {
			wanted += set.Count
			standing += e.readyOf(e.named(set.Name))
		}
	}
	return standing*2 > wanted
}

func (e *elasticsearch) readyOf(set string) (count int32) {
	for _, pod := range e.podsOf(set) {
		if reports(pod) {
			count++
		}
	}
	return count
}

func (e *elasticsearch) podsOf(set string) (found []*corev1.Pod) {
	for _, pod := range e.there {
		if pod.Labels[eckSet] == set {
			found = append(found, pod)
		}
	}
	return found
}
