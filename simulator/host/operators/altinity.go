package operators

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

const (
	altinityManager = "clickhouse-operator"
	altinityVersion = "0.25.6"
)

var (
	clickHouses = schema.GroupVersionResource{Group: "clickhouse.altinity.com", Version: "v1", Resource: "clickhouseinstallations"}
	keepers     = schema.GroupVersionResource{Group: "clickhouse-keeper.altinity.com", Version: "v1", Resource: "clickhousekeeperinstallations"}
)

// altinityOperator is Altinity's operator together with the ClickHouse and Keeper in its pods, after pkg/controller and pkg/model of clickhouse-operator
// release-0.25.6. None runs: a pod that is ready serves, has its copy of every table, and may be replaced.
//
// Not shown: ClickHouseInstallationTemplates, ClickHouseOperatorConfigurations, layouts with shards and replicas of their own, templates of hosts and of single
// Services, clusters beyond the first, distributions of pods, log volumes, claims that the operator makes itself, stopped, suspended and troubleshooting
// installations, macros, the operator's own configuration files beside the generated ones, its user's address, schemas, events, finalizers, its metrics.
func altinityOperator() *operator {
	return &operator{
		name:       "altinity-clickhouse-operator",
		controller: labels.Set{"app.kubernetes.io/name": "altinity-clickhouse-operator"},
		subjects: []subject{
			{"ClickHouseInstallation", clickHouses, syncAltinity},
			{"ClickHouseKeeperInstallation", keepers, syncAltinity},
		},
		looksAt: []schema.GroupVersionResource{pods, statefulSets, services, configMaps, claims, budgets},
		rights: []rbacv1.PolicyRule{
			rule("", []string{"create", "patch", "delete"}, "services", "configmaps"),
			rule("", []string{"patch"}, "persistentvolumeclaims"),
			rule("apps", []string{"create", "patch", "delete"}, "statefulsets"),
			rule("policy", []string{"create", "patch", "delete"}, "poddisruptionbudgets"),
		},
	}
}

// altinity is an installation of ClickHouse or of Keeper on its way.
type altinity struct {
	w      writer
	object *unstructured.Unstructured
	spec   altinitySpec
	kind   altinityKind
}

// altinityKind is in what the two differ: pkg/model/chi and pkg/model/chk.
type altinityKind struct {
	resource schema.GroupVersionResource
	// short begins names, container is the one of the program.
	short, container string
	// service is the name of the Service before all where no template says another, with its ports.
	service        func(name string) string
	servicePorts   []altinityPort
	config, data   string
	commonFolder   string
	configurations func(a *altinity) []altinityConfig
}

func altinityKindOf(object *unstructured.Unstructured) altinityKind {
	if object.GetKind() == "ClickHouseKeeperInstallation" {
		return altinityKind{
			resource: keepers, short: "chk", container: "clickhouse-keeper",
			service:      func(name string) string { return "keeper-" + name },
			servicePorts: []altinityPort{{"zk", keeperPort}, {"raft", raftPort}},
			config:       "/etc/clickhouse-keeper/", data: "/var/lib/clickhouse-keeper", commonFolder: "keeper_config.d",
			configurations: (*altinity).keeperConfigs,
		}
	}
	return altinityKind{
		resource: clickHouses, short: "chi", container: "clickhouse",
		service:      func(name string) string { return "clickhouse-" + name },
		servicePorts: []altinityPort{{"http", 8123}, {"tcp", 9000}},
		config:       "/etc/clickhouse-server/", data: "/var/lib/clickhouse", commonFolder: "config.d",
		configurations: (*altinity).serverConfigs,
	}
}

func (a *altinity) name() string      { return a.object.GetName() }
func (a *altinity) namespace() string { return a.object.GetNamespace() }
func (a *altinity) cluster() altinityCluster {
	if len(a.spec.Configuration.Clusters) == 0 {
		return altinityCluster{Name: "cluster"}
	}
	return a.spec.Configuration.Clusters[0]
}

// syncAltinity is reconcile of pkg/controller/{chi,chk}: what all hosts read, then the hosts, then what is before all of them.
func syncAltinity(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	if object.GetDeletionTimestamp() != nil {
		return nil
	}
	isWatched, err := altinityWatches(w, object.GetNamespace())
	if err != nil || !isWatched {
		return err
	}
	a := &altinity{w: w.as(altinityManager), object: object, kind: altinityKindOf(object)}
	if err := read(object, &a.spec, "spec"); err != nil {
		return err
	}
	if len(a.spec.Configuration.Clusters) > 1 {
		return fmt.Errorf("%s %s: the simulator knows one cluster of an installation", object.GetKind(), keyOf(object))
	}
	for _, make := range []func(context.Context) error{a.makeConfigs, a.makeBudget} {
		if err := make(ctx); err != nil {
			return err
		}
	}
	completed, err := a.makeHosts(ctx)
	if err != nil {
		return err
	}
	if err := a.dropOthers(ctx); err != nil {
		return err
	}
	if completed == len(a.hosts()) {
		if err := a.makeService(ctx); err != nil {
			return err
		}
	}
	return w.setStatus(ctx, a.kind.resource, object, a.status(completed))
}

// altinityWatches says whether the operator looks at a namespace: its own unless its configuration names others, and all of them from kube-system
// (deploy/helm/clickhouse-operator/values.yaml, configs.files; pkg/apis/clickhouse.altinity.com/v1/type_configuration_chop.go, applyDefaultWatchNamespace).
func altinityWatches(w *world, namespace string) (bool, error) {
	deployment := w.controllerOf(altinityOperator())
	if deployment == nil {
		return false, nil
	}
	var config struct {
		Watch struct{ Namespaces []string }
	}
	if files := w.get(configMaps, deployment.GetNamespace(), deployment.GetName()+"-files"); files != nil {
		text, _, _ := unstructured.NestedString(files.Object, "data", "config.yaml")
		if err := yaml.Unmarshal([]byte(text), &config); err != nil {
			return false, fmt.Errorf("config.yaml of %s: %w", keyOf(deployment), err)
		}
	}
	if len(config.Watch.Namespaces) == 0 {
		return deployment.GetNamespace() == "kube-system" || namespace == deployment.GetNamespace(), nil
	}
	return slices.Contains(config.Watch.Namespaces, namespace), nil
}

// status is FillStatus with ReconcileStart and ReconcileComplete of pkg/apis/clickhouse.altinity.com/v1/type_status.go.
func (a *altinity) status(completed int) fields {
	hosts, cluster := a.hosts(), a.cluster()
	status := "InProgress"
	if completed == len(hosts) {
		status = "Completed"
	}
	names, domains := []any{}, []any{}
	for _, host := range hosts {
		names = append(names, a.setName(host)+"-0")
		domains = append(domains, a.domainOf(a.setName(host)))
	}
	service := a.domainOf(a.serviceName())
	return fields{
		"chop-version": altinityVersion, "status": status, "clusters": 1, "shards": cluster.shards(), "replicas": cluster.replicas(), "hosts": len(hosts),
		"hostsCompleted": completed, "pods": names, "fqdns": domains, "endpoint": service, "endpoints": []any{service},
	}
}

func (a *altinity) domainOf(service string) string {
	pattern := a.spec.NamespaceDomainPattern
	if pattern == "" {
		pattern = "%s.svc.cluster.local"
	}
	return service + "." + fmt.Sprintf(pattern, a.namespace())
}

// labels are those of pkg/model/common/tags/labeler/selector.go with the object's own under them, which everything inherits.
func (a *altinity) labels(own map[string]string) map[string]string {
	made := map[string]string{}
	for key, value := range a.object.GetLabels() {
		made[key] = value
	}
	for key, value := range own {
		made[key] = value
	}
	return made
}

func (a *altinity) label(name string) string { return a.kind.resource.Group + "/" + name }

// inInstallation, inCluster and inHost pick what belongs to each.
func (a *altinity) inInstallation() map[string]string {
	return map[string]string{a.label("namespace"): a.namespace(), a.label("app"): "chop", a.label(a.kind.short): a.name()}
}

func (a *altinity) inCluster() map[string]string {
	made := a.inInstallation()
	made[a.label("cluster")] = a.cluster().Name
	return made
}

func (a *altinity) inHost(host altinityHost) map[string]string {
	made := a.inCluster()
	made[a.label("shard")], made[a.label("replica")] = fmt.Sprint(host.shard), fmt.Sprint(host.replica)
	return made
}

func (a *altinity) meta(name string, own map[string]string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: a.namespace(), Labels: a.labels(own), OwnerReferences: ownerOf(a.object)}
}

func (a *altinity) own(ctx context.Context, resource schema.GroupVersionResource, kind string, object any) error {
	return a.w.own(ctx, resource, kind, a.object, object)
}

// dropOthers removes what belonged to hosts that are no more; their claims stay unless they say otherwise (pkg/controller/chi/worker-deleter.go, clean).
func (a *altinity) dropOthers(ctx context.Context) error {
	wanted := map[string]bool{a.serviceName(): true}
	for _, host := range a.hosts() {
		wanted[a.setName(host)], wanted[a.hostConfigName(host)] = true, true
	}
	for _, name := range a.commonConfigNames() {
		wanted[name] = true
	}
	for _, resource := range []schema.GroupVersionResource{statefulSets, services, configMaps} {
		for _, there := range a.w.list(resource, a.inInstallation()) {
			if there.GetNamespace() != a.namespace() || wanted[there.GetName()] {
				continue
			}
			if err := a.w.drop(ctx, resource, a.object, there.GetName()); err != nil {
				return err
			}
		}
	}
	return nil
}

// environment are the variables by which programs read what settings take from Secrets (pkg/model/common/normalizer/subst/settings.go).
func (a *altinity) environment() []corev1.EnvVar {
	var made []corev1.EnvVar
	add := func(name string, source *altinitySource) {
		if source == nil {
			return
		}
		made = append(made, corev1.EnvVar{Name: name, ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: source.Name}, Key: source.Key,
		}}})
	}
	configuration := a.spec.Configuration
	for _, section := range []struct {
		prefix string
		values altinitySettings
	}{{"CONFIGURATION_USERS", configuration.Users}, {"CONFIGURATION_SETTINGS", configuration.Settings}} {
		for _, path := range section.values.paths() {
			add(variableOf(section.prefix, path), section.values.source(path))
		}
	}
	if secret := a.cluster().Secret; secret != nil && secret.ValueFrom != nil {
		add("CLICKHOUSE_INTERNODE_CLUSTER_SECRET", &secret.ValueFrom.SecretKeyRef)
	}
	if a.kind.short == "chk" {
		return append(made, corev1.EnvVar{Name: "CLICKHOUSE_DATA_DIR", Value: a.kind.data})
	}
	return append(made, corev1.EnvVar{Name: "CLICKHOUSE_SKIP_USER_SETUP", Value: "1"})
}
