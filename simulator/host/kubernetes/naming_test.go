package kubernetes

import (
	"regexp"
	"testing"
	"time"

	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const settingsURN = "urn:pulumi:s::p::kubernetes:core/v1:ConfigMap::settings"

func objectNamed(metadata fields) *unstructured.Unstructured {
	return &unstructured.Unstructured{Object: fields{"apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata}}
}

func TestAutoname(t *testing.T) {
	object := &unstructured.Unstructured{Object: fields{}}
	request := &pulumirpc.CheckRequest{Urn: settingsURN, RandomSeed: make([]byte, 32)}
	if err := autoname(object, request); err != nil {
		t.Fatal(err)
	}
	if !regexp.MustCompile(`^settings-[0-9a-f]{8}$`).MatchString(object.GetName()) || !annotated(object, annotationAutonamed) {
		t.Errorf("named %q with annotations %v", object.GetName(), object.GetAnnotations())
	}
	again := objectNamed(fields{})
	adoptName(again, object)
	if again.GetName() != object.GetName() {
		t.Errorf("the generated name %q was not kept: %q", object.GetName(), again.GetName())
	}
	kept := objectNamed(fields{"name": "mine"})
	if err := autoname(kept, request); err != nil || kept.GetName() != "mine" {
		t.Errorf("a given name became %q (%v)", kept.GetName(), err)
	}
	request.Autonaming = &pulumirpc.CheckRequest_AutonamingOptions{Mode: pulumirpc.CheckRequest_AutonamingOptions_DISABLE}
	if autoname(objectNamed(fields{}), request) == nil {
		t.Error("an object was named although autonaming is disabled")
	}
}

func TestTimeoutOf(t *testing.T) {
	annotatedFor := objectNamed(fields{"annotations": fields{annotationTimeout: "30"}})
	for want, got := range map[time.Duration]time.Duration{
		2 * time.Second:  timeoutOf(2, annotatedFor, time.Minute),
		30 * time.Second: timeoutOf(0, annotatedFor, time.Minute),
		time.Minute:      timeoutOf(0, objectNamed(fields{}), time.Minute),
	} {
		if got != want {
			t.Errorf("waits %v, want %v", got, want)
		}
	}
}

func TestDependencyOrder(t *testing.T) {
	object := func(version, kind, namespace, name string, spec fields) *unstructured.Unstructured {
		o := &unstructured.Unstructured{Object: fields{"apiVersion": version, "kind": kind, "spec": spec}}
		o.SetNamespace(namespace)
		o.SetName(name)
		return o
	}
	widget := object("example.com/v1", "Widget", "space", "w", nil)
	widget.SetAnnotations(map[string]string{annotationDependsOn: "/namespaces/space/ConfigMap/first"})
	objects := []*unstructured.Unstructured{
		widget,
		object("v1", "Namespace", "", "space", nil),
		object("apiextensions.k8s.io/v1", "CustomResourceDefinition", "", "widgets.example.com", fields{"group": "example.com", "names": fields{"kind": "Widget"}}),
		object("v1", "ConfigMap", "space", "first", nil),
	}
	_, order, err := dependencyOrder(objects)
	if err != nil {
		t.Fatal(err)
	}
	if last := order[len(order)-1]; last != 0 {
		t.Errorf("the widget is not last: %v", order)
	}
	widget.SetAnnotations(map[string]string{annotationDependsOn: "/ConfigMap/elsewhere"})
	if _, _, err := dependencyOrder(objects); err == nil {
		t.Error("a dependency outside the set was accepted")
	}
}

func TestChildNames(t *testing.T) {
	object := objectNamed(fields{"name": "n", "namespace": "s"})
	if got := childType(object) + " " + childName(object, "chart"); got != "kubernetes:core/v1:ConfigMap chart:s/n" {
		t.Error(got)
	}
}
