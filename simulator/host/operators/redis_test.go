package operators_test

import (
	"context"
	"fmt"
	"reflect"
	"slices"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	replicationKind = "redis.redis.opstreelabs.in/v1beta2 RedisReplication"
	secretOfCache   = `
apiVersion: v1
kind: Secret
metadata: {name: cache}
stringData: {password: wonderful}
`
)

// redisOperator is the operator as its chart writes it. There is one for all tests, as in a cluster.
func (s *scene) redisOperator() {
	s.Helper()
	other := &scene{s.T, "redis-operator"}
	other.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: redis-operator}\n")
	other.apply(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: redis-operator, labels: {app.kubernetes.io/name: redis-operator, app.kubernetes.io/component: operator}}
spec:
  selector: {matchLabels: {name: redis-operator}}
  template:
    metadata: {labels: {name: redis-operator}}
    spec:
      containers:
        - name: redis-operator
          image: registry.example.com/redis-operator:v0.26.0
          env:
            - {name: INIT_CONTAINER_IMAGE, value: "registry.example.com/redis-operator:v0.26.0"}
            - {name: FEATURE_GATES, value: GenerateConfigInInitContainer=true}
`)
}

// cache is a RedisReplication of three pods, with more of its spec.
func (s *scene) cache(more string) {
	s.Helper()
	s.apply(`
apiVersion: redis.redis.opstreelabs.in/v1beta2
kind: RedisReplication
metadata:
  name: cache
  labels: {example.com/team: data}
  annotations: {example.com/generation: "1", example.com/own: "1"}
spec:
  clusterSize: 3
  kubernetesConfig:
    image: registry.example.com/redis:7.2.16
    redisSecret: {name: cache, key: password}
    resources: {requests: {cpu: 10m, memory: 16Mi}, limits: {cpu: 20m, memory: 100Mi}}
    ignoreAnnotations: [example.com/own]
  redisConfig: {maxMemoryPercentOfLimit: 50, additionalRedisConfig: cache-lines}
  pdb: {enabled: true, maxUnavailable: 1}
  podManagementPolicy: Parallel
` + more)
}

func (s *scene) sentinels(size int) {
	s.Helper()
	s.apply(fmt.Sprintf(`
apiVersion: redis.redis.opstreelabs.in/v1beta2
kind: RedisSentinel
metadata: {name: cache}
spec:
  clusterSize: %d
  kubernetesConfig: {image: "registry.example.com/redis:7.2.16", redisSecret: {name: cache, key: password}}
  redisSentinelConfig: {redisReplicationName: cache, masterGroupName: mymaster, quorum: "2", downAfterMilliseconds: "5000"}
  pdb: {enabled: true, maxUnavailable: 1}
`, size))
}

// writes waits until another pod than the named one writes, and all three are told by what they are.
func (s *scene) writes(not string) string {
	s.Helper()
	master := ""
	s.until(replicationKind, "cache", func(object *unstructured.Unstructured) bool {
		master, _, _ = unstructured.NestedString(object.Object, "status", "masterNode")
		roles := map[string]string{}
		for _, pod := range s.podsOf("app=cache") {
			roles[pod.GetName()] = pod.GetLabels()["redis-role"]
		}
		wanted := map[string]string{"cache-0": "slave", "cache-1": "slave", "cache-2": "slave"}
		wanted[master] = "master"
		return master != "" && master != not && reflect.DeepEqual(roles, wanted)
	})
	return master
}

func (s *scene) podsOf(labels string) []unstructured.Unstructured {
	s.Helper()
	pods := shared.client.Resource(schema.GroupVersionResource{Version: "v1", Resource: "pods"}).Namespace(s.namespace)
	found, err := pods.List(context.Background(), metav1.ListOptions{LabelSelector: labels})
	if err != nil {
		s.Fatal(err)
	}
	return found.Items
}

// votes waits until that many sentinels are ready.
func (s *scene) votes(sentinels int64) {
	s.Helper()
	s.until("apps/v1 StatefulSet", "cache-sentinel", func(object *unstructured.Unstructured) bool {
		if object == nil {
			return false
		}
		ready, _, _ := unstructured.NestedInt64(object.Object, "status", "readyReplicas")
		return ready == sentinels
	})
}

func TestRedisIsPodsThatAreToldByTheirRoleAndSentinels(t *testing.T) {
	s := newScene(t)
	s.redisOperator()
	s.apply(secretOfCache)
	s.cache("")
	s.sentinels(3)
	if master := s.writes(""); master != "cache-0" {
		t.Errorf("%s writes at first, not cache-0", master)
	}
	s.votes(3)

	set := s.get("apps/v1 StatefulSet", "cache")
	for path, want := range map[string]any{
		"spec.selector.matchLabels": map[string]any{"app": "cache", "redis_setup_type": "replication", "role": "replication"},
		"spec.serviceName":          "cache-headless",
		"spec.podManagementPolicy":  "Parallel",
		"spec.template.metadata.labels": map[string]any{
			"app": "cache", "redis_setup_type": "replication", "role": "replication", "example.com/team": "data",
		},
		"spec.template.metadata.annotations": map[string]any{
			"redis.opstreelabs.in": "true", "redis.opstreelabs.instance": "cache", "example.com/generation": "1",
		},
	} {
		if got := at(t, set, path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, not %v", path, got, want)
		}
	}
	container := containerOf(set, "containers")
	if command := container["command"]; !reflect.DeepEqual(command, []any{"redis-server"}) {
		t.Errorf("the pods run %v", command)
	}
	if env := environmentOf(container); env["REDIS_MAX_MEMORY"] != fmt.Sprint(50<<20) || env["REDIS_PORT"] != "6379" {
		t.Errorf("the pods read %v", env)
	}
	if image := containerOf(set, "initContainers")["image"]; image != "registry.example.com/redis-operator:v0.26.0" {
		t.Errorf("%v writes the configuration", image)
	}
	sentinel := containerOf(s.get("apps/v1 StatefulSet", "cache-sentinel"), "containers")
	if env := environmentOf(sentinel); env["QUORUM"] != "2" || env["SENTINEL_PORT"] != "26379" || env["DOWN_AFTER_MILLISECONDS"] != "5000" {
		t.Errorf("sentinels read %v", env)
	}
	names := s.named(schema.GroupVersionResource{Version: "v1", Resource: "services"}, "")
	slices.Sort(names)
	if want := []string{
		"cache", "cache-additional", "cache-headless", "cache-master", "cache-replica",
		"cache-sentinel", "cache-sentinel-additional", "cache-sentinel-headless",
	}; !slices.Equal(names, want) {
		t.Errorf("the Services are %v, not %v", names, want)
	}
	if role := at(t, s.get("v1 Service", "cache-master"), "spec.selector.redis-role"); role != "master" {
		t.Errorf("the Service of the pod that writes leads to %v", role)
	}
	for _, name := range []string{"cache-replication", "cache-sentinel"} {
		if most := at(t, s.get("policy/v1 PodDisruptionBudget", name), "spec.maxUnavailable"); most != int64(1) {
			t.Errorf("budget %s is %v", name, most)
		}
	}
}

func TestSentinelsHaveAnotherPodWriteWhenTheOneThatDidIsGone(t *testing.T) {
	s := newScene(t)
	s.redisOperator()
	s.apply(secretOfCache)
	s.cache("")
	s.sentinels(3)
	first := s.writes("")
	s.votes(3)
	s.remove("v1 Pod", first)
	if second := s.writes(first); second == "" {
		t.Errorf("nobody writes after %s", first)
	}
}

func TestWithoutSentinelsTheNewPodWritesAgain(t *testing.T) {
	s := newScene(t)
	s.redisOperator()
	s.apply(secretOfCache)
	s.cache("")
	first := s.writes("")
	before := s.get("v1 Pod", first).GetUID()
	s.remove("v1 Pod", first)
	s.until("v1 Pod", first, func(pod *unstructured.Unstructured) bool {
		return pod != nil && pod.GetUID() != before && pod.GetLabels()["redis-role"] == "master"
	})
	if again := s.writes(""); again != first {
		t.Errorf("%s writes, and nobody chose it", again)
	}
}

func TestNobodyWritesWithoutAPassword(t *testing.T) {
	s := newScene(t)
	s.redisOperator()
	s.cache("")
	s.until("apps/v1 StatefulSet", "cache", func(object *unstructured.Unstructured) bool {
		ready := int64(0)
		if object != nil {
			ready, _, _ = unstructured.NestedInt64(object.Object, "status", "readyReplicas")
		}
		return ready == 3
	})
	if master := at(t, s.get(replicationKind, "cache"), "status.masterNode"); master != nil {
		t.Errorf("%v writes before anybody can log in", master)
	}
	s.apply(secretOfCache)
	s.writes("")
}

func TestRedisKeepsItsVolumesAsTheyWere(t *testing.T) {
	s := newScene(t)
	s.redisOperator()
	s.apply(secretOfCache)
	storage := "  storage: {volumeClaimTemplate: {spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: %s}}}}}\n"
	s.cache(fmt.Sprintf(storage, "2Gi"))
	s.writes("")
	s.cache(fmt.Sprintf(storage, "1Gi") + "  priorityClassName: system-cluster-critical\n")
	set := s.until("apps/v1 StatefulSet", "cache", func(object *unstructured.Unstructured) bool {
		return at(t, object, "spec.template.spec.priorityClassName") == "system-cluster-critical"
	})
	claims, _, _ := unstructured.NestedSlice(set.Object, "spec", "volumeClaimTemplates")
	if len(claims) != 1 {
		t.Fatalf("the claims are %v", claims)
	}
	claim := &unstructured.Unstructured{Object: claims[0].(map[string]any)}
	if size := at(t, claim, "spec.resources.requests.storage"); size != "2Gi" {
		t.Errorf("a smaller size made the volume %v", size)
	}
}

// containerOf is the first container of a workload's template.
func containerOf(object *unstructured.Unstructured, list string) map[string]any {
	containers, _, _ := unstructured.NestedSlice(object.Object, "spec", "template", "spec", list)
	if len(containers) == 0 {
		return nil
	}
	first, _ := containers[0].(map[string]any)
	return first
}

func environmentOf(container map[string]any) map[string]any {
	made := map[string]any{}
	entries, _ := container["env"].([]any)
	for _, each := range entries {
		if entry, known := each.(map[string]any); known {
			made[fmt.Sprint(entry["name"])] = entry["value"]
		}
	}
	return made
}
