package operators

import (
	"context"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// cnpgManager is what CloudNativePG calls itself in labels, and in the fields that it writes.
const (
	cnpgManager = "cloudnative-pg"
	cnpgVersion = "1.30.0"
)

var (
	cnpgV1               = schema.GroupVersion{Group: "postgresql.cnpg.io", Version: "v1"}
	cnpgClusters         = cnpgV1.WithResource("clusters")
	cnpgPoolers          = cnpgV1.WithResource("poolers")
	cnpgBackups          = cnpgV1.WithResource("backups")
	cnpgScheduledBackups = cnpgV1.WithResource("scheduledbackups")
	cnpgDatabases        = cnpgV1.WithResource("databases")
	cnpgDatabaseRoles    = cnpgV1.WithResource("databaseroles")
	cnpgCatalogs         = cnpgV1.WithResource("imagecatalogs")
	cnpgClusterCatalogs  = cnpgV1.WithResource("clusterimagecatalogs")

	pods         = coreV1.WithResource("pods")
	claims       = coreV1.WithResource("persistentvolumeclaims")
	nodes        = coreV1.WithResource("nodes")
	jobs         = schema.GroupVersionResource{Group: "batch", Version: "v1", Resource: "jobs"}
	leases       = schema.GroupVersionResource{Group: "coordination.k8s.io", Version: "v1", Resource: "leases"}
	roles        = schema.GroupVersionResource{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "roles"}
	roleBindings = schema.GroupVersionResource{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "rolebindings"}
)

// cloudNativePG is the operator together with the instance managers in its pods, after internal/controller, internal/management and pkg/specs of
// cloudnative-pg v1.30.0. No PostgreSQL runs: an instance whose pod is ready follows its primary, has applied what it is asked for and archives.
//
// Not shown: volume snapshots, in-tree barman, tablespaces, extension images, hibernation, fencing, maintenance windows, the failover quorum, major
// upgrades, demotion and promotion tokens, the PodMonitors that it makes (deprecated), its events and finalizers. Default values that its webhook
// would write into objects are used, but not written.
func cloudNativePG() *operator {
	passive := func(context.Context, *world, *unstructured.Unstructured) error { return nil }
	return &operator{
		name:       cnpgManager,
		controller: labels.Set{"app.kubernetes.io/name": cnpgManager},
		subjects: []subject{
			{"ImageCatalog", cnpgCatalogs, passive},
			{"ClusterImageCatalog", cnpgClusterCatalogs, passive},
			{"Cluster", cnpgClusters, syncCnpgCluster},
			{"Pooler", cnpgPoolers, syncCnpgPooler},
			{"ScheduledBackup", cnpgScheduledBackups, syncCnpgScheduledBackup},
			{"Backup", cnpgBackups, syncCnpgBackup},
			{"Database", cnpgDatabases, syncCnpgDatabase},
			{"DatabaseRole", cnpgDatabaseRoles, syncCnpgDatabaseRole},
		},
		looksAt: []schema.GroupVersionResource{
			pods, claims, nodes, jobs, services, secrets, configMaps, serviceAccounts, budgets, roles, roleBindings, objectStores,
		},
		rights: []rbacv1.PolicyRule{
			rule("", []string{"create", "patch", "delete"}, "pods", "persistentvolumeclaims", "services", "secrets"),
			rule("", []string{"create", "patch"}, "configmaps", "serviceaccounts"),
			rule("batch", []string{"create", "delete"}, "jobs"),
			rule("apps", []string{"create", "patch"}, "deployments"),
			rule("policy", []string{"create", "patch", "delete"}, "poddisruptionbudgets"),
			rule("coordination.k8s.io", []string{"get", "create", "update", "patch"}, "leases"),
			// Nobody may give away what is not theirs: what the roles of its pods allow, it may itself, as the true one (config/rbac/role.yaml).
			rule(roles.Group, []string{"create", "patch"}, "roles", "rolebindings"),
			rule("", []string{"create", "patch"}, "events"),
			rule(cnpgV1.Group, []string{"create", "delete"}, "backups"),
			rule(cnpgV1.Group, []string{"get", "list", "watch", "update"}, "databases", "databaseroles", "publications", "subscriptions", "failoverquorums"),
			rule(cnpgV1.Group, []string{"get", "patch", "update", "watch"}, "clusters/status", "backups/status", "poolers/status", "databases/status",
				"databaseroles/status", "publications/status", "subscriptions/status", "failoverquorums/status"),
			rule(objectStores.Group, []string{"update"}, "objectstores/status"),
		},
	}
}

// syncCnpgCluster brings a Cluster a step further (internal/controller/cluster_controller.go, Reconcile). Whatever it changes brings it here again.
func syncCnpgCluster(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	if object.GetDeletionTimestamp() != nil || object.GetAnnotations()["cnpg.io/reconciliationLoop"] == "disabled" {
		return nil
	}
	c, err := readCnpgCluster(w, object)
	if err != nil || c == nil {
		return err
	}
	failed := c.reconcile(ctx)
	if err := w.setStatus(ctx, cnpgClusters, c.object, c.status); err != nil {
		return err
	}
	return failed
}

// keep writes the status before what would be misunderstood without it.
func (c *cnpgCluster) keep(ctx context.Context) error {
	status, err := plain(c.status)
	if err != nil {
		return err
	}
	changed := c.object.DeepCopy()
	changed.Object["status"] = status
	kept, err := c.w.write(cnpgClusters, c.namespace()).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
	if err == nil {
		c.object = kept
	}
	return err
}

// reconcile ends at the first step that has something to wait for.
func (c *cnpgCluster) reconcile(ctx context.Context) error {
	for _, step := range []func(context.Context) (bool, error){
		c.refuse, c.findPlugins, c.findImage, c.makeObjects, c.look, c.preparePlugin, c.promote, c.labelInstances, c.electPrimary,
		c.followJobs, c.clearPods, c.waitForPods, c.growClaims, c.makeInstances, c.removeInstances, c.rollOut,
	} {
		if wait, err := step(ctx); err != nil || wait {
			return err
		}
	}
	c.status.phase("Cluster in healthy state", "")
	return c.finish(ctx)
}
