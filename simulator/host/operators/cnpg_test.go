package operators_test

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
	"sigs.k8s.io/yaml"
)

const (
	cnpgKind        = "postgresql.cnpg.io/v1 Cluster"
	objectStoreKind = "barmancloud.cnpg.io/v1 ObjectStore"
	healthy         = "Cluster in healthy state"
)

// cnpg is the operator and its plugin as the charts of 1.30.0 and 0.13.0 write them. There is one of each for all tests, as in a cluster.
func (s *scene) cnpg() {
	s.Helper()
	other := &scene{s.T, "cnpg-system"}
	other.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: cnpg-system}\n")
	other.apply(`
apiVersion: v1
kind: ConfigMap
metadata: {name: cnpg-default-monitoring}
data: {queries: none}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: cnpg-controller-manager-config}
data: {INHERITED_LABELS: "example.com/*", PGBOUNCER_IMAGE_NAME: "registry.example.com/pgbouncer:1.25.1"}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: plugin-barman-cloud-config}
data: {SIDECAR_IMAGE: "registry.example.com/sidecar:v0.13.0"}
---
apiVersion: v1
kind: Service
metadata: {name: barman-cloud, labels: {cnpg.io/pluginName: barman-cloud.cloudnative-pg.io}}
spec: {selector: {app: barman}, ports: [{port: 9090}]}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: cnpg, labels: {app.kubernetes.io/name: cloudnative-pg}}
spec:
  selector: {matchLabels: {app: cnpg}}
  template:
    metadata: {labels: {app: cnpg}}
    spec:
      containers:
        - name: manager
          image: registry.example.com/cloudnative-pg:1.30.0
          args: [controller, --config-map-name=cnpg-controller-manager-config]
          env:
            - {name: OPERATOR_IMAGE_NAME, value: "registry.example.com/cloudnative-pg:1.30.0"}
            - {name: MONITORING_QUERIES_CONFIGMAP, value: cnpg-default-monitoring}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: barman, labels: {app.kubernetes.io/name: plugin-barman-cloud}}
spec:
  selector: {matchLabels: {app: barman}}
  template:
    metadata: {labels: {app: barman}}
    spec:
      containers:
        - name: barman-cloud
          image: registry.example.com/plugin:v0.13.0
          env: [{name: SIDECAR_IMAGE, valueFrom: {configMapKeyRef: {name: plugin-barman-cloud-config, key: SIDECAR_IMAGE}}}]
`)
}

// database is a Cluster of that many instances, with more of its spec.
func database(instances int, more string) string {
	return fmt.Sprintf(`
apiVersion: postgresql.cnpg.io/v1
kind: Cluster
metadata: {name: db, labels: {example.com/team: data}}
spec:
  instances: %d
  imageName: registry.example.com/postgresql:17.5
  storage: {size: 10Gi}
%s`, instances, more)
}

func (s *scene) inPhase(phase string) *unstructured.Unstructured {
	s.Helper()
	return s.until(cnpgKind, "db", func(object *unstructured.Unstructured) bool {
		shown, _, _ := unstructured.NestedString(object.Object, "status", "phase")
		return shown == phase
	})
}

// healthy waits until a Cluster has that many ready instances and is well.
func (s *scene) healthy(instances int64) *unstructured.Unstructured {
	s.Helper()
	return s.until(cnpgKind, "db", func(object *unstructured.Unstructured) bool {
		phase, _, _ := unstructured.NestedString(object.Object, "status", "phase")
		ready, _, _ := unstructured.NestedInt64(object.Object, "status", "readyInstances")
		has, _, _ := unstructured.NestedInt64(object.Object, "status", "instances")
		return phase == healthy && ready == instances && has == instances
	})
}

// named are the names of a kind's objects that have the labels.
func (s *scene) named(resource schema.GroupVersionResource, labels string) []string {
	s.Helper()
	found, err := shared.client.Resource(resource).Namespace(s.namespace).List(context.Background(), metav1.ListOptions{LabelSelector: labels})
	if err != nil {
		s.Fatal(err)
	}
	var names []string
	for _, each := range found.Items {
		names = append(names, each.GetName())
	}
	slices.Sort(names)
	return names
}

// Kinds that are listed.
var (
	podsResource    = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	backupsResource = schema.GroupVersionResource{Group: "postgresql.cnpg.io", Version: "v1", Resource: "backups"}
)

// contains says which texts an object's YAML lacks.
func (s *scene) contains(object *unstructured.Unstructured, texts ...string) {
	s.Helper()
	content, err := yaml.Marshal(object.Object)
	if err != nil {
		s.Fatal(err)
	}
	for _, text := range texts {
		if !strings.Contains(string(content), text) {
			s.Errorf("%s %s lacks %q:\n%s", object.GetKind(), object.GetName(), text, content)
		}
	}
}

const objectStore = `
apiVersion: barmancloud.cnpg.io/v1
kind: ObjectStore
metadata: {name: backups}
spec:
  configuration: {destinationPath: "s3://bucket/db", s3Credentials: {accessKeyId: {name: keys, key: id}, secretAccessKey: {name: keys, key: secret}}}
  instanceSidecarConfiguration: {resources: {limits: {memory: 384Mi}}, logLevel: info}
`

const archiving = `  plugins: [{name: barman-cloud.cloudnative-pg.io, isWALArchiver: true, parameters: {barmanObjectName: backups}}]
`

func TestTheFootprintOfACluster(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	s.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + s.namespace + ", labels: {pod-security.kubernetes.io/enforce: restricted}}\n")
	s.apply(objectStore)
	s.apply("apiVersion: scheduling.k8s.io/v1\nkind: PriorityClass\nmetadata: {name: data}\nvalue: 1000\n")
	s.apply(database(3, archiving+`
  walStorage: {size: 2Gi}
  resources: {requests: {cpu: 500m, memory: 1Gi}, limits: {memory: 1Gi}}
  priorityClassName: data
  affinity:
    podAntiAffinityType: required
    topologyKey: kubernetes.io/hostname
    nodeSelector: {kubernetes.io/os: linux}
    tolerations: [{key: data, operator: Exists}]
  topologySpreadConstraints:
    - {maxSkew: 1, topologyKey: topology.kubernetes.io/zone, whenUnsatisfiable: DoNotSchedule, labelSelector: {matchLabels: {cnpg.io/cluster: db}}}
  postgresql: {parameters: {shared_buffers: 256MB}, synchronous: {method: any, number: 1}}
  bootstrap: {initdb: {database: rag, owner: rag}}
  serviceAccountTemplate: {metadata: {annotations: {example.com/identity: writer}}}
  inheritedMetadata: {labels: {istio.io/dataplane-mode: ambient}}
  env: [{name: TZ, value: UTC}]
  probes: {liveness: {failureThreshold: 7}}
`))
	cluster := s.healthy(3)
	for condition, want := range map[string]bool{
		"Ready=True ClusterIsReady": true, "ContinuousArchiving=True ContinuousArchivingSuccess": true, "Initialized=True BootstrapCompleted": true,
	} {
		if conditionsOf(cluster)[condition] != want {
			t.Errorf("conditions %v", conditionsOf(cluster))
		}
	}
	for path, want := range map[string]any{
		"status.currentPrimary": "db-1", "status.targetPrimary": "db-1", "status.pvcCount": int64(6), "status.image": "registry.example.com/postgresql:17.5",
		"status.writeService": "db-rw", "status.selector": "cnpg.io/cluster=db,cnpg.io/podRole=instance",
	} {
		if got := at(t, cluster, path); got != want {
			t.Errorf("%s is %v", path, got)
		}
	}
	places := map[string]bool{}
	for _, name := range []string{"db-1", "db-2", "db-3"} {
		pod := s.get("v1 Pod", name)
		places[fmt.Sprint(at(t, pod, "spec.nodeName"))] = true
		s.contains(pod, "cnpg.io/instanceName: "+name, "cnpg.io/podRole: instance", "example.com/team: data", "istio.io/dataplane-mode: ambient",
			"priorityClassName: data", "runAsUser: 26", "readOnlyRootFilesystem: true", "type: RuntimeDefault", "claimName: "+name+"-wal", "failureThreshold: 7",
			"failureThreshold: 360", "image: registry.example.com/cloudnative-pg:1.30.0", "image: registry.example.com/sidecar:v0.13.0", "restartPolicy: Always",
			"memory: 384Mi", "terminationGracePeriodSeconds: 1800", "name: TZ", "scheme: HTTPS", "topologyKey: topology.kubernetes.io/zone", "key: data")
		if owners := pod.GetOwnerReferences(); len(owners) != 1 || owners[0].UID != cluster.GetUID() {
			t.Errorf("%s: owners %v", name, owners)
		}
		claim := s.get("v1 PersistentVolumeClaim", name+"-wal")
		s.contains(claim, "cnpg.io/pvcRole: PG_WAL", "cnpg.io/pvcStatus: ready", "storage: 2Gi")
	}
	if len(places) != 3 {
		t.Errorf("instances are on %v", places)
	}
	if got := s.named(podsResource, "cnpg.io/cluster=db,cnpg.io/instanceRole=replica"); fmt.Sprint(got) != "[db-2 db-3]" {
		t.Errorf("replicas are %v", got)
	}
	for service, selector := range map[string]string{"db-rw": "cnpg.io/instanceRole: primary", "db-ro": "cnpg.io/instanceRole: replica", "db-r": "cnpg.io/podRole: instance"} {
		s.contains(s.get("v1 Service", service), selector, "port: 5432", "app.kubernetes.io/managed-by: cloudnative-pg")
	}
	s.contains(s.get("policy/v1 PodDisruptionBudget", "db-primary"), "minAvailable: 1", "cnpg.io/instanceRole: primary")
	s.contains(s.get("policy/v1 PodDisruptionBudget", "db"), "minAvailable: 1", "cnpg.io/instanceRole: replica")
	s.contains(s.get("v1 Secret", "db-app"), "type: kubernetes.io/basic-auth", "jdbc-uri:", "pgpass:", "cnpg.io/userType: app")
	for _, name := range []string{"db-ca", "db-server", "db-replication"} {
		if s.get("v1 Secret", name) == nil {
			t.Errorf("no Secret %s", name)
		}
	}
	if s.get("v1 Secret", "db-superuser") != nil {
		t.Error("a Secret of a superuser who may not come in")
	}
	s.contains(s.get("v1 ServiceAccount", "db"), "example.com/identity: writer")
	s.contains(s.get("rbac.authorization.k8s.io/v1 Role", "db"), "db-replication", "clusters/status", "cnpg-default-monitoring")
	s.contains(s.get("rbac.authorization.k8s.io/v1 Role", "db-barman-cloud"), "objectstores", "- backups", "- keys")
	s.contains(s.get("rbac.authorization.k8s.io/v1 RoleBinding", "db-barman-cloud"), "name: db\n")
	s.contains(s.get("coordination.k8s.io/v1 Lease", "db"), "holderIdentity: db-1")
	if s.get("v1 ConfigMap", "cnpg-default-monitoring") == nil {
		t.Error("the queries were not copied")
	}
	s.until("batch/v1 Job", "db-1-initdb", func(object *unstructured.Unstructured) bool { return object == nil })
}

// kill takes a pod away at once, as a machine that dies does.
func (s *scene) kill(name string) {
	s.Helper()
	now := int64(0)
	if err := shared.client.Resource(podsResource).Namespace(s.namespace).Delete(context.Background(), name, metav1.DeleteOptions{GracePeriodSeconds: &now}); err != nil {
		s.Fatal(err)
	}
}

func TestAReadyReplicaTakesOverFromALostPrimary(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	s.apply(database(2, ""))
	s.healthy(2)
	s.kill("db-1")
	s.until(cnpgKind, "db", func(object *unstructured.Unstructured) bool {
		primary, _, _ := unstructured.NestedString(object.Object, "status", "currentPrimary")
		return primary == "db-2"
	})
	s.healthy(2)
	if got := s.named(podsResource, "cnpg.io/cluster=db,cnpg.io/instanceRole=primary"); fmt.Sprint(got) != "[db-2]" {
		t.Errorf("primaries are %v", got)
	}
	if got := s.get("v1 Pod", "db-1").GetLabels()["cnpg.io/instanceRole"]; got != "replica" {
		t.Errorf("the former primary is %s", got)
	}
	s.contains(s.get("coordination.k8s.io/v1 Lease", "db"), "holderIdentity: db-2")
	s.contains(s.get("v1 PersistentVolumeClaim", "db-2"), "cnpg.io/instanceRole: primary")
}

func TestASingleInstanceComesBackAsThePrimary(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	s.apply(database(1, ""))
	s.healthy(1)
	was := s.get("v1 Pod", "db-1").GetUID()
	s.kill("db-1")
	s.until("v1 Pod", "db-1", func(object *unstructured.Unstructured) bool { return object != nil && object.GetUID() != was })
	if primary := at(t, s.healthy(1), "status.currentPrimary"); primary != "db-1" {
		t.Errorf("the primary is %v", primary)
	}
	if s.get("policy/v1 PodDisruptionBudget", "db") != nil {
		t.Error("a budget for replicas that are not there")
	}
}

// cordon has a node take no more pods, or take them again.
func (s *scene) cordon(node string, is bool) {
	s.Helper()
	patch, _ := json.Marshal(map[string]any{"spec": map[string]any{"unschedulable": is}})
	resource := schema.GroupVersionResource{Version: "v1", Resource: "nodes"}
	if _, err := shared.client.Resource(resource).Patch(context.Background(), node, types.MergePatchType, patch, metav1.PatchOptions{}); err != nil {
		s.Fatal(err)
	}
}

func TestThePrimaryLeavesANodeThatIsDrained(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	s.apply(database(2, "  affinity: {podAntiAffinityType: required}\n"))
	s.healthy(2)
	node := fmt.Sprint(at(t, s.get("v1 Pod", "db-1"), "spec.nodeName"))
	s.cordon(node, true)
	t.Cleanup(func() { s.cordon(node, false) })
	s.until("v1 Pod", "db-2", func(object *unstructured.Unstructured) bool {
		return object.GetLabels()["cnpg.io/instanceRole"] == "primary"
	})
	if s.get("v1 Pod", "db-1").GetLabels()["cnpg.io/instanceRole"] != "replica" {
		t.Error("there are two primaries")
	}
}

func TestAClusterGrowsAndGetsSmaller(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	s.apply(database(1, ""))
	s.healthy(1)
	s.apply(database(3, ""))
	s.healthy(3)
	s.apply(strings.ReplaceAll(database(3, ""), "10Gi", "20Gi"))
	for _, name := range []string{"db-1", "db-2", "db-3"} {
		s.until("v1 PersistentVolumeClaim", name, func(object *unstructured.Unstructured) bool {
			size, _, _ := unstructured.NestedString(object.Object, "status", "capacity", "storage")
			return size == "20Gi"
		})
	}
	s.apply(database(3, ""))
	refused := s.inPhase("Invalid cluster definition")
	s.contains(refused, "can''t shrink existing storage from 20Gi to 10Gi", "reason: ClusterIsNotReady")
	s.apply(strings.ReplaceAll(database(2, ""), "10Gi", "20Gi"))
	s.healthy(2)
	s.until("v1 PersistentVolumeClaim", "db-3", func(object *unstructured.Unstructured) bool { return object == nil })
	if s.get("v1 Pod", "db-2") == nil || s.get("v1 Pod", "db-3") != nil {
		t.Error("not the last instance was removed")
	}
}
