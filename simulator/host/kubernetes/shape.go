package kubernetes

import (
	"encoding/base64"
	"reflect"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/scheme"
)

// prune cuts a live object down to the fields its inputs set, so that what the server added is no difference.
func prune(live, inputs map[string]any) map[string]any {
	if live == nil || inputs == nil {
		return nil
	}
	pruned := map[string]any{}
	for key, value := range live {
		if input, found := inputs[key]; found {
			pruned[key] = pruneValue(value, input)
		}
	}
	return pruned
}

func pruneValue(value, input any) any {
	switch value := value.(type) {
	case map[string]any:
		if input, same := input.(map[string]any); same {
			return prune(value, input)
		}
	case []any:
		if input, same := input.([]any); same {
			return pruneList(value, input)
		}
	}
	return value
}

// pruneList keeps as many elements as the inputs have, each cut down to its counterpart.
func pruneList(values, inputs []any) []any {
	pruned := make([]any, 0, len(inputs))
	if len(values) == 0 || len(inputs) == 0 {
		return pruned
	}
	if reflect.TypeOf(values[0]) != reflect.TypeOf(inputs[0]) {
		return values
	}
	for index := 0; index < len(inputs) && index < len(values); index++ {
		pruned = append(pruned, pruneValue(values[index], inputs[index]))
	}
	return pruned
}

// readOnlyMetadata are the fields of metadata that only a server sets.
// https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/object-meta/#Read-only
var readOnlyMetadata = []string{
	"creationTimestamp", "deletionGracePeriodSeconds", "deletionTimestamp", "generation", "managedFields", "resourceVersion", "uid",
}

// normalize gives inputs of built-in kinds the spelling that the server will return (quantities, int-or-string, base64),
// so that an equal value is no difference. Objects with unknown values and custom resources are left alone.
func normalize(object *unstructured.Unstructured) *unstructured.Unstructured {
	normal := &unstructured.Unstructured{Object: clone(object.Object).(map[string]any)}
	if !hasUnknowns(object.Object) && builtIn(objectKind(object).GroupVersion()) {
		normal = canonical(normal)
	}
	for _, field := range readOnlyMetadata {
		unstructured.RemoveNestedField(normal.Object, "metadata", field)
	}
	return normal
}

// clone copies maps and lists; unlike DeepCopy it allows values that are not known yet.
func clone(value any) any {
	switch value := value.(type) {
	case map[string]any:
		copied := make(map[string]any, len(value))
		for key, element := range value {
			copied[key] = clone(element)
		}
		return copied
	case []any:
		copied := make([]any, len(value))
		for index, element := range value {
			copied[index] = clone(element)
		}
		return copied
	default:
		return value
	}
}

func canonical(object *unstructured.Unstructured) *unstructured.Unstructured {
	switch {
	case isDefinition(object):
		return canonicalDefinition(object)
	case isCore(object, "Secret"):
		return canonicalSecret(object)
	}
	typed, err := scheme.Scheme.New(objectKind(object))
	if err != nil {
		return object
	}
	// A value that does not fit the type is left for the server to refuse, with its own message.
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, typed); err != nil {
		return object
	}
	fields, err := runtime.DefaultUnstructuredConverter.ToUnstructured(typed)
	if err != nil {
		return object
	}
	return &unstructured.Unstructured{Object: prune(fields, object.Object)}
}

// canonicalDefinition drops what the server drops: preserveUnknownFields when false, and the status.
// https://kubernetes.io/docs/tasks/extend-kubernetes/custom-resources/custom-resource-definitions/#field-pruning
func canonicalDefinition(definition *unstructured.Unstructured) *unstructured.Unstructured {
	preserve, found, err := unstructured.NestedBool(definition.Object, "spec", "preserveUnknownFields")
	if err == nil && found && !preserve {
		unstructured.RemoveNestedField(definition.Object, "spec", "preserveUnknownFields")
	}
	unstructured.RemoveNestedField(definition.Object, "status")
	return definition
}

// canonicalSecret writes stringData over data in base64, as the server does. A value that is no base64 is left for the
// server to refuse.
func canonicalSecret(secret *unstructured.Unstructured) *unstructured.Unstructured {
	text, found, err := unstructured.NestedStringMap(secret.Object, "stringData")
	data, hasData, dataErr := unstructured.NestedMap(secret.Object, "data")
	if err != nil || dataErr != nil || (!found && !hasData) {
		return secret
	}
	if data == nil {
		data = map[string]any{}
	}
	for key, value := range data {
		encoded, isText := value.(string)
		if raw, err := base64.StdEncoding.DecodeString(encoded); isText && err == nil {
			data[key] = base64.StdEncoding.EncodeToString(raw)
		}
	}
	for key, value := range text {
		data[key] = base64.StdEncoding.EncodeToString([]byte(value))
	}
	if len(text) > 0 {
		unstructured.RemoveNestedField(secret.Object, "stringData")
	}
	if len(data) > 0 {
		secret.Object["data"] = data
	}
	return secret
}
