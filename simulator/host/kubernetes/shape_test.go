package kubernetes

import (
	"reflect"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestPruneKeepsTheShapeOfTheInputs(t *testing.T) {
	live := fields{"spec": fields{"replicas": int64(3), "paused": false, "list": []any{fields{"a": "1", "b": "2"}, fields{"a": "3"}}}, "status": fields{}}
	inputs := fields{"spec": fields{"replicas": int64(2), "list": []any{fields{"a": "9"}}}}
	want := fields{"spec": fields{"replicas": int64(3), "list": []any{fields{"a": "1"}}}}
	if got := prune(live, inputs); !reflect.DeepEqual(got, want) {
		t.Errorf("got %v, want %v", got, want)
	}
}

func TestNormalizeSpellsValuesAsTheServerDoes(t *testing.T) {
	limits := func(cpu any) fields {
		return fields{"apiVersion": "v1", "kind": "Pod", "metadata": fields{"name": "p", "uid": "1"}, "spec": fields{"containers": []any{
			fields{"name": "c", "resources": fields{"limits": fields{"cpu": cpu}}},
		}}}
	}
	want := limits("2")
	delete(want["metadata"].(fields), "uid")
	if got := normalize(&unstructured.Unstructured{Object: limits("2000m")}); !reflect.DeepEqual(got.Object, want) {
		t.Errorf("got %v, want %v", got.Object, want)
	}
	unknown := limits(resource.Computed{Element: resource.NewStringProperty("")})
	if got := normalize(&unstructured.Unstructured{Object: unknown}); !hasUnknowns(got.Object) {
		t.Errorf("an unknown value was lost: %v", got.Object)
	}
}

func TestNormalizeMovesSecretText(t *testing.T) {
	secret := fields{"apiVersion": "v1", "kind": "Secret", "data": fields{"a": "MQ=="}, "stringData": fields{"a": "2", "b": "3"}}
	want := fields{"apiVersion": "v1", "kind": "Secret", "data": fields{"a": "Mg==", "b": "Mw=="}}
	if got := normalize(&unstructured.Unstructured{Object: secret}); !reflect.DeepEqual(got.Object, want) {
		t.Errorf("got %v, want %v", got.Object, want)
	}
}

func TestCheckpointMarksSecrets(t *testing.T) {
	object := func(kind string, data fields) *unstructured.Unstructured {
		return &unstructured.Unstructured{Object: fields{"apiVersion": "v1", "kind": kind, "metadata": fields{"name": "n"}, "data": data}}
	}
	inputs := resource.PropertyMap{"data": resource.NewObjectProperty(resource.PropertyMap{"word": resource.MakeSecret(resource.NewStringProperty("w"))})}
	secret := checkpoint(state{inputs: object("Secret", fields{"a": "MQ=="}), live: object("Secret", fields{"a": "MQ=="})}, nil)
	if !secret["data"].IsSecret() || !secret[inputsKey].ObjectValue()["data"].IsSecret() {
		t.Error("the data of a Secret is not secret")
	}
	settings := checkpoint(state{inputs: object("ConfigMap", fields{"word": "w", "open": "o"}), live: object("ConfigMap", fields{"word": "w", "open": "o"})}, inputs)
	data := settings["data"].ObjectValue()
	if !data["word"].IsSecret() || data["open"].IsSecret() {
		t.Errorf("only data.word came from a secret: %v", data)
	}
	if back := fromCheckpoint(settings); back.live.GetName() != "n" || back.inputs.GetKind() != "ConfigMap" || back.live.Object[inputsKey] != nil {
		t.Errorf("the state did not survive: %v", back)
	}
}
