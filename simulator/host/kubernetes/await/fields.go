package await

import "k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

// observed says whether the controller has seen the object's current generation.
func observed(object *unstructured.Unstructured) bool {
	return integer(object, -1, "status", "observedGeneration") >= object.GetGeneration()
}

func integer(object *unstructured.Unstructured, fallback int64, path ...string) int64 {
	value, found, err := unstructured.NestedInt64(object.Object, path...)
	if err != nil || !found {
		return fallback
	}
	return value
}

type condition struct{ kind, status, reason, message string }

func conditions(object *unstructured.Unstructured) []condition {
	list, _, _ := unstructured.NestedSlice(object.Object, "status", "conditions")
	var found []condition
	for _, item := range list {
		fields, ok := item.(map[string]any)
		if !ok {
			continue
		}
		text := func(key string) string { value, _ := fields[key].(string); return value }
		found = append(found, condition{text("type"), text("status"), text("reason"), text("message")})
	}
	return found
}
