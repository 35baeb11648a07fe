package operators

import (
	"context"
	"fmt"
	"maps"
	"slices"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/intstr"
)

const cnpgPoolerLabel = "cnpg.io/poolerName"

// cnpgPoolerSpec is what is read of a Pooler: api/v1/pooler_types.go.
type cnpgPoolerSpec struct {
	Cluster   cnpgName
	Instances *int32
	Template  *struct {
		Metadata struct{ Labels, Annotations map[string]string }
		Spec     corev1.PodSpec
	}
	Pgbouncer *struct {
		ServerTLSSecret, ServerCASecret, ClientCASecret, ClientTLSSecret, AuthQuerySecret *cnpgName
		AuthQuery, Image                                                                  string
		Paused                                                                            *bool
		ImageCatalogRef                                                                   *struct{ Kind, Name, Key string }
	}
	DeploymentStrategy *appsv1.DeploymentStrategy
	ServiceTemplate    *struct {
		Metadata struct{ Labels, Annotations map[string]string }
		Spec     corev1.ServiceSpec
	}
	ServiceAccountName string
	Monitoring         *struct {
		TLS *struct{ Enabled bool }
	}
}

type cnpgPoolerStatus struct {
	Secrets     *cnpgPoolerSecrets `json:"secrets,omitempty"`
	Instances   int64              `json:"instances,omitempty"`
	Phase       string             `json:"phase,omitempty"`
	PhaseReason string             `json:"phaseReason,omitempty"`
	Image       string             `json:"image,omitempty"`
	Error       string             `json:"error,omitempty"`
}

type cnpgSecretVersion struct {
	Name    string `json:"name,omitempty"`
	Version string `json:"version,omitempty"`
}

type cnpgPoolerSecrets struct {
	ServerTLS        cnpgSecretVersion `json:"serverTLS,omitzero"`
	ServerCA         cnpgSecretVersion `json:"serverCA,omitzero"`
	ClientCA         cnpgSecretVersion `json:"clientCA,omitzero"`
	ClientTLS        cnpgSecretVersion `json:"clientTLS,omitzero"`
	PgBouncerSecrets struct {
		AuthQuery cnpgSecretVersion `json:"authQuery,omitzero"`
	} `json:"pgBouncerSecrets,omitzero"`
}

// isAutomated says whether the operator gives PgBouncer its own login: IsAutomatedIntegration.
func (s *cnpgPoolerSpec) isAutomated() bool {
	given := s.Pgbouncer
	return given == nil || given.AuthQuery == "" && nameOr(given.AuthQuerySecret, "") == "" && nameOr(given.ServerTLSSecret, "") == ""
}

func nameOr(given *cnpgName, unsaid string) string {
	if given == nil {
		return unsaid
	}
	return given.Name
}

// lookAtPoolers notes for which Poolers the Cluster makes a login (getPoolerIntegrationsNeeded), certifyPoolers makes it.
func (c *cnpgCluster) lookAtPoolers() {
	c.status.PoolerIntegrations = &cnpgPoolerIntegrations{}
	for _, pooler := range c.w.list(cnpgPoolers, nil) {
		spec := cnpgPoolerSpec{}
		if pooler.GetNamespace() != c.namespace() || read(pooler, &spec, "spec") != nil || spec.Cluster.Name != c.name() || !spec.isAutomated() {
			continue
		}
		names := &c.status.PoolerIntegrations.PgBouncerIntegration.Secrets
		if name := c.name() + "-pooler"; !slices.Contains(*names, name) {
			*names = append(*names, name)
		}
	}
}

func (c *cnpgCluster) certifyPoolers(ctx context.Context, by *signer) error {
	if c.status.PoolerIntegrations == nil {
		return nil
	}
	for _, name := range c.status.PoolerIntegrations.PgBouncerIntegration.Secrets {
		asked := &certificateSpec{CommonName: "cnpg_pooler_pgbouncer", Usages: []string{"digital signature", "client auth"}}
		if err := c.certify(ctx, by, name, false, "pooler", asked); err != nil {
			return err
		}
	}
	return nil
}

// syncCnpgPooler is internal/controller/pooler_controller.go: PgBouncer's Deployment and Service once the Secrets that it needs are there.
func syncCnpgPooler(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	spec, status := &cnpgPoolerSpec{}, &cnpgPoolerStatus{}
	if err := read(object, spec, "spec"); err != nil {
		return err
	}
	if err := read(object, status, "status"); err != nil {
		return err
	}
	if object.GetDeletionTimestamp() != nil {
		return nil
	}
	status.Error = ""
	if spec.Cluster.Name == object.GetName() {
		status.Error = fmt.Sprintf(`Pooler.%s %q is invalid: metadata.name: Invalid value: %q: the pooler resource cannot have the same name of a cluster`,
			cnpgV1.Group, object.GetName(), object.GetName())
		return w.setStatus(ctx, cnpgPoolers, object, status)
	}
	var c *cnpgCluster
	if cluster := w.get(cnpgClusters, object.GetNamespace(), spec.Cluster.Name); cluster != nil {
		var err error
		if c, err = readCnpgCluster(w, cluster); err != nil || c == nil {
			return err
		}
	} else {
		status.Phase, status.PhaseReason = "inactive", fmt.Sprintf("Cluster %q not found", spec.Cluster.Name)
		return w.setStatus(ctx, cnpgPoolers, object, status)
	}
	p := &cnpgPooler{c: c, object: object, spec: spec, status: status}
	if missing := p.findSecrets(); missing != "" {
		status.Phase, status.PhaseReason = "inactive", missing
		return w.setStatus(ctx, cnpgPoolers, object, status)
	}
	p.show()
	if err := w.setStatus(ctx, cnpgPoolers, object, status); err != nil {
		return err
	}
	return p.make(ctx)
}

type cnpgPooler struct {
	c      *cnpgCluster
	object *unstructured.Unstructured
	spec   *cnpgPoolerSpec
	status *cnpgPoolerStatus
}

// findSecrets notes the versions of the Secrets that PgBouncer is given, or says which is missing (waitForPrerequisites).
func (p *cnpgPooler) findSecrets() string {
	names, given, found := p.c.certificateNames(), p.spec.Pgbouncer, &cnpgPoolerSecrets{}
	if given == nil {
		return "" // the definition does not allow it
	}
	for _, each := range []struct {
		what, name string
		isNeeded   bool
		into       *cnpgSecretVersion
	}{
		{"AuthUserSecret", nameOr(given.AuthQuerySecret, p.spec.Cluster.Name+"-pooler"), p.spec.isAutomated(), &found.PgBouncerSecrets.AuthQuery},
		{"ServerTLSSecret", nameOr(given.ServerTLSSecret, ""), nameOr(given.ServerTLSSecret, "") != "", &found.ServerTLS},
		{"ClientTLSSecret", nameOr(given.ClientTLSSecret, names.ServerTLSSecret), true, &found.ClientTLS},
		{"ClientCASecret", nameOr(given.ClientCASecret, names.ClientCASecret), true, &found.ClientCA},
		{"ServerCASecret", nameOr(given.ServerCASecret, names.ServerCASecret), true, &found.ServerCA},
	} {
		secret := p.c.w.get(secrets, p.object.GetNamespace(), each.name)
		if secret != nil {
			*each.into = cnpgSecretVersion{each.name, secret.GetResourceVersion()}
		} else if each.isNeeded {
			return fmt.Sprintf("%s %q not found", each.what, each.name)
		}
	}
	p.status.Secrets = found
	return ""
}

// show is updatePoolerStatus of internal/controller/pooler_status.go.
func (p *cnpgPooler) show() {
	if deployment := p.c.w.get(deployments, p.object.GetNamespace(), p.object.GetName()); deployment != nil {
		p.status.Instances, _, _ = unstructured.NestedInt64(deployment.Object, "status", "replicas")
	}
	image, err := p.image()
	paused := p.spec.Pgbouncer.Paused
	switch {
	case err != nil:
		p.status.Phase, p.status.PhaseReason = "failed", err.Error()
	case paused != nil && *paused:
		p.status.Phase, p.status.PhaseReason, p.status.Image = "paused", "pgbouncer is paused", image
	default:
		p.status.Phase, p.status.PhaseReason, p.status.Image = "active", "", image
	}
}

// image is that of PgBouncer: resolvePoolerImage.
func (p *cnpgPooler) image() (string, error) {
	if template := p.spec.Template; template != nil {
		for _, container := range template.Spec.Containers {
			if container.Name == "pgbouncer" && container.Image != "" {
				return container.Image, nil
			}
		}
	}
	if p.spec.Pgbouncer.Image != "" {
		return p.spec.Pgbouncer.Image, nil
	}
	reference := p.spec.Pgbouncer.ImageCatalogRef
	if reference == nil {
		return p.c.plane.setting("PGBOUNCER_IMAGE_NAME", "ghcr.io/cloudnative-pg/pgbouncer:1.25.1"), nil
	}
	catalog, err := findCatalog(p.c.w.world, reference.Kind, p.object.GetNamespace(), reference.Name)
	if err != nil {
		return "", err
	}
	if catalog == nil {
		return "", fmt.Errorf("%s %q not found", reference.Kind, reference.Name)
	}
	for _, each := range catalog.ComponentImages {
		if each.Key == reference.Key {
			return each.Image, nil
		}
	}
	return "", fmt.Errorf("key %q not found in %s %q", reference.Key, reference.Kind, reference.Name)
}

func (p *cnpgPooler) labels() map[string]string {
	return map[string]string{
		cnpgClusterLabel: p.spec.Cluster.Name, cnpgPoolerLabel: p.object.GetName(), cnpgPodRoleLabel: "pooler", "app.kubernetes.io/name": "postgresql",
		"app.kubernetes.io/instance": p.spec.Cluster.Name, "app.kubernetes.io/component": "pooler", "app.kubernetes.io/managed-by": cnpgManager,
	}
}

// make is updateOwnedObjects of internal/controller/pooler_update.go.
func (p *cnpgPooler) make(ctx context.Context) error {
	w, meta := p.c.w, metav1.ObjectMeta{Name: p.object.GetName(), Namespace: p.object.GetNamespace(), OwnerReferences: ownerOf(p.object)}
	account := orElse(p.spec.ServiceAccountName, meta.Name)
	if p.spec.ServiceAccountName == "" {
		if err := w.own(ctx, serviceAccounts, "ServiceAccount", p.object, &corev1.ServiceAccount{ObjectMeta: meta}); err != nil {
			return err
		}
	}
	rule := func(group, resource string, verbs []string, names ...string) rbacv1.PolicyRule {
		return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: []string{resource}, Verbs: verbs, ResourceNames: names}
	}
	held := p.status.Secrets
	if err := w.own(ctx, roles, "Role", p.object, &rbacv1.Role{ObjectMeta: meta, Rules: []rbacv1.PolicyRule{
		rule(cnpgV1.Group, "poolers", []string{"get", "watch"}, meta.Name),
		rule(cnpgV1.Group, "poolers/status", []string{"get", "patch", "update", "watch"}, meta.Name),
		rule("", "secrets", []string{"get", "watch"}, namesOnly([]string{
			held.PgBouncerSecrets.AuthQuery.Name, held.ServerCA.Name, held.ServerTLS.Name, held.ClientCA.Name, held.ClientTLS.Name})...),
	}}); err != nil {
		return err
	}
	binding := meta.DeepCopy()
	binding.Labels = map[string]string{"app.kubernetes.io/managed-by": cnpgManager}
	if err := w.own(ctx, roleBindings, "RoleBinding", p.object, bindingTo(*binding, account)); err != nil {
		return err
	}
	if p.status.Phase != "failed" && p.status.Image != "" {
		if err := w.own(ctx, deployments, "Deployment", p.object, p.deployment(meta)); err != nil {
			return err
		}
	}
	return w.own(ctx, services, "Service", p.object, p.service(meta))
}

func (p *cnpgPooler) service(meta metav1.ObjectMeta) *corev1.Service {
	made := &corev1.Service{ObjectMeta: *meta.DeepCopy()}
	made.Labels, made.Annotations = p.labels(), map[string]string{}
	if template := p.spec.ServiceTemplate; template != nil {
		made.Spec = template.Spec
		maps.Copy(made.Labels, template.Metadata.Labels)
		maps.Copy(made.Annotations, template.Metadata.Annotations)
	}
	if made.Spec.Type == "" {
		made.Spec.Type = corev1.ServiceTypeClusterIP
	}
	if !slices.ContainsFunc(made.Spec.Ports, func(port corev1.ServicePort) bool { return port.Name == "pgbouncer" || port.Port == 5432 }) {
		made.Spec.Ports = append(made.Spec.Ports, corev1.ServicePort{
			Name: "pgbouncer", Port: 5432, TargetPort: intstr.FromString("pgbouncer"), Protocol: corev1.ProtocolTCP,
		})
	}
	made.Spec.Selector = map[string]string{cnpgPoolerLabel: meta.Name}
	return made
}
