package operators

import (
	"context"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// makeObjects makes what stands around the instances, in the order of createPostgresClusterObjects in internal/controller/cluster_create.go.
func (c *cnpgCluster) makeObjects(ctx context.Context) (bool, error) {
	for _, make := range []func(context.Context) error{
		c.makeCertificates, c.makePasswords, c.makeServices, c.makeBudgets, c.makeServiceAccount, c.makeRole, c.makeQueries, c.makeLease,
	} {
		if err := make(ctx); err != nil {
			c.status.phase("Unable to create required cluster objects", err.Error())
			return false, fmt.Errorf("cannot create Cluster auxiliary objects: %w", err)
		}
	}
	return false, nil
}

func (c *cnpgCluster) makeServices(ctx context.Context) error {
	wanted := map[string]bool{}
	for kind, selector := range map[string]map[string]string{
		"r":  {cnpgClusterLabel: c.name(), cnpgPodRoleLabel: "instance"},
		"ro": {cnpgClusterLabel: c.name(), cnpgRoleLabel: "replica"},
		"rw": {cnpgClusterLabel: c.name(), cnpgRoleLabel: "primary"},
	} {
		name := c.name() + "-" + kind
		if c.spec.isDisabled(kind) {
			if err := c.w.drop(ctx, services, c.object, name); err != nil {
				return err
			}
			continue
		}
		service := &corev1.Service{ObjectMeta: c.meta(name, c.appLabels()), Spec: serviceSpec(corev1.ServiceSpec{}, selector)}
		if err := c.w.own(ctx, services, "Service", c.object, service); err != nil {
			return err
		}
		if c.spec.Managed == nil || c.spec.Managed.Services == nil {
			continue
		}
		for _, more := range c.spec.Managed.Services.Additional {
			if more.SelectorType != kind {
				continue
			}
			service := &corev1.Service{ObjectMeta: c.meta(more.ServiceTemplate.Metadata.Name, c.appLabels()), Spec: serviceSpec(more.ServiceTemplate.Spec, selector)}
			maps.Copy(service.Labels, more.ServiceTemplate.Metadata.Labels)
			maps.Copy(service.Annotations, more.ServiceTemplate.Metadata.Annotations)
			service.Labels["cnpg.io/isManaged"], wanted[service.Name] = "true", true
			if err := c.w.own(ctx, services, "Service", c.object, service); err != nil {
				return err
			}
		}
	}
	for _, there := range c.w.list(services, map[string]string{"cnpg.io/isManaged": "true", cnpgClusterLabel: c.name()}) {
		if there.GetNamespace() == c.namespace() && !wanted[there.GetName()] {
			if err := c.w.drop(ctx, services, c.object, there.GetName()); err != nil {
				return err
			}
		}
	}
	return nil
}

// serviceSpec is one to PostgreSQL's port: pkg/specs/services.go.
func serviceSpec(given corev1.ServiceSpec, selector map[string]string) corev1.ServiceSpec {
	if given.Type == "" {
		given.Type = corev1.ServiceTypeClusterIP
	}
	if !slices.ContainsFunc(given.Ports, func(port corev1.ServicePort) bool { return port.Name == "postgres" || port.Port == 5432 }) {
		given.Ports = append(given.Ports, corev1.ServicePort{
			Name: "postgres", Protocol: corev1.ProtocolTCP, TargetPort: intstr.FromInt32(5432), Port: 5432,
		})
	}
	given.Selector = selector
	return given
}

// makeBudgets keeps the primary, and all replicas but one: pkg/specs/poddisruptionbudget.go.
func (c *cnpgCluster) makeBudgets(ctx context.Context) error {
	isWanted := c.spec.EnablePDB == nil || *c.spec.EnablePDB
	for _, each := range []struct {
		name, role string
		kept       int
		isWanted   bool
	}{
		{c.name() + "-primary", "primary", 1, isWanted}, {c.name(), "replica", c.spec.Instances - 2, isWanted && c.spec.Instances >= 3},
	} {
		if !each.isWanted {
			if err := c.w.drop(ctx, budgets, c.object, each.name); err != nil {
				return err
			}
			continue
		}
		kept := intstr.FromInt32(int32(each.kept))
		budget := &policyv1.PodDisruptionBudget{ObjectMeta: c.meta(each.name, c.appLabels()), Spec: policyv1.PodDisruptionBudgetSpec{
			MinAvailable: &kept, Selector: &metav1.LabelSelector{MatchLabels: map[string]string{cnpgClusterLabel: c.name(), cnpgRoleLabel: each.role}},
		}}
		if err := c.w.own(ctx, budgets, "PodDisruptionBudget", c.object, budget); err != nil {
			return err
		}
	}
	return nil
}

// makeServiceAccount is the pods' (createOrPatchServiceAccount); one that is named must be there.
func (c *cnpgCluster) makeServiceAccount(ctx context.Context) error {
	if name := c.spec.ServiceAccountName; name != "" {
		if c.w.get(serviceAccounts, c.namespace(), name) == nil {
			return fmt.Errorf("serviceAccount %q not found: ServiceAccount %q not found", name, name)
		}
		return nil
	}
	account := &corev1.ServiceAccount{ObjectMeta: c.meta(c.name(), map[string]string{"app.kubernetes.io/managed-by": cnpgManager})}
	var names []string
	for _, each := range c.spec.ImagePullSecrets {
		names = append(names, each.Name)
		account.ImagePullSecrets = append(account.ImagePullSecrets, corev1.LocalObjectReference{Name: each.Name})
	}
	managed, err := jsonText(names)
	if err != nil {
		return err
	}
	account.Annotations["cnpg.io/managedSecrets"] = managed
	if template := c.spec.ServiceAccountTemplate; template != nil {
		maps.Copy(account.Labels, template.Metadata.Labels)
		maps.Copy(account.Annotations, template.Metadata.Annotations)
	}
	return c.w.own(ctx, serviceAccounts, "ServiceAccount", c.object, account)
}

// makeRole is what the instance managers may do: pkg/specs/roles.go.
func (c *cnpgCluster) makeRole(ctx context.Context) error {
	own := func(verbs []string, resource string, names ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{cnpgV1.Group}, Resources: []string{resource}, Verbs: verbs, ResourceNames: names}
	}
	core := func(resource string, names []string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{""}, Resources: []string{resource}, Verbs: []string{"get", "watch"}, ResourceNames: names}
	}
	change, status, watch := []string{"get", "update", "list", "watch"}, []string{"get", "patch", "update"}, []string{"get", "patch", "update", "watch"}
	rules := []rbacv1.PolicyRule{
		core("configmaps", c.configMapNames()), core("secrets", c.secretNames()),
		own([]string{"get", "list", "watch"}, "clusters", c.name()), own(watch, "clusters/status", c.name()),
		own([]string{"list", "get", "delete"}, "backups"), own(status, "backups/status"),
		{APIGroups: []string{""}, Resources: []string{"events"}, Verbs: []string{"create", "patch"}},
	}
	for _, kind := range []string{"databases", "publications", "subscriptions"} {
		rules = append(rules, own(change, kind), own(status, kind+"/status"))
	}
	rules = append(rules,
		rbacv1.PolicyRule{APIGroups: []string{leases.Group}, Resources: []string{"leases"}, Verbs: []string{"get", "update"}, ResourceNames: []string{c.name()}},
		own([]string{"get", "list", "watch"}, "failoverquorums", c.name()), own(watch, "failoverquorums/status", c.name()),
		own(change, "databaseroles"), own(status, "databaseroles/status"))
	meta := c.meta(c.name(), map[string]string{"app.kubernetes.io/managed-by": cnpgManager})
	if err := c.w.own(ctx, roles, "Role", c.object, &rbacv1.Role{ObjectMeta: meta, Rules: rules}); err != nil {
		return err
	}
	return c.w.own(ctx, roleBindings, "RoleBinding", c.object, bindingTo(meta, orElse(c.spec.ServiceAccountName, c.name())))
}

// bindingTo gives an account the role of the same name (pkg/specs/rolebinding.go).
func bindingTo(meta metav1.ObjectMeta, account string) *rbacv1.RoleBinding {
	return &rbacv1.RoleBinding{
		ObjectMeta: meta, RoleRef: rbacv1.RoleRef{APIGroup: roles.Group, Kind: "Role", Name: meta.Name},
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: account, Namespace: meta.Namespace}},
	}
}

func (c *cnpgCluster) configMapNames() []string {
	found := []string{c.name()}
	if c.hasQueries() {
		found = append(found, cnpgQueries)
	}
	if c.spec.Monitoring != nil {
		for _, each := range c.spec.Monitoring.CustomQueriesConfigMap {
			found = append(found, each.Name)
		}
	}
	return namesOnly(found)
}

func (c *cnpgCluster) secretNames() []string {
	certificates := c.certificateNames()
	found := []string{
		certificates.ReplicationTLSSecret, certificates.ClientCASecret, certificates.ServerCASecret, certificates.ServerTLSSecret,
		c.appSecret(), c.superuserSecret(),
	}
	if c.spec.Monitoring != nil {
		for _, each := range c.spec.Monitoring.CustomQueriesSecret {
			found = append(found, each.Name)
		}
	}
	for _, external := range c.spec.ExternalClusters {
		for _, each := range []*corev1.SecretKeySelector{external.SslCert, external.SslKey, external.SslRootCert, external.Password} {
			if each != nil {
				found = append(found, each.Name)
			}
		}
	}
	asked := []cnpgRole{}
	if c.spec.Managed != nil {
		asked = c.spec.Managed.Roles
	}
	for _, each := range c.w.list(cnpgDatabaseRoles, nil) {
		role := cnpgRoleSpec{}
		if each.GetNamespace() == c.namespace() && read(each, &role, "spec") == nil && role.Cluster.Name == c.name() {
			asked = append(asked, role.cnpgRole)
		}
	}
	for _, role := range asked {
		if role.PasswordSecret != nil && !role.DisablePassword {
			found = append(found, role.PasswordSecret.Name)
		}
	}
	return namesOnly(found)
}

// namesOnly are names in order, each once.
func namesOnly(given []string) []string {
	slices.Sort(given)
	return slices.DeleteFunc(slices.Compact(given), func(name string) bool { return name == "" })
}

// cnpgQueries is the ConfigMap with the queries of the metrics, which is copied from the operator's namespace (createOrPatchDefaultMetricsConfigmap).
const cnpgQueries = "cnpg-default-monitoring"

func (c *cnpgCluster) hasQueries() bool {
	monitoring := c.spec.Monitoring
	return c.plane.settings["MONITORING_QUERIES_CONFIGMAP"] != "" &&
		(monitoring == nil || monitoring.DisableDefaultQueries == nil || !*monitoring.DisableDefaultQueries)
}

func (c *cnpgCluster) makeQueries(ctx context.Context) error {
	source := c.w.get(configMaps, c.plane.namespace, c.plane.settings["MONITORING_QUERIES_CONFIGMAP"])
	if !c.hasQueries() || source == nil || c.namespace() == c.plane.namespace || c.w.get(configMaps, c.namespace(), cnpgQueries) != nil {
		return nil
	}
	data := map[string]string{}
	if err := read(source, &data, "data"); err != nil {
		return err
	}
	return c.w.create(ctx, configMaps, "ConfigMap", &corev1.ConfigMap{
		ObjectMeta: metav1.ObjectMeta{
			Name: cnpgQueries, Namespace: c.namespace(), Annotations: map[string]string{"cnpg.io/operatorVersion": cnpgVersion},
			Labels: map[string]string{cnpgReload: "true", "app.kubernetes.io/managed-by": cnpgManager},
		},
		Data: map[string]string{"queries": data["queries"]},
	})
}

// makeLease is for the one that is to be the primary (internal/controller/primary_lease.go).
func (c *cnpgCluster) makeLease(ctx context.Context) error {
	there, err := c.w.live(ctx, leases, c.namespace(), c.name())
	if err != nil || there != nil {
		return err
	}
	return c.w.create(ctx, leases, "Lease", fields{"metadata": c.meta(c.name(), nil)})
}
