package kubernetes

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Keys of the state beside the object's own fields.
const (
	inputsKey            = "__inputs"
	initialAPIVersionKey = "__initialApiVersion"
	fieldManagerKey      = "__fieldManager"
)

// schemaExtensions maps the SDK's names for OpenAPI extensions to the server's; a dash cannot be in an SDK's name.
var schemaExtensions = map[string]string{
	"x_kubernetes_embedded_resource":       "x-kubernetes-embedded-resource",
	"x_kubernetes_int_or_string":           "x-kubernetes-int-or-string",
	"x_kubernetes_list_map_keys":           "x-kubernetes-list-map-keys",
	"x_kubernetes_list_type":               "x-kubernetes-list-type",
	"x_kubernetes_map_type":                "x-kubernetes-map-type",
	"x_kubernetes_preserve_unknown_fields": "x-kubernetes-preserve-unknown-fields",
	"x_kubernetes_validations":             "x-kubernetes-validations",
}

var sdkExtensions = invert(schemaExtensions)

func invert(names map[string]string) map[string]string {
	inverted := make(map[string]string, len(names))
	for key, value := range names {
		inverted[value] = key
	}
	return inverted
}

func serverName(name string) (string, bool) {
	renamed, found := schemaExtensions[name]
	return renamed, found
}

func sdkName(name string) (resource.PropertyKey, bool) {
	renamed, found := sdkExtensions[name]
	return resource.PropertyKey(renamed), found
}

func withoutSecrets(value resource.PropertyValue) (any, bool) {
	if !value.IsSecret() {
		return nil, false
	}
	return value.SecretValue().Element.MapRepl(serverName, withoutSecrets), true
}

func unmarshal(properties *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
}

func marshal(properties resource.PropertyMap) (*structpb.Struct, error) {
	return plugin.MarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true})
}

// toObject is the Kubernetes object that properties describe, without secret marks; unknown values stay resource.Computed.
func toObject(properties resource.PropertyMap) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: properties.MapRepl(serverName, withoutSecrets)}
}

func toProperties(object *unstructured.Unstructured) resource.PropertyMap {
	return resource.NewPropertyMapFromMapRepl(object.Object, sdkName, nil)
}

// hasUnknowns says whether any value of an object is not known yet.
func hasUnknowns(value any) bool {
	switch value := value.(type) {
	case resource.Computed, resource.Output:
		return true
	case map[string]any:
		for _, element := range value {
			if hasUnknowns(element) {
				return true
			}
		}
	case []any:
		for _, element := range value {
			if hasUnknowns(element) {
				return true
			}
		}
	}
	return false
}

// state is what the engine keeps of an object: its live fields, the inputs they came from and who applied them.
type state struct {
	inputs, live                    *unstructured.Unstructured
	initialAPIVersion, fieldManager string
}

// checkpoint turns a state into properties, secret where the inputs were and where Kubernetes says so.
func checkpoint(s state, inputs resource.PropertyMap) resource.PropertyMap {
	properties, recorded := toProperties(s.live), toProperties(s.inputs)
	markSecrets(properties, inputs)
	markSecrets(recorded, inputs)
	properties[inputsKey] = resource.NewObjectProperty(recorded)
	properties[initialAPIVersionKey] = resource.NewStringProperty(s.initialAPIVersion)
	properties[fieldManagerKey] = resource.NewStringProperty(s.fieldManager)
	return properties
}

// fromCheckpoint reads a state back. Fields absent from the checkpoint are empty.
func fromCheckpoint(properties resource.PropertyMap) state {
	fields := toObject(properties).Object
	inputs, _ := fields[inputsKey].(map[string]any)
	if inputs == nil {
		inputs = map[string]any{}
	}
	result := state{inputs: &unstructured.Unstructured{Object: inputs}}
	result.initialAPIVersion, _ = fields[initialAPIVersionKey].(string)
	result.fieldManager, _ = fields[fieldManagerKey].(string)
	delete(fields, inputsKey)
	result.live = &unstructured.Unstructured{Object: fields}
	return result
}

// markSecrets carries secretness from inputs to outputs: into nested objects value by value, onto a whole array when any
// part of it was secret, because a server may reorder it. A Secret's data is always secret.
func markSecrets(outputs, inputs resource.PropertyMap) {
	if kind := outputs["kind"]; kind.IsString() && kind.StringValue() == "Secret" {
		for _, key := range []resource.PropertyKey{"data", "stringData"} {
			if value, found := outputs[key]; found && !value.IsSecret() {
				outputs[key] = resource.MakeSecret(value)
			}
		}
		return
	}
	for key, input := range inputs {
		output, found := outputs[key]
		switch {
		case !found:
		case output.IsObject() && input.IsObject():
			markSecrets(output.ObjectValue(), input.ObjectValue())
		case !output.IsSecret() && input.ContainsSecrets():
			outputs[key] = resource.MakeSecret(output)
		}
	}
}
