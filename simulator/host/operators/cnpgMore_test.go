package operators_test

import (
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

func TestClustersThatTheWebhookWouldRefuse(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	for _, each := range []struct{ spec, message string }{
		{"instances: 1, storage: {size: 1Gi}, imageName: 'example.com/pg:latest'", "Can't use 'latest' as image tag"},
		{"instances: 1, storage: {size: 1Gi}, imageName: 'example.com/pg@sha256:abc'", "Can't use just the image sha"},
		{"instances: 1, storage: {size: 1Gi}, imageName: 'example.com/pg:12.3'", "Versions 13 or newer are supported"},
		{"instances: 1, storage: {size: large}", "Size value isn't valid"},
		{"instances: 1", "Size not configured"},
		{"instances: 1, storage: {size: 1Gi}, postgresql: {synchronous: {method: any, number: 1}}", "the number of synchronous replicas must be less"},
		{"instances: 1, storage: {size: 1Gi}, postgresql: {parameters: {ssl: 'off'}}", "Can't set fixed configuration parameter"},
		{"instances: 1, storage: {size: 1Gi}, postgresql: {parameters: {wal_level: minimal}}", "`wal_level` should be set"},
		{"instances: 1, storage: {size: 1Gi}, postgresql: {parameters: {max_wal_size: 50MB}}", "should be smaller than parameter max_wal_size"},
		{"instances: 1, storage: {size: 9Gi}, walStorage: {size: 1Gi}, postgresql: {parameters: {max_wal_size: 2GB}}", "should be smaller than WAL volume size"},
		{"instances: 1, storage: {size: 1Gi}, postgresql: {parameters: {shared_buffers: 2GB}}, resources: {requests: {memory: 1Gi}}", "Memory request is lower than PostgreSQL"},
		{"instances: 1, storage: {size: 1Gi}, resources: {requests: {memory: 2Gi}, limits: {memory: 1Gi}}", "Memory request is greater than the limit"},
		{"instances: 1, storage: {size: 1Gi}, bootstrap: {recovery: {source: none}}", "External cluster none not found"},
		{"instances: 1, storage: {size: 1Gi}, bootstrap: {initdb: {}, recovery: {}}", "Only one bootstrap method can be specified at a time"},
		{"instances: 1, storage: {size: 1Gi}, env: [{name: PGDATA, value: x}]", "reserved for the operator"},
		{"instances: 1, storage: {size: 1Gi}, externalClusters: [{name: a}]", "one of connectionParameters, plugin and barmanObjectStore is required"},
		{"instances: 1, storage: {size: 1Gi}, replica: {enabled: true, source: a}, externalClusters: [{name: a, connectionParameters: {host: h}}]", "compatible only with pg_basebackup or recovery"},
		{"instances: 1, storage: {size: 1Gi}, plugins: [{name: a, isWALArchiver: true}, {name: b, isWALArchiver: true}]", "Cannot enable more than one WAL archiver plugin"},
		{"instances: 1, storage: {size: 1Gi}, serviceAccountName: a, serviceAccountTemplate: {metadata: {labels: {}}}", "mutually exclusive"},
		{"instances: 1, storage: {size: 1Gi}, primaryUpdateStrategy: supervised", "not allowed for clusters with a single instance"},
		{"instances: 2, storage: {size: 1Gi}, maxSyncReplicas: 2", "maxSyncReplicas must be lower than the number of instances"},
	} {
		s.apply("apiVersion: postgresql.cnpg.io/v1\nkind: Cluster\nmetadata: {name: db}\nspec: {" + each.spec + "}\n")
		found := s.until(cnpgKind, "db", func(object *unstructured.Unstructured) bool {
			phase, _, _ := unstructured.NestedString(object.Object, "status", "phase")
			reason, _, _ := unstructured.NestedString(object.Object, "status", "phaseReason")
			return phase == "Invalid cluster definition" && strings.Contains(reason, each.message)
		})
		if !conditionsOf(found)["Ready=False ClusterIsNotReady"] {
			t.Errorf("%s: conditions %v", each.message, conditionsOf(found))
		}
		s.remove(cnpgKind, "db")
		s.until(cnpgKind, "db", func(object *unstructured.Unstructured) bool { return object == nil })
	}
	if names := s.named(podsResource, ""); len(names) > 0 {
		t.Errorf("there are pods %v", names)
	}
}

func TestAClusterWaitsForItsPluginAndObjectStore(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	s.apply(database(1, "  plugins: [{name: other.example.com}]\n"))
	unknown := s.inPhase("Cluster cannot proceed to reconciliation due to an unknown plugin being required")
	s.contains(unknown, "Unknown plugin: ''other.example.com''")
	s.apply(database(1, archiving))
	s.until(cnpgKind, "db", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(object.Object["status"]), "barman-cloud.cloudnative-pg.io")
	})
	if names := s.named(podsResource, ""); len(names) > 0 {
		t.Errorf("without its ObjectStore it has %v", names)
	}
	s.apply(objectStore)
	s.healthy(1)
}

func TestAnImageOfACatalogIsRolledOut(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	catalog := "apiVersion: postgresql.cnpg.io/v1\nkind: ImageCatalog\nmetadata: {name: images}\nspec: {images: [{major: 17, image: 'example.com/pg:17.4'}]}\n"
	cluster := func(major int) string {
		return strings.ReplaceAll(database(2, fmt.Sprintf("  imageCatalogRef: {apiGroup: postgresql.cnpg.io, kind: ImageCatalog, name: images, major: %d}\n", major)),
			"  imageName: registry.example.com/postgresql:17.5\n", "")
	}
	s.apply(cluster(18))
	s.contains(s.inPhase("Cluster has incomplete or invalid image catalog"), "catalog ImageCatalog/images not found")
	s.apply(catalog)
	s.until(cnpgKind, "db", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(object.Object["status"]), "selected major version is not available in the catalog")
	})
	s.apply(cluster(17))
	s.healthy(2)
	was := s.get("v1 Pod", "db-1").GetUID()
	s.apply(strings.ReplaceAll(catalog, "17.4", "17.5"))
	for _, name := range []string{"db-2", "db-1"} {
		s.until("v1 Pod", name, func(object *unstructured.Unstructured) bool {
			return object != nil && strings.Contains(fmt.Sprint(object.Object["spec"]), "example.com/pg:17.5")
		})
	}
	if primary := at(t, s.healthy(2), "status.currentPrimary"); primary != "db-1" {
		t.Errorf("a restart of the primary made %v the primary", primary)
	}
	s.apply(strings.ReplaceAll(cluster(17), "instances: 2", "instances: 2\n  primaryUpdateMethod: switchover\n  resources: {requests: {cpu: 300m}}"))
	s.until(cnpgKind, "db", func(object *unstructured.Unstructured) bool {
		primary, _, _ := unstructured.NestedString(object.Object, "status", "currentPrimary")
		return primary == "db-2"
	})
	s.healthy(2)
	if pod := s.get("v1 Pod", "db-1"); pod.GetUID() == was || !strings.Contains(fmt.Sprint(pod.Object["spec"]), "300m") {
		t.Errorf("the former primary is as it was: %v", pod.Object["spec"])
	}
	s.apply(cluster(16))
	s.contains(s.inPhase("Invalid cluster definition"), "can''t downgrade from major 17 to 16")
	s.apply(strings.ReplaceAll(catalog, "images: [", "images: [{major: 18, image: 'example.com/pg:18.1'}, "))
	s.apply(cluster(18))
	s.contains(s.inPhase("Upgrading Postgres major version"), "from 17 to 18")
}

func TestAPoolerWaitsForItsClusterAndIsMerged(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	s.apply(`
apiVersion: postgresql.cnpg.io/v1
kind: Pooler
metadata: {name: db-pooler-rw}
spec:
  cluster: {name: db}
  instances: 2
  type: rw
  pgbouncer: {poolMode: transaction}
  template:
    metadata: {labels: {team: data}}
    spec: {nodeSelector: {kubernetes.io/os: linux}, containers: [{name: pgbouncer, resources: {limits: {memory: 64Mi}}}]}
`)
	const poolerKind = "postgresql.cnpg.io/v1 Pooler"
	inactive := s.until(poolerKind, "db-pooler-rw", func(object *unstructured.Unstructured) bool { return object.Object["status"] != nil })
	s.contains(inactive, "phase: inactive", `Cluster "db" not found`)
	s.apply(database(1, ""))
	s.healthy(1)
	active := s.until(poolerKind, "db-pooler-rw", func(object *unstructured.Unstructured) bool {
		instances, _, _ := unstructured.NestedInt64(object.Object, "status", "instances")
		return instances == 2
	})
	s.contains(active, "phase: active", "name: db-pooler\n", "image: registry.example.com/pgbouncer:1.25.1")
	s.contains(s.get("apps/v1 Deployment", "db-pooler-rw"), "replicas: 2", "image: registry.example.com/pgbouncer:1.25.1", "memory: 64Mi", "team: data",
		"cnpg.io/podRole: pooler", "runAsUser: 998", "name: bootstrap-controller", "name: POOLER_NAME", "readOnlyRootFilesystem: true", "kubernetes.io/os: linux")
	s.contains(s.get("v1 Service", "db-pooler-rw"), "cnpg.io/poolerName: db-pooler-rw", "targetPort: pgbouncer")
	s.contains(s.get("rbac.authorization.k8s.io/v1 Role", "db-pooler-rw"), "poolers/status", "- db-pooler")
	s.contains(s.get("v1 Secret", "db-pooler"), "type: kubernetes.io/tls")
}

func TestBackupsWidenTheWindowOfTheObjectStore(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	s.apply(objectStore)
	const backupKind = "postgresql.cnpg.io/v1 Backup"
	backup := func(name string) string {
		return "apiVersion: postgresql.cnpg.io/v1\nkind: Backup\nmetadata: {name: " + name + "}\nspec: {cluster: {name: db}, method: plugin, " +
			"pluginConfiguration: {name: barman-cloud.cloudnative-pg.io}}\n"
	}
	inPhase := func(name, phase string) *unstructured.Unstructured {
		return s.until(backupKind, name, func(object *unstructured.Unstructured) bool {
			shown, _, _ := unstructured.NestedString(object.Object, "status", "phase")
			return shown == phase
		})
	}
	s.apply(backup("early"))
	inPhase("early", "pending")
	s.apply(database(1, ""))
	s.contains(inPhase("early", "failed"), "cannot proceed with the backup as the cluster has no plugin configured")
	s.healthy(1)
	s.apply(database(1, archiving))
	s.healthy(1)
	s.apply("apiVersion: postgresql.cnpg.io/v1\nkind: Backup\nmetadata: {name: other}\nspec: {cluster: {name: db}, method: plugin, pluginConfiguration: {name: other}}\n")
	s.contains(inPhase("other", "failed"), "requested plugin is not available: other")
	s.shows(cnpgKind, "db", "LastBackupSucceeded=False LastBackupFailed")
	s.apply(`
apiVersion: postgresql.cnpg.io/v1
kind: ScheduledBackup
metadata: {name: nightly}
spec:
  schedule: "0 0 3 * * *"
  immediate: true
  backupOwnerReference: self
  cluster: {name: db}
  method: plugin
  pluginConfiguration: {name: barman-cloud.cloudnative-pg.io}
`)
	nightly := s.until("postgresql.cnpg.io/v1 ScheduledBackup", "nightly", func(object *unstructured.Unstructured) bool { return object.Object["status"] != nil })
	if next := fmt.Sprint(at(t, nightly, "status.nextScheduleTime")); !strings.HasSuffix(next, "T03:00:00Z") {
		t.Errorf("the next is at %s", next)
	}
	made := s.named(backupsResource, "cnpg.io/scheduled-backup=nightly,cnpg.io/immediateBackup=true")
	if len(made) != 1 {
		t.Fatalf("backups %v", made)
	}
	done := inPhase(made[0], "completed")
	s.contains(done, "podName: db-1", "method: plugin", "majorVersion: 17", "kind: ScheduledBackup")
	s.shows(cnpgKind, "db", "LastBackupSucceeded=True LastBackupSucceeded")
	s.contains(s.get(objectStoreKind, "backups"), "db:\n", "firstRecoverabilityPoint:", "lastSuccessfulBackupTime:")
	s.apply("apiVersion: postgresql.cnpg.io/v1\nkind: ScheduledBackup\nmetadata: {name: never}\nspec: {schedule: never, cluster: {name: db}}\n")
	s.until("postgresql.cnpg.io/v1 ScheduledBackup", "never", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(object.Object["status"]), "spec.schedule: Invalid value")
	})
}

func TestDatabasesAndRolesAreAppliedByThePrimary(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	role := "apiVersion: postgresql.cnpg.io/v1\nkind: DatabaseRole\nmetadata: {name: reader}\nspec: {name: reader, cluster: {name: db}, passwordSecret: {name: reader}}\n"
	own := "apiVersion: postgresql.cnpg.io/v1\nkind: Database\nmetadata: {name: %s}\nspec: {name: rag, owner: app, cluster: {name: db}}\n"
	s.apply(role)
	s.apply(fmt.Sprintf(own, "rag"))
	s.apply(database(1, "  managed: {roles: [{name: writer}, {name: nobody, passwordSecret: {name: none}}]}\n  enableSuperuserAccess: true\n"))
	applied := func(kind, name string, is bool, message string) {
		t.Helper()
		s.until("postgresql.cnpg.io/v1 "+kind, name, func(object *unstructured.Unstructured) bool {
			shown, found, _ := unstructured.NestedBool(object.Object, "status", "applied")
			text, _, _ := unstructured.NestedString(object.Object, "status", "message")
			return found && shown == is && strings.Contains(text, message)
		})
	}
	applied("Database", "rag", true, "")
	applied("DatabaseRole", "reader", false, `secrets "reader" not found`)
	s.apply("apiVersion: v1\nkind: Secret\nmetadata: {name: reader}\nstringData: {username: reader, password: p}\n")
	applied("DatabaseRole", "reader", true, "")
	s.shows("postgresql.cnpg.io/v1 DatabaseRole", "reader", "PasswordSecretChange=True ChangeDetected")
	s.apply(fmt.Sprintf(own, "again"))
	applied("Database", "again", false, `"rag" is already managed by object "rag"`)
	s.apply(strings.ReplaceAll(strings.ReplaceAll(role, "reader", "writer"), ", passwordSecret: {name: writer}", ""))
	applied("DatabaseRole", "writer", false, "database role is already managed by the CNPG cluster")
	s.contains(s.healthy(1), "reconciled:\n", "- writer", "pending-reconciliation:\n", "failed to get password secret none")
	s.contains(s.get("v1 Secret", "db-superuser"), "cnpg.io/userType: superuser")
	s.contains(s.get("rbac.authorization.k8s.io/v1 Role", "db"), "- reader", "- none")
}

func TestAReplicaClusterComesFromABackup(t *testing.T) {
	s := newScene(t)
	s.cnpg()
	s.apply(objectStore)
	s.apply(database(1, `
  bootstrap: {recovery: {source: origin}}
  replica: {enabled: true, source: origin}
  externalClusters: [{name: origin, plugin: {name: barman-cloud.cloudnative-pg.io, parameters: {barmanObjectName: backups, serverName: old}}}]
`))
	job := s.until("batch/v1 Job", "db-1-full-recovery", func(object *unstructured.Unstructured) bool { return object != nil })
	s.contains(job, "- restore", "name: plugin-barman-cloud", "memory: 384Mi", "mountPath: /plugins")
	s.healthy(1)
	s.contains(s.get("v1 Pod", "db-1"), "name: plugin-barman-cloud")
	s.apply("apiVersion: postgresql.cnpg.io/v1\nkind: Database\nmetadata: {name: rag}\nspec: {name: rag, owner: app, cluster: {name: db}}\n")
	s.until("postgresql.cnpg.io/v1 Database", "rag", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(object.Object["status"]), "waiting for the cluster to become primary")
	})
}
