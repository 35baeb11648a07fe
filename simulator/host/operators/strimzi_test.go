package operators_test

import (
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	kafkaKind = "kafka.strimzi.io/v1 Kafka"
	poolKind  = "kafka.strimzi.io/v1 KafkaNodePool"
	topicKind = "kafka.strimzi.io/v1 KafkaTopic"
	userKind  = "kafka.strimzi.io/v1 KafkaUser"
)

var (
	podResource   = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	claimResource = schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumeclaims"}
)

// strimzi is the operator as its chart of 1.2.0 writes it. There is one for all tests, as in a cluster.
func (s *scene) strimzi() {
	s.Helper()
	other := &scene{s.T, "strimzi"}
	other.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: strimzi}\n")
	other.apply(`
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: strimzi-kafka-broker}
rules: [{apiGroups: [""], resources: [nodes], verbs: [get]}]
---
apiVersion: rbac.authorization.k8s.io/v1
kind: ClusterRole
metadata: {name: strimzi-entity-operator}
rules:
  - {apiGroups: [kafka.strimzi.io], resources: [kafkatopics], verbs: [get, list, watch, create, patch, update, delete]}
  - {apiGroups: [kafka.strimzi.io], resources: [kafkausers], verbs: [get, list, watch, create, patch, update]}
  - {apiGroups: [kafka.strimzi.io], resources: [kafkatopics/status, kafkausers/status], verbs: [get, patch, update]}
  - {apiGroups: [kafka.strimzi.io], resources: [kafkatopics/finalizers, kafkausers/finalizers], verbs: [update]}
  - {apiGroups: [""], resources: [secrets], verbs: [get, list, watch, create, delete, patch, update]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: strimzi-cluster-operator, labels: {app: strimzi, component: deployment}}
spec:
  selector: {matchLabels: {name: strimzi-cluster-operator}}
  template:
    metadata: {labels: {name: strimzi-cluster-operator}}
    spec:
      containers:
        - name: strimzi-cluster-operator
          image: registry.example.com/operator:1.2.0
          env:
            - {name: STRIMZI_KAFKA_IMAGES, value: "4.3.0=registry.example.com/kafka:1.2.0-kafka-4.3.0\n4.3.1=registry.example.com/kafka:1.2.0-kafka-4.3.1\n"}
            - {name: STRIMZI_DEFAULT_TOPIC_OPERATOR_IMAGE, value: "registry.example.com/operator:1.2.0"}
            - {name: STRIMZI_DEFAULT_USER_OPERATOR_IMAGE, value: "registry.example.com/operator:1.2.0"}
            - {name: STRIMZI_DEFAULT_KAFKA_INIT_IMAGE, value: "registry.example.com/operator:1.2.0"}
            - {name: STRIMZI_DEFAULT_CRUISE_CONTROL_IMAGE, value: "registry.example.com/kafka:1.2.0-kafka-4.3.1"}
`)
}

func nodePool(name, role string, replicas int, size, cpu string) string {
	return fmt.Sprintf(`
apiVersion: kafka.strimzi.io/v1
kind: KafkaNodePool
metadata: {name: %s, labels: {strimzi.io/cluster: log}}
spec:
  replicas: %d
  roles: [%s]
  resources: {requests: {cpu: %s, memory: 64Mi}}
  storage: {type: jbod, volumes: [{id: 0, type: persistent-claim, size: %s, deleteClaim: false, kraftMetadata: shared}]}
`, name, replicas, role, cpu, size)
}

func kafkaCluster(factor int) string {
	return fmt.Sprintf(`
apiVersion: kafka.strimzi.io/v1
kind: Kafka
metadata: {name: log}
spec:
  kafka:
    version: 4.3.1
    listeners: [{name: scram, port: 9093, type: internal, tls: true, authentication: {type: scram-sha-512}, networkPolicyPeers: [{podSelector: {matchLabels: {a: b}}}]}]
    authorization: {type: simple}
    rack: {topologyKey: topology.kubernetes.io/zone}
    config: {default.replication.factor: %d, min.insync.replicas: 2}
  entityOperator: {topicOperator: {}, userOperator: {}}
  cruiseControl: {}
`, factor)
}

func kafkaOf(s *scene) {
	s.Helper()
	s.strimzi()
	s.apply(nodePool("controller", "controller", 3, "1Gi", "100m"))
	s.apply(nodePool("broker", "broker", 3, "10Gi", "100m"))
	s.apply(kafkaCluster(3))
	s.shows(kafkaKind, "log", "Ready=True ")
}

func field(object *unstructured.Unstructured, path ...string) any {
	found, _, _ := unstructured.NestedFieldNoCopy(object.Object, path...)
	return found
}

func uids(s *scene, resource schema.GroupVersionResource, kind string) map[string]string {
	found := map[string]string{}
	for _, name := range s.named(resource, "strimzi.io/cluster=log") {
		found[name] = string(s.get(kind, name).GetUID())
	}
	return found
}

func TestKafkaHasNodesWithVolumesThatStay(t *testing.T) {
	s := newScene(t)
	kafkaOf(s)
	pools := "strimzi.io/pool-name in (broker,controller)"
	want := "log-broker-0 log-broker-1 log-broker-2 log-controller-3 log-controller-4 log-controller-5"
	if got := strings.Join(s.named(podResource, pools), " "); got != want {
		t.Fatalf("pods are %s", got)
	}
	broker := s.get("v1 Pod", "log-broker-0")
	if content := fmt.Sprint(field(broker, "spec", "affinity")); !strings.Contains(content, "topology.kubernetes.io/zone") {
		t.Errorf("a broker may be in no zone: %s", content)
	}
	if inits := field(broker, "spec", "initContainers"); inits == nil {
		t.Error("a broker does not ask for its zone")
	}
	if inits := field(s.get("v1 Pod", "log-controller-3"), "spec", "initContainers"); inits != nil {
		t.Error("a controller asks for its zone")
	}
	if least := field(s.get("policy/v1 PodDisruptionBudget", "log-kafka"), "spec", "minAvailable"); least != int64(5) {
		t.Errorf("the budget keeps %v of six", least)
	}
	ports := fmt.Sprint(field(s.get("v1 Service", "log-kafka-bootstrap"), "spec", "ports"))
	if !strings.Contains(ports, "9093") || strings.Contains(ports, "9090") {
		t.Errorf("clients begin at %s", ports)
	}
	rules := fmt.Sprint(field(s.get("networking.k8s.io/v1 NetworkPolicy", "log-network-policy-kafka"), "spec", "ingress"))
	if !strings.Contains(rules, "map[a:b]") {
		t.Errorf("the listener is not kept to its peers: %s", rules)
	}
	for _, secret := range []string{"log-cluster-ca", "log-cluster-ca-cert", "log-clients-ca", "log-clients-ca-cert", "log-broker-0", "log-controller-3"} {
		if s.get("v1 Secret", secret) == nil {
			t.Errorf("there is no secret %s", secret)
		}
	}
	if _, has := field(s.get("v1 Secret", "log-cluster-ca-cert"), "data").(map[string]any)["ca.key"]; has {
		t.Error("the authority's key is beside its certificate")
	}
	for _, name := range []string{"log-entity-operator", "log-cruise-control"} {
		s.until("apps/v1 Deployment", name, func(object *unstructured.Unstructured) bool { return object != nil })
	}
	before := uids(s, claimResource, "v1 PersistentVolumeClaim")
	binding := "strimzi-" + s.namespace + "-log-kafka-init"
	if s.get("rbac.authorization.k8s.io/v1 ClusterRoleBinding", binding) == nil {
		t.Error("brokers may not ask for their zone")
	}
	s.remove(kafkaKind, "log")
	s.until("v1 Pod", "log-broker-0", func(object *unstructured.Unstructured) bool { return object == nil })
	s.until("rbac.authorization.k8s.io/v1 ClusterRoleBinding", binding, func(object *unstructured.Unstructured) bool { return object == nil })
	if after := uids(s, claimResource, "v1 PersistentVolumeClaim"); len(before) != 6 || fmt.Sprint(after) != fmt.Sprint(before) {
		t.Errorf("volumes were %v and are %v", before, after)
	}
}

func TestKafkaIsRolledNodeByNodeAndKeepsItsVolumes(t *testing.T) {
	s := newScene(t)
	kafkaOf(s)
	claims, old := uids(s, claimResource, "v1 PersistentVolumeClaim"), uids(s, podResource, "v1 Pod")
	s.apply(nodePool("broker", "broker", 3, "20Gi", "200m"))
	for _, name := range []string{"log-broker-0", "log-broker-1", "log-broker-2"} {
		s.until("v1 Pod", name, func(object *unstructured.Unstructured) bool {
			return object != nil && string(object.GetUID()) != old[name]
		})
	}
	s.shows(kafkaKind, "log", "Ready=True ")
	if now := uids(s, podResource, "v1 Pod"); now["log-controller-3"] != old["log-controller-3"] {
		t.Error("a controller was replaced although nothing of it changed")
	}
	if now := uids(s, claimResource, "v1 PersistentVolumeClaim"); fmt.Sprint(now) != fmt.Sprint(claims) {
		t.Errorf("volumes were %v and are %v", claims, now)
	}
	grown := s.get("v1 PersistentVolumeClaim", "data-0-log-broker-0")
	if size := field(grown, "spec", "resources", "requests", "storage"); size != "20Gi" {
		t.Errorf("a volume is asked to be %v", size)
	}
	s.apply(nodePool("broker", "broker", 4, "5Gi", "200m"))
	s.until("v1 Pod", "log-broker-6", func(object *unstructured.Unstructured) bool { return object != nil })
	if size := field(s.get("v1 PersistentVolumeClaim", "data-0-log-broker-0"), "spec", "resources", "requests", "storage"); size != "20Gi" {
		t.Errorf("a volume was made smaller: %v", size)
	}
	if shown := fmt.Sprint(field(s.get(poolKind, "broker"), "status", "nodeIds")); shown != "[0 1 2 6]" {
		t.Errorf("the pool has nodes %s", shown)
	}
}

func TestKafkaIsRefusedAsItsOperatorRefusesIt(t *testing.T) {
	s := newScene(t)
	s.strimzi()
	s.apply(nodePool("broker", "broker", 3, "10Gi", "100m"))
	s.apply(kafkaCluster(3))
	refused := s.shows(kafkaKind, "log", "NotReady=True InvalidResourceException")
	if content := fmt.Sprint(refused.Object["status"]); !strings.Contains(content, "with the controller role") {
		t.Errorf("it says %s", content)
	}
	s.apply(nodePool("controller", "controller", 3, "1Gi", "100m"))
	s.shows(kafkaKind, "log", "Ready=True ")
	s.apply(kafkaCluster(5))
	refused = s.shows(kafkaKind, "log", "NotReady=True InvalidResourceException")
	want := "Kafka configuration option 'default.replication.factor' should be set to 3 or less because this cluster has only 3 Kafka broker(s)."
	if content := fmt.Sprint(refused.Object["status"]); !strings.Contains(content, want) {
		t.Errorf("it says %s", content)
	}
	s.apply(nodePool("controller", "controller", 2, "1Gi", "100m"))
	s.apply(kafkaCluster(3))
	s.shows(kafkaKind, "log", "Warning=True KafkaKRaftControllerNodeCount")
}

func TestTopicsGrowAndDoNotShrink(t *testing.T) {
	s := newScene(t)
	kafkaOf(s)
	topic := func(partitions, replicas int) {
		s.apply(fmt.Sprintf("apiVersion: kafka.strimzi.io/v1\nkind: KafkaTopic\nmetadata: {name: events, labels: {strimzi.io/cluster: log}}\n"+
			"spec: {partitions: %d, replicas: %d}\n", partitions, replicas))
	}
	topic(3, 5)
	s.shows(topicKind, "events", "Ready=False KafkaError")
	topic(3, 3)
	s.shows(topicKind, "events", "Ready=True ")
	topic(6, 3)
	s.until(topicKind, "events", func(object *unstructured.Unstructured) bool {
		return object.GetAnnotations()["tars-simulator/topic"] == "6/3"
	})
	topic(2, 3)
	s.shows(topicKind, "events", "Ready=False NotSupported")
}

func TestUsersLogInWithWhatTheyAreGiven(t *testing.T) {
	s := newScene(t)
	kafkaOf(s)
	user := func(name, authentication string) {
		s.apply(fmt.Sprintf("apiVersion: kafka.strimzi.io/v1\nkind: KafkaUser\nmetadata: {name: %s, labels: {strimzi.io/cluster: log}}\n"+
			"spec: {authentication: %s, authorization: {type: simple, acls: []}}\n", name, authentication))
	}
	user("reader", "{type: tls}")
	user("writer", "{type: scram-sha-512, password: {valueFrom: {secretKeyRef: {name: given, key: password}}}}")
	s.shows(userKind, "writer", "Ready=False InvalidResourceException")
	s.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: given}\nstringData: {password: first}\n")
	s.shows(userKind, "writer", "Ready=True ")
	login := s.get("v1 Secret", "writer")
	s.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: given}\nstringData: {password: second}\n")
	s.until("v1 Secret", "writer", func(object *unstructured.Unstructured) bool {
		return object != nil && field(object, "data", "password") != field(login, "data", "password")
	})
	shown := s.shows(userKind, "reader", "Ready=True ")
	if name := field(shown, "status", "username"); name != "CN=reader" {
		t.Errorf("the user is known as %v", name)
	}
	for _, key := range []string{"ca.crt", "user.crt", "user.key"} {
		if field(s.get("v1 Secret", "reader"), "data", key) == nil {
			t.Errorf("the reader has no %s", key)
		}
	}
}
