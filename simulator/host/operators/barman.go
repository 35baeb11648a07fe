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
)

const (
	barmanName    = "barman-cloud.cloudnative-pg.io"
	barmanManager = "plugin-barman-cloud"
	barmanVersion = "0.13.0"
	pluginLabel   = "cnpg.io/pluginName"
)

var objectStores = schema.GroupVersionResource{Group: "barmancloud.cnpg.io", Version: "v1", Resource: "objectstores"}

// barmanCloud is CloudNativePG's plugin for backups in object stores, after internal/cnpgi and internal/controller of plugin-barman-cloud v0.13.0. What it
// does with a Cluster, CloudNativePG asks it for: barman. An ObjectStore itself says nothing before there is a backup.
func barmanCloud() *operator {
	return &operator{
		name:       barmanManager,
		controller: labels.Set{"app.kubernetes.io/name": barmanManager},
		subjects: []subject{{"ObjectStore", objectStores, func(context.Context, *world, *unstructured.Unstructured) error {
			return nil
		}}},
		looksAt: []schema.GroupVersionResource{services, configMaps},
	}
}

// barmanStore is what is read of an ObjectStore: api/v1/objectstore_types.go.
type barmanStore struct {
	Configuration struct {
		EndpointCA                                         *struct{ Name, Key string }
		S3Credentials, AzureCredentials, GoogleCredentials map[string]any
	}
	InstanceSidecarConfiguration struct {
		Env                     []corev1.EnvVar
		Resources               corev1.ResourceRequirements
		AdditionalContainerArgs []string
		LogLevel                string
	}
}

// barman is the plugin for one Cluster (internal/cnpgi/operator/config/config.go).
type barman struct {
	image string
	// store is where backups go, recovery where the first instance comes from, source what a replica Cluster follows; each may be "".
	store, recovery, source string
	serverName              string
}

// findPlugins knows the plugins that the Cluster names by their Services in the operator's namespace (internal/controller/plugin_controller.go).
func (c *cnpgCluster) findPlugins(context.Context) (bool, error) {
	c.status.PluginStatus = nil
	var names []string
	for index := range c.spec.Plugins {
		if c.spec.Plugins[index].isEnabled() {
			names = append(names, c.spec.Plugins[index].Name)
		}
	}
	for _, external := range c.spec.ExternalClusters {
		if external.Plugin != nil && external.Plugin.isEnabled() {
			names = append(names, external.Plugin.Name)
		}
	}
	for _, name := range namesOnly(names) {
		known := slices.ContainsFunc(c.w.list(services, labels.Set{pluginLabel: name}), func(service *unstructured.Unstructured) bool {
			return service.GetNamespace() == c.plane.namespace
		})
		if !known {
			c.status.phase("Cluster cannot proceed to reconciliation due to an unknown plugin being required", fmt.Sprintf("Unknown plugin: '%s'. "+
				"This may be caused by the plugin not being loaded correctly by the operator. Check the operator and plugin logs for errors", name))
			return true, nil
		}
		failure := ""
		if deployment := c.w.controllerOf(barmanCloud()); name != barmanName {
			failure = "the simulator has no stand-in for the plugin " + name
		} else if deployment == nil {
			failure = name + " does not answer"
		} else if err := c.configure(deployment); err != nil {
			failure = err.Error()
		}
		if failure != "" {
			c.status.phase("Cluster cannot proceed to reconciliation due to an error while interacting with plugins", "Error while discovering plugins: "+failure)
			return true, nil
		}
		c.status.PluginStatus = append(c.status.PluginStatus, cnpgPluginStatus{
			Name: name, Version: barmanVersion,
			Capabilities: []string{"TYPE_RECONCILER_HOOKS", "TYPE_LIFECYCLE_SERVICE", "TYPE_INSTANCE_SIDECAR_INJECTION"},
		})
	}
	return false, nil
}

// configure reads what the Cluster asks of the plugin.
func (c *cnpgCluster) configure(deployment *unstructured.Unstructured) error {
	image, err := sidecarImage(c.w.world, deployment)
	if err != nil {
		return err
	}
	c.barman = &barman{image: image, serverName: c.name()}
	for _, plugin := range c.spec.Plugins {
		if plugin.Name == barmanName {
			c.barman.store = plugin.Parameters["barmanObjectName"]
			if plugin.isEnabled() {
				c.barman.serverName = orElse(plugin.Parameters["serverName"], c.name())
			}
		}
	}
	storeOf := func(name string) string {
		if external := c.spec.external(name); external != nil && external.Plugin != nil && external.Plugin.Name == barmanName {
			return external.Plugin.Parameters["barmanObjectName"]
		}
		return ""
	}
	if way := c.spec.Bootstrap.Recovery; way != nil {
		c.barman.recovery = storeOf(way.Source)
	}
	if c.spec.Replica != nil {
		c.barman.source = storeOf(c.spec.Replica.Source)
	}
	return nil
}

// sidecarImage is the plugin's setting SIDECAR_IMAGE, which its chart keeps in a ConfigMap.
func sidecarImage(w *world, deployment *unstructured.Unstructured) (string, error) {
	var containers []corev1.Container
	if err := read(deployment, &containers, "spec", "template", "spec", "containers"); err != nil {
		return "", err
	}
	for _, container := range containers {
		for _, variable := range container.Env {
			if variable.Name != "SIDECAR_IMAGE" {
				continue
			}
			if variable.ValueFrom == nil || variable.ValueFrom.ConfigMapKeyRef == nil {
				return variable.Value, nil
			}
			data, from := map[string]string{}, variable.ValueFrom.ConfigMapKeyRef
			if settings := w.get(configMaps, deployment.GetNamespace(), from.Name); settings != nil {
				if err := read(settings, &data, "data"); err != nil {
					return "", err
				}
			}
			if data[from.Key] != "" {
				return data[from.Key], nil
			}
		}
	}
	return "", fmt.Errorf("missing required SIDECAR_IMAGE environment variable")
}

// stores are the names of the ObjectStores of a Cluster.
func (b *barman) stores() []string { return namesOnly([]string{b.store, b.recovery, b.source}) }

// preparePlugin waits for the ObjectStores, and lets the Cluster's pods read them and the Secrets that they name: internal/cnpgi/operator/reconciler.go (Pre)
// and specs/role.go.
func (c *cnpgCluster) preparePlugin(ctx context.Context) (bool, error) {
	if c.barman == nil {
		return false, nil
	}
	var credentials []string
	for _, name := range c.barman.stores() {
		store, err := readStore(c.w.world, c.namespace(), name)
		if err != nil || store == nil {
			return true, err
		}
		credentials = append(credentials, store.secrets()...)
	}
	own := func(group string, verbs []string, resource string, names []string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: []string{resource}, Verbs: verbs, ResourceNames: names}
	}
	watch := []string{"get", "watch", "list"}
	meta := metav1.ObjectMeta{
		Name: c.name() + "-barman-cloud", Namespace: c.namespace(), OwnerReferences: ownerOf(c.object), Labels: map[string]string{
			"barmancloud.cnpg.io/cluster": c.name(), "app.kubernetes.io/name": "barman-cloud-plugin", "app.kubernetes.io/instance": c.name(),
			"app.kubernetes.io/version": barmanVersion, "app.kubernetes.io/component": "database", "app.kubernetes.io/managed-by": barmanManager,
		},
	}
	role := &rbacv1.Role{ObjectMeta: meta, Rules: []rbacv1.PolicyRule{
		own(objectStores.Group, watch, "objectstores", c.barman.stores()), own(objectStores.Group, []string{"update"}, "objectstores/status", c.barman.stores()),
		own("", watch, "secrets", namesOnly(credentials)),
	}}
	if err := c.w.own(ctx, roles, "Role", c.object, role); err != nil {
		return false, err
	}
	// To the account of the Cluster's name, also where its pods have another.
	return false, c.w.own(ctx, roleBindings, "RoleBinding", c.object, bindingTo(meta, c.name()))
}

// readStore is nil when there is none.
func readStore(w *world, namespace, name string) (*barmanStore, error) {
	object := w.get(objectStores, namespace, name)
	if object == nil {
		return nil, nil
	}
	store := &barmanStore{}
	return store, read(object, store, "spec")
}

// secrets are those of the credentials (CollectSecretNamesFromCredentials).
func (s *barmanStore) secrets() []string {
	var found []string
	for _, given := range []map[string]any{s.Configuration.S3Credentials, s.Configuration.AzureCredentials, s.Configuration.GoogleCredentials} {
		if given["inheritFromAzureAD"] == true || given["useDefaultAzureCredentials"] == true {
			continue
		}
		for _, each := range given {
			if reference, isReference := each.(map[string]any); isReference {
				if name, isName := reference["name"].(string); isName {
					found = append(found, name)
				}
			}
		}
	}
	return found
}
