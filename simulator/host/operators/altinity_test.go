package operators_test

import (
	"fmt"
	"reflect"
	"slices"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const (
	clickHouseKind = "clickhouse.altinity.com/v1 ClickHouseInstallation"
	keeperKind     = "clickhouse-keeper.altinity.com/v1 ClickHouseKeeperInstallation"
)

// altinityOperator is the operator in the namespace from which it looks at all others. There is one for all tests, as in a cluster.
func (s *scene) altinityOperator() {
	s.Helper()
	(&scene{s.T, "kube-system"}).apply(`
apiVersion: apps/v1
kind: Deployment
metadata: {name: altinity-clickhouse-operator, labels: {app.kubernetes.io/name: altinity-clickhouse-operator}}
spec:
  selector: {matchLabels: {app.kubernetes.io/name: altinity-clickhouse-operator}}
  template:
    metadata: {labels: {app.kubernetes.io/name: altinity-clickhouse-operator}}
    spec: {containers: [{name: it, image: "registry.example.com/clickhouse-operator:0.25.6"}]}
`)
}

// watches has the operator look at these namespaces alone.
func (s *scene) watches(namespaces string) {
	s.Helper()
	(&scene{s.T, "kube-system"}).apply(fmt.Sprintf(`
apiVersion: v1
kind: ConfigMap
metadata: {name: altinity-clickhouse-operator-files}
data: {config.yaml: "watch: {namespaces: [%s]}"}
`, namespaces))
}

// keepers are Keepers that speak TLS alone.
func (s *scene) keepers(count int, more string) {
	s.Helper()
	s.apply(fmt.Sprintf(`
apiVersion: clickhouse-keeper.altinity.com/v1
kind: ClickHouseKeeperInstallation
metadata: {name: k, labels: {example.com/team: data}}
spec:
  configuration:
    clusters: [{name: main, layout: {replicasCount: %d}, pdbMaxUnavailable: 1}]
    settings: {keeper_server/tcp_port: _removed_, keeper_server/tcp_port_secure: "2181", keeper_server/raft_configuration/secure: "true"}
  defaults: {storageManagement: {reclaimPolicy: Retain}, templates: {podTemplate: keeper, dataVolumeClaimTemplate: data}}
  templates:
    podTemplates:
      - name: keeper
        spec:
          topologySpreadConstraints:
            - maxSkew: 1
              topologyKey: topology.kubernetes.io/zone
              whenUnsatisfiable: DoNotSchedule
              labelSelector: {matchLabels: {clickhouse-keeper.altinity.com/chk: k}}
          containers:
            - name: clickhouse-keeper
              image: registry.example.com/clickhouse-keeper:25.8.20.4
              livenessProbe: {tcpSocket: {port: 2181}}%s
    volumeClaimTemplates:
      - {name: data, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: 1Gi}}}}
`, count, more))
}

// servers is a ClickHouse of two shards in two copies, with more of its configuration.
func (s *scene) servers(image, storage, configuration string) {
	s.Helper()
	s.apply(fmt.Sprintf(`
apiVersion: clickhouse.altinity.com/v1
kind: ClickHouseInstallation
metadata: {name: ch, labels: {example.com/team: data}}
spec:
  configuration:
    zookeeper: {nodes: [{host: chk-k-main-0-0, port: 2181, secure: "yes"}]}
    users:
      default/password_sha256_hex: {valueFrom: {secretKeyRef: {name: passwords, key: default}}}
      app/profile: reports
      app/grants/query: [GRANT SELECT ON a.*, GRANT INSERT ON a.*]
    settings: {tcp_port: _removed_, https_port: "8443", max_concurrent_queries: "7"}
    files: {config.d/databases.xml: <clickhouse/>}
    clusters:
      - name: main
        secure: "yes"
        insecure: "no"
        secret: {valueFrom: {secretKeyRef: {name: passwords, key: cluster}}}
        layout: {shardsCount: 2, replicasCount: 2}%s
  defaults: {storageManagement: {reclaimPolicy: Retain}, templates: {podTemplate: server, dataVolumeClaimTemplate: data, serviceTemplate: all}}
  templates:
    podTemplates:
      - name: server
        metadata: {annotations: {example.com/generation: "1"}}
        spec:
          priorityClassName: system-cluster-critical
          containers: [{name: clickhouse, image: "%s", resources: {requests: {cpu: 10m, memory: 16Mi}}}]
    serviceTemplates: [{name: all, generateName: front, spec: {type: ClusterIP, ports: [{name: https, port: 8443, targetPort: 8443}]}}]
    volumeClaimTemplates:
      - {name: data, spec: {accessModes: [ReadWriteOnce], resources: {requests: {storage: %s}}}}
`, configuration, image, storage))
}

const serverImage = "registry.example.com/clickhouse-server:25.8.20.4"

func isCompleted(object *unstructured.Unstructured) bool {
	status, _, _ := unstructured.NestedString(object.Object, "status", "status")
	return status == "Completed"
}

func (s *scene) files(configMap string) map[string]any {
	s.Helper()
	data, _, _ := unstructured.NestedMap(s.get("v1 ConfigMap", configMap).Object, "data")
	return data
}

func TestKeepersAreStatefulSetsOfOnePodThatVoteOverTLS(t *testing.T) {
	s := newScene(t)
	s.altinityOperator()
	s.keepers(3, "")
	made := s.until(keeperKind, "k", isCompleted)
	if hosts := at(t, made, "status.hosts"); hosts != int64(3) {
		t.Errorf("there are %v hosts", hosts)
	}
	for index := range 3 {
		name := fmt.Sprintf("chk-k-main-0-%d", index)
		set := s.get(setKind, name)
		if replicas := at(t, set, "spec.replicas"); replicas != int64(1) {
			t.Errorf("%s has %v pods", name, replicas)
		}
		labels, _, _ := unstructured.NestedStringMap(s.get("v1 Pod", name+"-0").Object, "metadata", "labels")
		if labels["clickhouse-keeper.altinity.com/chk"] != "k" || labels["clickhouse-keeper.altinity.com/ready"] != "yes" || labels["example.com/team"] != "data" {
			t.Errorf("%s is labelled %v", name, labels)
		}
		if probe := containerOf(set, "containers")["livenessProbe"].(map[string]any); probe["tcpSocket"] == nil || probe["exec"] != nil {
			t.Errorf("%s is asked by %v", name, probe)
		}
		service := s.get("v1 Service", name)
		if is := at(t, service, "spec.publishNotReadyAddresses"); is != true {
			t.Errorf("the others cannot find %s before it is ready", name)
		}
	}
	files := s.files("chk-k-common-configd")
	if raft := fmt.Sprint(files["chop-generated-raft.xml"]); strings.Count(raft, "<server>") != 3 || !strings.Contains(raft, "<hostname>chk-k-main-0-2</hostname><port>9444</port>") {
		t.Errorf("they vote by %s", raft)
	}
	settings := fmt.Sprint(files["chop-generated-settings.xml"])
	for _, part := range []string{`<tcp_port remove="1"/>`, "<tcp_port_secure>2181</tcp_port_secure>", "<raft_configuration><secure>true</secure></raft_configuration>"} {
		if !strings.Contains(settings, part) {
			t.Errorf("%s has no %s", settings, part)
		}
	}
	if most := at(t, s.get("policy/v1 PodDisruptionBudget", "chk-k-main"), "spec.maxUnavailable"); most != int64(1) {
		t.Errorf("%v may go at once", most)
	}
	if s.get("v1 Service", "keeper-k") == nil {
		t.Error("no Service leads to all of them")
	}
}

func TestClickHouseIsServersWithWhatTheInstallationSays(t *testing.T) {
	s := newScene(t)
	s.altinityOperator()
	s.servers(serverImage, "1Gi", "")
	s.until(clickHouseKind, "ch", isCompleted)
	sets := s.named(schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "statefulsets"}, "")
	slices.Sort(sets)
	if want := []string{"chi-ch-main-0-0", "chi-ch-main-0-1", "chi-ch-main-1-0", "chi-ch-main-1-1"}; !slices.Equal(sets, want) {
		t.Fatalf("the servers are %v, not %v", sets, want)
	}
	set := s.get(setKind, "chi-ch-main-1-0")
	container := containerOf(set, "containers")
	env, _ := container["env"].([]any)
	var names []string
	for _, each := range env {
		names = append(names, fmt.Sprint(each.(map[string]any)["name"]))
	}
	if want := []string{"CONFIGURATION_USERS_DEFAULT_PASSWORD_SHA256_HEX", "CLICKHOUSE_INTERNODE_CLUSTER_SECRET", "CLICKHOUSE_SKIP_USER_SETUP"}; !slices.Equal(names, want) {
		t.Errorf("servers read %v, not %v", names, want)
	}
	var ports []string
	for _, each := range container["ports"].([]any) {
		port := each.(map[string]any)
		ports = append(ports, fmt.Sprintf("%v %v", port["name"], port["containerPort"]))
	}
	if want := []string{"secureclient 9440", "https 8443", "interserver 9009"}; !slices.Equal(ports, want) {
		t.Errorf("servers are called at %v, not %v", ports, want)
	}
	for path, want := range map[string]any{
		"spec.serviceName":                      "chi-ch-main-1-0",
		"spec.template.spec.priorityClassName":  "system-cluster-critical",
		"spec.template.metadata.annotations":    map[string]any{"example.com/generation": "1"},
		"spec.template.spec.enableServiceLinks": nil,
		"spec.podManagementPolicy":              "OrderedReady",
	} {
		if got := at(t, set, path); !reflect.DeepEqual(got, want) {
			t.Errorf("%s is %v, not %v", path, got, want)
		}
	}
	claim := s.get("v1 PersistentVolumeClaim", "data-chi-ch-main-1-0-0")
	if policy := claim.GetLabels()["clickhouse.altinity.com/reclaimPolicy"]; policy != "Retain" {
		t.Errorf("a claim is to be %s", policy)
	}
	front := s.get("v1 Service", "front")
	selector, _, _ := unstructured.NestedStringMap(front.Object, "spec", "selector")
	if selector["clickhouse.altinity.com/chi"] != "ch" || selector["clickhouse.altinity.com/ready"] != "yes" {
		t.Errorf("the Service leads to %v", selector)
	}
	common, users := s.files("chi-ch-common-configd"), s.files("chi-ch-common-usersd")
	for part, text := range map[string]any{
		"<host>chi-ch-main-1-1</host><port>9440</port><secure>1</secure>": common["chop-generated-remote_servers.xml"],
		`<tcp_port remove="1"/>`: common["chop-generated-settings.xml"],
		"<clickhouse/>":          common["databases.xml"],
		`<password_sha256_hex from_env="CONFIGURATION_USERS_DEFAULT_PASSWORD_SHA256_HEX"/>`: users["chop-generated-users.xml"],
		"<query>GRANT SELECT ON a.*</query><query>GRANT INSERT ON a.*</query>":              users["chop-generated-users.xml"],
		"<host>chk-k-main-0-0</host><port>2181</port><secure>1</secure>":                    s.files("chi-ch-deploy-confd-main-0-1")["chop-generated-zookeeper.xml"],
	} {
		if !strings.Contains(fmt.Sprint(text), part) {
			t.Errorf("%v has no %s", text, part)
		}
	}
}

func TestServersAreChangedOneAfterTheOther(t *testing.T) {
	s := newScene(t)
	s.altinityOperator()
	s.servers(serverImage, "1Gi", "")
	s.until(clickHouseKind, "ch", isCompleted)
	names := []string{"chi-ch-main-0-0", "chi-ch-main-0-1", "chi-ch-main-1-0", "chi-ch-main-1-1"}
	newImage := "registry.example.com/clickhouse-server:26.3.1.896"
	s.servers(newImage, "1Gi", "")
	// Whenever one is changed, those before it are done.
	for index, name := range names {
		s.until(setKind, name, func(set *unstructured.Unstructured) bool { return containerOf(set, "containers")["image"] == newImage })
		for _, before := range names[:index] {
			if ready := at(t, s.get(setKind, before), "status.readyReplicas"); ready != int64(1) {
				t.Errorf("%s is changed while %s has %v ready pods", name, before, ready)
			}
		}
	}
	s.until(clickHouseKind, "ch", isCompleted)
}

func TestClickHousesVolumesStayAsLargeAsTheyWere(t *testing.T) {
	s := newScene(t)
	s.altinityOperator()
	s.servers(serverImage, "2Gi", "")
	s.until(clickHouseKind, "ch", isCompleted)
	claim := "data-chi-ch-main-0-1-0"
	before := s.get("v1 PersistentVolumeClaim", claim).GetUID()
	const newImage = "registry.example.com/clickhouse-server:26.3.1.896"
	s.servers(newImage, "1Gi", "")
	s.until(setKind, "chi-ch-main-1-1", func(set *unstructured.Unstructured) bool { return containerOf(set, "containers")["image"] == newImage })
	if size := at(t, s.get("v1 PersistentVolumeClaim", claim), "spec.resources.requests.storage"); size != "2Gi" {
		t.Errorf("a smaller size made the volume %v", size)
	}
	if after := s.get("v1 PersistentVolumeClaim", claim).GetUID(); after != before {
		t.Error("a pod that went took its volume along")
	}
}

func TestAltinityLooksAtTheNamespacesThatItIsToldOf(t *testing.T) {
	other := &scene{t, "altinity-elsewhere"}
	s := newScene(t)
	other.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: altinity-elsewhere}\n")
	s.altinityOperator()
	s.watches(s.namespace)
	defer (&scene{t, "kube-system"}).remove("v1 ConfigMap", "altinity-clickhouse-operator-files")
	other.keepers(1, "")
	s.keepers(1, "")
	s.until(keeperKind, "k", isCompleted)
	if shown := other.get(keeperKind, "k").Object["status"]; shown != nil {
		t.Errorf("an installation in a namespace that it is told nothing of is %v", shown)
	}
	s.watches(other.namespace)
	other.until(keeperKind, "k", isCompleted)
}
