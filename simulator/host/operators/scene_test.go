package operators_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"
	"k8s.io/client-go/tools/clientcmd"
	"sigs.k8s.io/yaml"

	"tars-platform/simulator/host/cluster"
	"tars-platform/simulator/host/operators"
	"tars-platform/simulator/host/programs"
)

const description = `{
	"nodes": [
		{"name":"a","region":"r","zone":"r-1","cpu":"64","memory":"256Gi","storage":"500Gi","pods":250},
		{"name":"b","region":"r","zone":"r-2","cpu":"64","memory":"256Gi","storage":"500Gi","pods":250},
		{"name":"c","region":"r","zone":"r-3","cpu":"64","memory":"256Gi","storage":"500Gi","pods":250}
	],
	"storageClasses": [{"name":"standard","default":true}],
	"podStartup": {"minMs":10,"maxMs":50}
}`

// patience bounds every wait of these tests; it is no measurement.
const patience = time.Minute

// shared is the cluster of all tests, with the operators in it; each test keeps to namespaces of its own.
var shared = struct {
	sync.Once
	client dynamic.Interface
	mapper *restmapper.DeferredDiscoveryRESTMapper
	failed error
	stop   func()
}{stop: func() {}}

// TestMain makes the test binary the multi-call binary, as the supervisor runs components with its own executable.
func TestMain(m *testing.M) {
	table := programs.ControlPlane()
	table["cluster"] = cluster.Main
	if _, called := table[filepath.Base(os.Args[0])]; called {
		os.Exit(programs.Run(table, os.Args))
	}
	code := m.Run()
	shared.stop()
	os.Exit(code)
}

// setKind is what most operators run what they keep in.
const setKind = "apps/v1 StatefulSet"

// scene is a namespace in the shared cluster.
type scene struct {
	*testing.T
	namespace string
}

func newScene(t *testing.T) *scene {
	t.Helper()
	shared.Do(func() { shared.failed = start() })
	if shared.failed != nil {
		t.Fatal(shared.failed)
	}
	made := &scene{t, strings.ToLower(strings.NewReplacer("_", "-", "/", "-").Replace(t.Name()))}
	made.apply(fmt.Sprintf("apiVersion: v1\nkind: Namespace\nmetadata: {name: %s}\n", made.namespace))
	return made
}

func start() error {
	folder, err := os.MkdirTemp("", "tars-operators-")
	if err != nil {
		return err
	}
	file := filepath.Join(folder, "spec.json")
	if err := os.WriteFile(file, []byte(description), 0o600); err != nil {
		return err
	}
	self, err := os.Executable()
	if err != nil {
		return err
	}
	dir := filepath.Join(folder, "cluster")
	command := exec.Command(self, "run", "--dir", dir, "--spec", file)
	command.Args[0] = "cluster"
	leash, err := command.StdinPipe()
	if err != nil {
		return err
	}
	errors := &bytes.Buffer{}
	command.Stderr = errors
	out, err := command.StdoutPipe()
	if err != nil {
		return err
	}
	if err := command.Start(); err != nil {
		return err
	}
	shared.stop = func() {
		leash.Close()
		_ = command.Wait() // it says 130, as nobody keeps it
		os.RemoveAll(folder)
	}
	for lines := bufio.NewScanner(out); lines.Scan(); {
		var event struct{ Event, Message, Kubeconfig string }
		if err := json.Unmarshal(lines.Bytes(), &event); err != nil {
			return err
		}
		switch event.Event {
		case "failed":
			return fmt.Errorf("the cluster failed: %s", event.Message)
		case "ready":
			return connect(event.Kubeconfig)
		}
	}
	return fmt.Errorf("the cluster ended: %s", errors)
}

func connect(kubeconfig string) error {
	config, err := clientcmd.BuildConfigFromFlags("", kubeconfig)
	if err != nil {
		return err
	}
	config.QPS, config.WarningHandler = -1, rest.NoWarnings{}
	if shared.client, err = dynamic.NewForConfig(config); err != nil {
		return err
	}
	asked, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return err
	}
	shared.mapper = restmapper.NewDeferredDiscoveryRESTMapper(memory.NewMemCacheClient(asked))
	return define()
}

// define makes the definitions of all kinds that operators act on, and of ReferenceGrant, taking any fields: what the true ones take is checked where
// these come from their makers (tests/conformance/operators.test.ts).
func define() error {
	scene := &scene{T: &testing.T{}}
	kinds := map[string]map[string]string{"gateway.networking.k8s.io": {"ReferenceGrant": ""}}
	for group, names := range operators.Kinds() {
		for kind := range names {
			if kinds[group] == nil {
				kinds[group] = map[string]string{}
			}
			kinds[group][kind] = ""
		}
	}
	for group, names := range kinds {
		for kind := range names {
			if err := scene.tryApply(definition(group, kind)); err != nil {
				return err
			}
		}
	}
	return nil
}

func definition(group, kind string) *unstructured.Unstructured {
	version, scope, plural := "v1", "Namespaced", strings.ToLower(kind)+"s"
	if kind == "PushSecret" {
		version = "v1alpha1"
	}
	if strings.HasSuffix(kind, "Policy") {
		scope, plural = "Cluster", strings.TrimSuffix(plural, "ys")+"ies"
	}
	if kind == "ClusterIssuer" || kind == "ClusterSecretStore" || kind == "ClusterImageCatalog" || kind == "GatewayClass" {
		scope = "Cluster"
	}
	switch kind {
	case "GatewayClass":
		plural = "gatewayclasses"
	case "NginxProxy":
		plural, version = "nginxproxies", "v1alpha2"
	case "Elasticsearch":
		plural = "elasticsearches"
	}
	if group == "redis.redis.opstreelabs.in" {
		version = "v1beta2"
	}
	subresources := "{status: {}}"
	if group == "velero.io" {
		subresources = "{}"
	}
	text := fmt.Sprintf(`
apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata:
  name: %[1]s.%[2]s
  annotations: {api-approved.kubernetes.io: unapproved, for a test}
spec:
  group: %[2]s
  scope: %[3]s
  names: {plural: %[1]s, singular: %[4]s, kind: %[5]s}
  versions:
    - name: %[6]s
      served: true
      storage: true
      subresources: %[7]s
      schema: {openAPIV3Schema: {type: object, x-kubernetes-preserve-unknown-fields: true}}
`, plural, group, scope, strings.ToLower(kind), kind, version, subresources)
	object := &unstructured.Unstructured{}
	if err := yaml.Unmarshal([]byte(strings.Replace(text, "unapproved, for a test", `"unapproved, for a test"`, 1)), &object.Object); err != nil {
		panic(err)
	}
	return object
}

// apply makes every object of a text, in the scene's namespace unless it says another.
func (s *scene) apply(text string) {
	s.Helper()
	for _, document := range strings.Split(text, "\n---\n") {
		object := &unstructured.Unstructured{}
		if err := yaml.Unmarshal([]byte(document), &object.Object); err != nil {
			s.Fatal(err)
		}
		if err := s.tryApply(object); err != nil {
			s.Fatal(err)
		}
	}
}

// tryApply waits for the kind to be served.
func (s *scene) tryApply(object *unstructured.Unstructured) error {
	for deadline := time.Now().Add(patience); ; time.Sleep(100 * time.Millisecond) {
		client, err := s.client(object.GroupVersionKind(), object)
		if err == nil {
			_, err = client.Apply(context.Background(), object.GetName(), object, metav1.ApplyOptions{FieldManager: "test", Force: true})
		}
		if err == nil || (!meta.IsNoMatchError(err) && !apierrors.IsNotFound(err)) || time.Now().After(deadline) {
			return err
		}
		shared.mapper.Reset()
	}
}

func (s *scene) client(kind schema.GroupVersionKind, object *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	mapping, err := shared.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameRoot {
		return shared.client.Resource(mapping.Resource), nil
	}
	namespace := s.namespace
	if object != nil && object.GetNamespace() != "" {
		namespace = object.GetNamespace()
	}
	return shared.client.Resource(mapping.Resource).Namespace(namespace), nil
}

// get is an object by `group/version Kind`, nil when it is not there.
func (s *scene) get(kind, name string) *unstructured.Unstructured {
	s.Helper()
	version, bare, _ := strings.Cut(kind, " ")
	client, err := s.client(schema.FromAPIVersionAndKind(version, bare), nil)
	if meta.IsNoMatchError(err) {
		shared.mapper.Reset() // its definition may be on its way
		return nil
	}
	if err != nil {
		s.Fatal(err)
	}
	found, err := client.Get(context.Background(), name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil
	}
	if err != nil {
		s.Fatal(err)
	}
	return found
}

// remove deletes an object.
func (s *scene) remove(kind, name string) {
	s.Helper()
	version, bare, _ := strings.Cut(kind, " ")
	client, err := s.client(schema.FromAPIVersionAndKind(version, bare), nil)
	if err == nil {
		err = client.Delete(context.Background(), name, metav1.DeleteOptions{})
	}
	if err != nil {
		s.Fatal(err)
	}
}

// until looks at an object until it is as wanted; nil is one that is not there.
func (s *scene) until(kind, name string, wanted func(*unstructured.Unstructured) bool) *unstructured.Unstructured {
	s.Helper()
	var found *unstructured.Unstructured
	for deadline := time.Now().Add(patience); time.Now().Before(deadline); time.Sleep(50 * time.Millisecond) {
		if found = s.get(kind, name); wanted(found) {
			return found
		}
	}
	content, _ := json.MarshalIndent(found, "", " ")
	s.Fatalf("%s %s is not as wanted: %s", kind, name, content)
	return nil
}

// shows waits until an object has a condition, as `Type=Status Reason`.
func (s *scene) shows(kind, name, condition string) *unstructured.Unstructured {
	s.Helper()
	return s.until(kind, name, func(object *unstructured.Unstructured) bool {
		return object != nil && conditionsOf(object)[condition]
	})
}

func conditionsOf(object *unstructured.Unstructured) map[string]bool {
	found := map[string]bool{}
	var collect func(value any)
	collect = func(value any) {
		switch value := value.(type) {
		case map[string]any:
			if kind, isCondition := value["type"].(string); isCondition && value["status"] != nil {
				found[fmt.Sprintf("%s=%v %v", kind, value["status"], value["reason"])] = true
			}
			for _, each := range value {
				collect(each)
			}
		case []any:
			for _, each := range value {
				collect(each)
			}
		}
	}
	collect(object.Object["status"])
	return found
}

// controller makes a Deployment with a running pod and these labels: the true operator, as far as it is here.
func (s *scene) controller(labels string) {
	s.Helper()
	s.apply(fmt.Sprintf(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: controller, labels: {%[1]s}}
spec:
  selector: {matchLabels: {%[1]s}}
  template:
    metadata: {labels: {%[1]s}}
    spec: {containers: [{name: it, image: "example.com/it:1.0.0"}]}
`, labels))
}
