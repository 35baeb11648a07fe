package await

import (
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

func parsed(t *testing.T, text string) *unstructured.Unstructured {
	t.Helper()
	object := &unstructured.Unstructured{}
	content, err := yaml.YAMLToJSON([]byte(text))
	if err == nil {
		err = object.UnmarshalJSON(content)
	}
	if err != nil {
		t.Fatal(err)
	}
	return object
}

func view(t *testing.T, object string, related map[schema.GroupVersionResource]string) View {
	v := View{Object: parsed(t, object), related: map[schema.GroupVersionResource][]*unstructured.Unstructured{}}
	for resource, text := range related {
		v.related[resource] = []*unstructured.Unstructured{parsed(t, text)}
	}
	return v
}

const (
	rolledOut = `{apiVersion: apps/v1, kind: Deployment, metadata: {name: web, uid: d, generation: 1, annotations: {deployment.kubernetes.io/revision: "REV"}},
status: {observedGeneration: 1, conditions: [{type: Available, status: "AVAILABLE", reason: MinimumReplicasUnavailable, message: too few}, {type: Progressing, status: "True", reason: PROGRESS}]}}`
	replicaSet = `{apiVersion: apps/v1, kind: ReplicaSet, metadata: {name: web-1, uid: r, ownerReferences: [{uid: d}], annotations: {deployment.kubernetes.io/revision: "REV"}},
spec: {replicas: 2}, status: {readyReplicas: READY}}`
	pulling = `{apiVersion: v1, kind: Pod, metadata: {name: web-1-x, namespace: apps, ownerReferences: [{uid: r}]}, status: {conditions: [
{type: PodScheduled, status: "True"}, {type: Initialized, status: "True"}, {type: Ready, status: "False", reason: ContainersNotReady, message: not ready}],
containerStatuses: [{name: web, ready: false, state: {waiting: {reason: ImagePullBackOff, message: Back-off pulling image}}}]}}`
)

func deploymentView(t *testing.T, revision, available, progress, ready string) View {
	fill := strings.NewReplacer("REV", revision, "AVAILABLE", available, "PROGRESS", progress, "READY", ready)
	return view(t, fill.Replace(rolledOut), map[schema.GroupVersionResource]string{replicaSets: fill.Replace(replicaSet), pods: pulling})
}

func TestDeployment(t *testing.T) {
	cases := map[string]struct {
		view   View
		ready  bool
		reason string
	}{
		"first revision ready":        {deploymentView(t, "1", "True", "ReplicaSetUpdated", "2"), true, ""},
		"second revision rolled out":  {deploymentView(t, "2", "True", "NewReplicaSetAvailable", "2"), true, ""},
		"second revision rolling out": {deploymentView(t, "2", "True", "ReplicaSetUpdated", "2"), false, "consider the application live"},
		"too few pods":                {deploymentView(t, "1", "True", "ReplicaSetUpdated", "1"), false, "consider the application live"},
		"not available":               {deploymentView(t, "1", "False", "ReplicaSetUpdated", "0"), false, "[MinimumReplicasUnavailable] too few"},
		"image cannot be pulled":      {deploymentView(t, "1", "False", "ReplicaSetUpdated", "0"), false, "[Pod apps/web-1-x]: not ready\n[ImagePullBackOff] Back-off pulling image"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			verdict := deployment(c.view)
			if verdict.Ready != c.ready || (!c.ready && !strings.Contains(strings.Join(verdict.Reasons, "\n"), c.reason)) {
				t.Errorf("ready %v, reasons %q", verdict.Ready, verdict.Reasons)
			}
		})
	}
}

func TestDeploymentOfAnOldGenerationIsNotReady(t *testing.T) {
	v := deploymentView(t, "1", "True", "NewReplicaSetAvailable", "2")
	v.Object.SetGeneration(2)
	if deployment(v).Ready {
		t.Error("ready before the controller has seen the change")
	}
}

func TestStatefulSet(t *testing.T) {
	const set = `{apiVersion: apps/v1, kind: StatefulSet, metadata: {name: db, generation: 1}, spec: {replicas: 2},
status: {observedGeneration: 1, replicas: 2, readyReplicas: READY, currentReplicas: 2, currentRevision: a, updateRevision: REVISION}}`
	for _, c := range []struct {
		ready, revision string
		want            bool
	}{{"2", "a", true}, {"1", "a", false}, {"2", "b", false}} {
		text := strings.NewReplacer("READY", c.ready, "REVISION", c.revision).Replace(set)
		if got := statefulSet(view(t, text, nil)).Ready; got != c.want {
			t.Errorf("%s pods at revision %s: ready %v, want %v", c.ready, c.revision, got, c.want)
		}
	}
}

func TestJob(t *testing.T) {
	const ran = `{apiVersion: batch/v1, kind: Job, metadata: {name: once}, status: {startTime: "2026-01-01T00:00:00Z", conditions: [{type: TYPE, status: "True", reason: BackoffLimitExceeded, message: too often}]}}`
	if verdict := job(view(t, strings.ReplaceAll(ran, "TYPE", "Complete"), nil)); !verdict.Ready {
		t.Error("a complete job is not ready")
	}
	if verdict := job(view(t, strings.ReplaceAll(ran, "TYPE", "Failed"), nil)); !verdict.Failed || verdict.Reasons[0] != "[BackoffLimitExceeded] too often" {
		t.Errorf("a failed job: %+v", verdict)
	}
}

func TestService(t *testing.T) {
	const balancer = `{apiVersion: v1, kind: Service, metadata: {name: web}, spec: {type: LoadBalancer, clusterIP: 10.0.0.1, selector: {app: web}}, status: {loadBalancer: {ADDRESS}}}`
	const reached = `{apiVersion: v1, kind: Endpoints, metadata: {name: web}, subsets: [{addresses: [{ip: 10.0.0.2}]}]}`
	const pending = `{apiVersion: v1, kind: Endpoints, metadata: {name: web}, subsets: [{notReadyAddresses: [{ip: 10.0.0.2}]}]}`
	addressed := strings.ReplaceAll(balancer, "ADDRESS", "ingress: [{ip: 192.0.2.1}]")
	cases := map[string]struct {
		service, endpoints string
		want               bool
	}{
		"addressed and reached": {addressed, reached, true},
		"no address":            {strings.ReplaceAll(balancer, "ADDRESS", ""), reached, false},
		"pods not ready":        {addressed, pending, false},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			v := view(t, c.service, map[schema.GroupVersionResource]string{endpoints: c.endpoints})
			if service(v).Ready {
				t.Error("ready before the endpoints have settled")
			}
			v.Settled = true
			if got := service(v); got.Ready != c.want {
				t.Errorf("ready %v, want %v: %q", got.Ready, c.want, got.Reasons)
			}
		})
	}
}

func TestClaimThatBindsOnUse(t *testing.T) {
	const pending = `{apiVersion: v1, kind: PersistentVolumeClaim, metadata: {name: data}, spec: {storageClassName: standard}, status: {phase: Pending}}`
	for mode, want := range map[string]bool{"WaitForFirstConsumer": true, "Immediate": false} {
		class := `{apiVersion: storage.k8s.io/v1, kind: StorageClass, metadata: {name: standard}, volumeBindingMode: ` + mode + `}`
		v := view(t, pending, map[schema.GroupVersionResource]string{storageClasses: class})
		if got := claim(v).Ready; got != want {
			t.Errorf("%s: ready %v, want %v", mode, got, want)
		}
	}
}

func TestCustom(t *testing.T) {
	const object = `{apiVersion: example.com/v1, kind: Widget, metadata: {name: w, generation: 2}, status: {observedGeneration: 2, phase: Up, conditions: [{type: Ready, status: "True"}]}}`
	for annotation, want := range map[string]bool{
		"condition=Ready": true, "condition=ready=true": true, "condition=Ready=False": false, "condition=Other": false,
		"jsonpath={.status.phase}": true, "jsonpath={.status.phase}=Up": true, "jsonpath={.status.phase}=Down": false, "jsonpath={.status.none}": false,
		`["condition=Ready", "jsonpath={.status.phase}=Down"]`: false, `["condition=Ready", "jsonpath={.status.phase}=Up"]`: true,
	} {
		rule, err := custom(annotation)
		if err != nil {
			t.Fatal(err)
		}
		if got := rule.judge(view(t, object, nil)).Ready; got != want {
			t.Errorf("%s: %v, want %v", annotation, got, want)
		}
		if rule.judge(view(t, strings.ReplaceAll(object, "generation: 2", "generation: 3"), nil)).Ready {
			t.Errorf("%s: ready before the controller has seen the change", annotation)
		}
	}
	for _, annotation := range []string{"Ready", "jsonpath=.status", "jsonpath={.a}=", "jsonpath='{.a}'", "[]"} {
		if _, err := custom(annotation); err == nil {
			t.Errorf("%s was accepted", annotation)
		}
	}
}
