package operators_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	elasticKind = "elasticsearch.k8s.elastic.co/v1 Elasticsearch"
)

// eck is the operator as its chart writes it, in a StatefulSet. There is one for all tests, as in a cluster.
func (s *scene) eck() {
	s.Helper()
	other := &scene{s.T, "elastic-system"}
	other.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: elastic-system}\n")
	other.apply(`
apiVersion: apps/v1
kind: StatefulSet
metadata: {name: elastic-operator, labels: {app.kubernetes.io/name: elastic-operator}}
spec:
  serviceName: elastic-operator
  selector: {matchLabels: {app.kubernetes.io/name: elastic-operator}}
  template:
    metadata: {labels: {app.kubernetes.io/name: elastic-operator}}
    spec: {containers: [{name: manager, image: "registry.example.com/eck-operator:3.5.0"}]}
`)
}

// group is one of nodes with a volume each, in all zones.
func group(name string, count int, roles, size, cpu string) string {
	return fmt.Sprintf(`
    - name: %s
      count: %d
      config: {node.roles: [%s]}
      zoneAwareness: {topologyKey: topology.kubernetes.io/zone}
      podTemplate:
        metadata: {labels: {example.com/team: data}}
        spec:
          containers: [{name: elasticsearch, resources: {requests: {cpu: %s, memory: 64Mi}, limits: {cpu: %s, memory: 64Mi}}}]
      volumeClaimTemplates: [{metadata: {name: elasticsearch-data}, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: %s}}}}]`,
		name, count, roles, cpu, cpu, size)
}

// passing is a group of nodes that keep nothing.
const passing = `
    - name: coordinating
      count: 1
      config: {node.roles: []}
      podTemplate: {spec: {volumes: [{name: elasticsearch-data, emptyDir: {}}]}}`

func (s *scene) logs(groups ...string) {
	s.Helper()
	s.apply(`
apiVersion: elasticsearch.k8s.elastic.co/v1
kind: Elasticsearch
metadata: {name: logs}
spec:
  version: 9.4.3
  image: registry.example.com/elasticsearch:9.4.3
  volumeClaimDeletePolicy: DeleteOnScaledownOnly
  auth: {fileRealm: [{secretName: login}], roles: [{secretName: roles}]}
  http: {service: {spec: {selector: {elasticsearch.k8s.elastic.co/statefulset-name: logs-es-coordinating}}}}
  nodeSets:` + strings.Join(groups, ""))
}

// phase waits until the cluster is in one, as its operator last saw it.
func (s *scene) phase(wanted string) *unstructured.Unstructured {
	s.Helper()
	return s.until(elasticKind, "logs", func(object *unstructured.Unstructured) bool {
		return object != nil && field(object, "status", "phase") == wanted && field(object, "status", "observedGeneration") == object.GetGeneration()
	})
}

func (s *scene) names(resource schema.GroupVersionResource) string {
	s.Helper()
	found := s.named(resource, "elasticsearch.k8s.elastic.co/cluster-name=logs")
	slices.Sort(found)
	return strings.Join(found, " ")
}

// dedicated is a cluster of three that vote, two that keep and one that passes on, once all of it is there.
func dedicated(s *scene) {
	s.Helper()
	s.eck()
	s.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: login}\nstringData: {username: reader, password: wonderful, roles: reader}\n")
	s.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: roles}\nstringData: {roles.yml: \"{}\"}\n")
	s.logs(group("master", 3, "master", "1Gi", "100m"), group("hot", 2, "data_hot, data_content", "10Gi", "100m"), passing)
	s.phase("Ready")
}

func TestElasticsearchHasGroupsOfNodesThatDoOneThingEach(t *testing.T) {
	s := newScene(t)
	dedicated(s)
	if got, want := s.names(podResource), "logs-es-coordinating-0 logs-es-hot-0 logs-es-hot-1 logs-es-master-0 logs-es-master-1 logs-es-master-2"; got != want {
		t.Fatalf("pods are %s", got)
	}
	if health := field(s.get(elasticKind, "logs"), "status", "health"); health != "green" {
		t.Errorf("with all nodes there it is %v", health)
	}
	master := s.get("v1 Pod", "logs-es-master-0")
	for label, want := range map[string]string{
		"elasticsearch.k8s.elastic.co/node-master": "true", "elasticsearch.k8s.elastic.co/node-data_hot": "false",
		"elasticsearch.k8s.elastic.co/statefulset-name": "logs-es-master", "example.com/team": "data",
	} {
		if got := master.GetLabels()[label]; got != want {
			t.Errorf("%s is %q", label, got)
		}
	}
	zones := map[string]bool{}
	for _, name := range []string{"logs-es-master-0", "logs-es-master-1", "logs-es-master-2"} {
		pod := s.until("v1 Pod", name, func(object *unstructured.Unstructured) bool {
			return object != nil && object.GetAnnotations()["topology.kubernetes.io/zone"] != ""
		})
		zones[pod.GetAnnotations()["topology.kubernetes.io/zone"]] = true
	}
	if len(zones) != 3 {
		t.Errorf("those that vote are in zones %v", zones)
	}
	container := containerOf(s.get(setKind, "logs-es-master"), "containers")
	if container["image"] != "registry.example.com/elasticsearch:9.4.3" {
		t.Errorf("they run %v", container["image"])
	}
	if strategy := field(s.get(setKind, "logs-es-master"), "spec", "updateStrategy", "type"); strategy != "OnDelete" {
		t.Errorf("somebody else replaces pods: %v", strategy)
	}
	if expressions := fmt.Sprint(field(s.get("v1 Pod", "logs-es-coordinating-0"), "spec", "affinity")); !strings.Contains(expressions, "topology.kubernetes.io/zone") {
		t.Errorf("a node without a zone may take what waits for one: %s", expressions)
	}
	if got, want := s.names(claimResource), "elasticsearch-data-logs-es-hot-0 elasticsearch-data-logs-es-hot-1 "+
		"elasticsearch-data-logs-es-master-0 elasticsearch-data-logs-es-master-1 elasticsearch-data-logs-es-master-2"; got != want {
		t.Errorf("volumes are %s", got)
	}
	if least := field(s.get("policy/v1 PodDisruptionBudget", "logs-es-default"), "spec", "minAvailable"); least != int64(5) {
		t.Errorf("the budget keeps %v of six", least)
	}
}

func TestElasticsearchGivesCallersAnAddressALoginAndWhomToBelieve(t *testing.T) {
	s := newScene(t)
	dedicated(s)
	services := s.names(schema.GroupVersionResource{Version: "v1", Resource: "services"})
	if want := "logs-es-coordinating logs-es-hot logs-es-http logs-es-internal-http logs-es-master logs-es-transport"; services != want {
		t.Errorf("services are %s", services)
	}
	http := s.get("v1 Service", "logs-es-http")
	if asked := fmt.Sprint(field(http, "spec", "selector")); asked != "map[elasticsearch.k8s.elastic.co/statefulset-name:logs-es-coordinating]" {
		t.Errorf("callers are led to %s", asked)
	}
	if port := fmt.Sprint(field(http, "spec", "ports")); !strings.Contains(port, "9200") || !strings.Contains(port, "https") {
		t.Errorf("callers ask at %s", port)
	}
	for secret, keys := range map[string][]string{
		"logs-es-elastic-user": {"elastic"}, "logs-es-internal-users": {"elastic-internal"}, "logs-es-http-certs-public": {"ca.crt", "tls.crt"},
		"logs-es-http-certs-internal": {"tls.crt", "tls.key"}, "logs-es-http-ca-internal": {"tls.key"}, "logs-es-transport-certs-public": {"ca.crt"},
		"logs-es-master-es-transport-certs": {"logs-es-master-2.tls.key"}, "logs-es-master-es-config": {"elasticsearch.yml"},
		"logs-es-xpack-file-realm": {"users", "roles.yml"}, "logs-es-remote-ca": {"ca.crt"}, "logs-es-file-settings": {"settings.json"},
	} {
		for _, key := range keys {
			if field(s.get("v1 Secret", secret), "data", key) == nil {
				t.Errorf("secret %s has no %s", secret, key)
			}
		}
	}
	if field(s.get("v1 Secret", "logs-es-http-certs-public"), "data", "tls.key") != nil {
		t.Error("the key is beside what everybody may read")
	}
	if users := string(value(t, s.get("v1 Secret", "logs-es-xpack-file-realm"), "users")); !strings.Contains(users, "reader") {
		t.Errorf("those who may log in are %s", users)
	}
	password := string(value(t, s.get("v1 Secret", "logs-es-elastic-user"), "elastic"))
	s.logs(group("master", 3, "master", "1Gi", "200m"), group("hot", 2, "data_hot, data_content", "10Gi", "100m"), passing)
	s.phase("Ready")
	if now := string(value(t, s.get("v1 Secret", "logs-es-elastic-user"), "elastic")); now != password {
		t.Error("a change of nodes changed the password")
	}
}

func TestElasticsearchIsRolledNodeByNodeAndKeepsItsVolumes(t *testing.T) {
	s := newScene(t)
	dedicated(s)
	before := uidsOf(s, "v1 Pod", "logs-es-hot-0", "logs-es-hot-1", "logs-es-master-0")
	claims := uidsOf(s, "v1 PersistentVolumeClaim", "elasticsearch-data-logs-es-hot-0", "elasticsearch-data-logs-es-hot-1")
	s.logs(group("master", 3, "master", "1Gi", "100m"), group("hot", 2, "data_hot, data_content", "20Gi", "200m"), passing)
	for _, name := range []string{"logs-es-hot-0", "logs-es-hot-1"} {
		s.until("v1 Pod", name, func(object *unstructured.Unstructured) bool {
			return object != nil && string(object.GetUID()) != before[name]
		})
	}
	s.phase("Ready")
	if now := uidsOf(s, "v1 Pod", "logs-es-master-0"); now["logs-es-master-0"] != before["logs-es-master-0"] {
		t.Error("one that votes was replaced although nothing of it changed")
	}
	if now := uidsOf(s, "v1 PersistentVolumeClaim", "elasticsearch-data-logs-es-hot-0", "elasticsearch-data-logs-es-hot-1"); fmt.Sprint(now) != fmt.Sprint(claims) {
		t.Errorf("volumes were %v and are %v", claims, now)
	}
	grown := s.get("v1 PersistentVolumeClaim", "elasticsearch-data-logs-es-hot-0")
	if size := field(grown, "spec", "resources", "requests", "storage"); size != "20Gi" {
		t.Errorf("a volume is asked to be %v", size)
	}
}

func TestElasticsearchLetsNodesGoWithTheirVolumes(t *testing.T) {
	s := newScene(t)
	dedicated(s)
	s.logs(group("master", 1, "master", "1Gi", "100m"), group("hot", 1, "data_hot, data_content", "10Gi", "100m"))
	for _, name := range []string{"logs-es-master-2", "logs-es-master-1", "logs-es-hot-1", "logs-es-coordinating-0"} {
		s.until("v1 Pod", name, func(object *unstructured.Unstructured) bool { return object == nil })
	}
	s.until("v1 PersistentVolumeClaim", "elasticsearch-data-logs-es-hot-1", func(object *unstructured.Unstructured) bool { return object == nil })
	s.until(setKind, "logs-es-coordinating", func(object *unstructured.Unstructured) bool { return object == nil })
	s.phase("Ready")
	s.remove(elasticKind, "logs")
	s.until("v1 Pod", "logs-es-master-0", func(object *unstructured.Unstructured) bool { return object == nil })
	if got, want := s.names(claimResource), "elasticsearch-data-logs-es-hot-0 elasticsearch-data-logs-es-master-0"; got != want {
		t.Errorf("volumes are %s", got)
	}
}

func TestElasticsearchIsRefusedAsItsOperatorRefusesIt(t *testing.T) {
	s := newScene(t)
	s.eck()
	says := func(want string) {
		t.Helper()
		if content := fmt.Sprint(s.phase("Invalid").Object["status"]); !strings.Contains(content, want) {
			t.Errorf("it says %s", content)
		}
	}
	s.logs(group("hot", 2, "data_hot", "10Gi", "100m"))
	says("Elasticsearch needs to have at least one master node")
	s.logs(group("master", 1, "master", "10Gi", "100m"))
	s.phase("Ready")
	s.logs(group("master", 1, "master", "5Gi", "100m"))
	if content := fmt.Sprint(s.phase("ApplyingChanges").Object["status"]); !strings.Contains(content, "decreasing storage size is not supported") {
		t.Errorf("it says %s", content)
	}
	s.logs(group("master", 1, "master", "10Gi", "100m"), group("master", 1, "master", "10Gi", "100m"))
	says("NodeSet names must be unique")
	s.logs(strings.Replace(group("master", 1, "master", "10Gi", "100m"), "name: elasticsearch-data", "name: data", 1))
	says("the Elasticsearch data volume should be named 'elasticsearch-data'")
}

func uidsOf(s *scene, kind string, names ...string) map[string]string {
	found := map[string]string{}
	for _, name := range names {
		found[name] = string(s.get(kind, name).GetUID())
	}
	return found
}

func TestElasticsearchPutsWhatItIsToldIntoAKeystore(t *testing.T) {
	s := newScene(t)
	s.eck()
	s.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: store}\nstringData: {azure.client.default.account: tarsbackups}\n")
	s.logs(group("all", 1, "master, data_hot, data_content", "1Gi", "100m"), "\n  secureSettings: [{secretName: store}, {secretName: missing}]")
	s.phase("Ready")
	if account := string(value(t, s.get("v1 Secret", "logs-es-secure-settings"), "azure.client.default.account")); account != "tarsbackups" {
		t.Errorf("the account is %q", account)
	}
	pod := s.get("v1 Pod", "logs-es-all-0")
	containers := fmt.Sprint(field(pod, "spec", "initContainers"))
	if !strings.Contains(containers, "elastic-internal-init-keystore") || !strings.Contains(containers, "/mnt/elastic-internal/secure-settings") {
		t.Errorf("nobody makes the keystore: %s", containers)
	}
	before := pod.GetAnnotations()["elasticsearch.k8s.elastic.co/config-hash"]
	s.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: store}\nstringData: {azure.client.default.account: others}\n")
	s.until("v1 Pod", "logs-es-all-0", func(object *unstructured.Unstructured) bool {
		return object != nil && object.GetAnnotations()["elasticsearch.k8s.elastic.co/config-hash"] != before
	})
}
