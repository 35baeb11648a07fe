package operators

import (
	"context"
	"crypto/rand"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/intstr"
)

func (e *elasticsearch) own(ctx context.Context, resource schema.GroupVersionResource, kind string, object any) error {
	return e.w.own(ctx, resource, kind, e.object, object)
}

// makeServices makes those that everybody asks, those by which nodes find each other, and one of each group: services/services.go, nodespec/statefulset.go.
func (e *elasticsearch) makeServices(ctx context.Context) (bool, error) {
	http := corev1.ServicePort{Name: e.scheme(), Protocol: corev1.ProtocolTCP, Port: 9200}
	transport := corev1.ServicePort{Name: "tls-transport", Protocol: corev1.ProtocolTCP, Port: 9300}
	made := []*corev1.Service{
		e.serviceAs(e.named("http"), e.spec.HTTP.Service, http),
		e.serviceAs(e.named("transport"), e.spec.Transport.Service, transport),
		{ObjectMeta: e.meta(e.named("internal-http"), e.labels()), Spec: corev1.ServiceSpec{
			Type: corev1.ServiceTypeClusterIP, Selector: e.labels(), Ports: []corev1.ServicePort{http},
		}},
	}
	if e.spec.Transport.Service.Spec.Type == "" {
		made[1].Spec.ClusterIP = corev1.ClusterIPNone
	}
	made[1].Spec.PublishNotReadyAddresses = true
	for _, set := range e.spec.NodeSets {
		made = append(made, &corev1.Service{ObjectMeta: e.meta(e.named(set.Name), e.setLabels(set)), Spec: corev1.ServiceSpec{
			Type: corev1.ServiceTypeClusterIP, ClusterIP: corev1.ClusterIPNone, PublishNotReadyAddresses: true,
			Selector: e.setLabels(set), Ports: []corev1.ServicePort{http},
		}})
	}
	for _, service := range made {
		if err := e.own(ctx, services, "Service", service); err != nil {
			return false, err
		}
	}
	return false, nil
}

// serviceAs is a Service as the object has it, with what it does not say (SetServiceDefaults).
func (e *elasticsearch) serviceAs(name string, given eckService, port corev1.ServicePort) *corev1.Service {
	made := &corev1.Service{ObjectMeta: e.meta(name, joined(e.labels(), given.Metadata.Labels)), Spec: *given.Spec.DeepCopy()}
	made.Annotations = given.Metadata.Annotations
	if made.Spec.Type == "" {
		made.Spec.Type = corev1.ServiceTypeClusterIP
	}
	if made.Spec.Selector == nil {
		made.Spec.Selector = e.labels()
	}
	if made.Spec.Ports == nil {
		made.Spec.Ports = []corev1.ServicePort{port}
	}
	return made
}

// makeConfigMaps makes the scripts of pods, and the addresses of nodes that vote: configmap/configmap.go, and UpdateSeedHostsConfigMap.
func (e *elasticsearch) makeConfigMaps(ctx context.Context) (bool, error) {
	var hosts []string
	for _, pod := range e.there {
		if pod.Labels["elasticsearch.k8s.elastic.co/node-master"] == "true" && pod.Status.PodIP != "" {
			hosts = append(hosts, pod.Status.PodIP+":9300")
		}
	}
	slices.Sort(hosts)
	scripts := map[string]string{}
	for _, name := range []string{"prepare-fs.sh", "readiness-port-script.sh", "pre-stop-hook-script.sh", "suspend.sh"} {
		scripts[name] = "#!/usr/bin/env bash\n"
	}
	scripts["suspended_pods.txt"] = ""
	for suffix, data := range map[string]map[string]string{
		"scripts": scripts, "unicast-hosts": {"unicast_hosts.txt": strings.Join(hosts, "\n")},
	} {
		if err := e.own(ctx, configMaps, "ConfigMap", &corev1.ConfigMap{ObjectMeta: e.meta(e.named(suffix), e.labels()), Data: data}); err != nil {
			return false, err
		}
	}
	return false, nil
}

// makeUsers makes the password of `elastic`, those of the operator's own users, and who else may log in: user/reconcile.go.
func (e *elasticsearch) makeUsers(ctx context.Context) (bool, error) {
	internal := map[string][]byte{}
	names := []string{"elastic"}
	for _, name := range []string{"elastic-internal", "elastic-internal-diagnostics", "elastic-internal-monitoring", "elastic-internal-pre-stop", "elastic-internal-probe"} {
		internal[name] = newPassword()
		names = append(names, name)
	}
	if err := e.makeSecret(ctx, e.named("elastic-user"), map[string][]byte{"elastic": newPassword()}); err != nil {
		return false, err
	}
	if err := e.makeSecret(ctx, e.named("internal-users"), internal); err != nil {
		return false, err
	}
	for _, each := range e.spec.Auth.FileRealm {
		given := e.held(each.SecretName)
		// One that is not there, or has no password, is told in an event, and logs nobody in.
		if len(given["username"]) > 0 && len(given["password"]) > 0 {
			names = append(names, string(given["username"]))
		}
	}
	slices.Sort(names)
	var roles []string
	for _, each := range e.spec.Auth.Roles {
		if given := e.held(each.SecretName)["roles.yml"]; len(given) > 0 {
			roles = append(roles, string(given))
		}
	}
	realm := map[string][]byte{
		"users": []byte(strings.Join(names, "\n")), "users_roles": nil, "roles.yml": []byte(strings.Join(roles, "\n")), "service_tokens": nil,
	}
	return false, e.keepSecret(ctx, e.named("xpack-file-realm"), realm)
}

func newPassword() []byte { return []byte(rand.Text()[:24]) }

// held is what is in a Secret; nothing where there is none.
func (e *elasticsearch) held(name string) map[string][]byte {
	there := e.w.get(secrets, e.namespace(), name)
	if there == nil {
		return nil
	}
	return dataOf(there)
}

// makeSecret makes a Secret once; what is in it then stays.
func (e *elasticsearch) makeSecret(ctx context.Context, name string, data map[string][]byte) error {
	if e.w.get(secrets, e.namespace(), name) != nil {
		return nil
	}
	return e.w.create(ctx, secrets, "Secret", fields{"metadata": e.meta(name, e.labels()), "type": "Opaque", "data": encoded(data)})
}

// keepSecret makes it hold this and nothing else.
func (e *elasticsearch) keepSecret(ctx context.Context, name string, data map[string][]byte) error {
	return e.own(ctx, secrets, "Secret", fields{"metadata": e.meta(name, e.labels()), "type": "Opaque", "data": encoded(data)})
}

// configOf is what a group's nodes read: settings/merged_config.go. The words of the object go over the operator's.
func (e *elasticsearch) configOf(set eckNodeSet) (string, error) {
	made := fields{
		"cluster.name": e.name(), "node.name": "${POD_NAME}", "network.host": "0", "network.publish_host": "${POD_IP}",
		"http.publish_host":                               "${POD_NAME}.${HEADLESS_SERVICE_NAME}.${NAMESPACE}.svc",
		"node.attr.k8s_node_name":                         "${NODE_NAME}",
		"discovery.seed_providers":                        "file",
		"readiness.port":                                  "8080",
		"xpack.security.enabled":                          "true",
		"xpack.security.http.ssl.enabled":                 e.scheme() == "https",
		"xpack.security.transport.ssl.enabled":            "true",
		"cluster.routing.allocation.awareness.attributes": "k8s_node_name",
	}
	if e.zoneKey() != "" {
		made["node.attr.zone"], made["cluster.routing.allocation.awareness.attributes"] = "${ZONE}", "k8s_node_name,zone"
	}
	for key, value := range set.Config {
		made[key] = value
	}
	content, err := json.Marshal(made)
	return string(content), err
}

// makeConfigs makes each group's configuration, a Secret as it may hold some.
func (e *elasticsearch) makeConfigs(ctx context.Context) (bool, error) {
	for _, set := range e.spec.NodeSets {
		config, err := e.configOf(set)
		if err != nil {
			return false, err
		}
		if err := e.keepSecret(ctx, e.named(set.Name)+"-es-config", map[string][]byte{"elasticsearch.yml": []byte(config)}); err != nil {
			return false, err
		}
	}
	return false, e.makeSecret(ctx, e.named("file-settings"), map[string][]byte{"settings.json": []byte("{}")})
}

// makeBudget is the one budget of the whole cluster that those without a licence have (pdb/reconcile_default.go): one node may go while all is well and
// none of its kind is alone.
func (e *elasticsearch) makeBudget(ctx context.Context) (bool, error) {
	name := e.named("default")
	made := &policyv1.PodDisruptionBudget{ObjectMeta: e.meta(name, e.labels())}
	if asked := e.spec.PodDisruptionBudget; asked != nil {
		if asked.Spec == nil || (asked.Spec.Selector == nil && asked.Spec.MinAvailable == nil && asked.Spec.MaxUnavailable == nil) {
			return false, e.w.drop(ctx, budgets, e.object, name)
		}
		made.Spec = *asked.Spec
		return false, e.own(ctx, budgets, "PodDisruptionBudget", made)
	}
	least := intstr.FromInt32(e.wanted() - e.spared())
	made.Spec = policyv1.PodDisruptionBudgetSpec{
		Selector: &metav1.LabelSelector{MatchLabels: map[string]string{eckCluster: e.name()}}, MinAvailable: &least,
	}
	return false, e.own(ctx, budgets, "PodDisruptionBudget", made)
}

// spared is allowedDisruptionsForSinglePDB.
func (e *elasticsearch) spared() int32 {
	if e.wanted() == 1 {
		return 1
	}
	if e.status.Health != "green" {
		return 0
	}
	for _, does := range []func(eckNodeSet) bool{
		func(set eckNodeSet) bool { return set.has("master") },
		eckNodeSet.keepsData,
		func(set eckNodeSet) bool { return set.has("ingest") },
	} {
		var count int32
		for _, set := range e.spec.NodeSets {
			if does(set) {
				count += set.Count
			}
		}
		if count == 1 {
			return 0
		}
	}
	return 1
}

// hostsOf are the names in the certificate that callers see: pkg/controller/common/certificates/http_reconcile.go.
func (e *elasticsearch) hostsOf() (hosts []string) {
	for _, service := range []string{e.named("http"), e.named("internal-http")} {
		hosts = append(hosts, service, fmt.Sprintf("%s.%s", service, e.namespace()), fmt.Sprintf("%s.%s.svc", service, e.namespace()))
	}
	for _, set := range e.spec.NodeSets {
		hosts = append(hosts, fmt.Sprintf("*.%s.%s.svc", e.named(set.Name), e.namespace()))
	}
	return hosts
}
