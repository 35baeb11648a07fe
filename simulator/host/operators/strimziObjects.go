package operators

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/util/intstr"
)

// Ports of every node (KafkaCluster).
const (
	kafkaControlPort     = 9090
	kafkaReplicationPort = 9091
	kafkaAgentPort       = 8443
	kafkaMetricsPort     = 9404
)

// makePolicies opens the ports to those that need them, and listeners to the peers that are named (KafkaCluster.generateNetworkPolicy).
func (k *kafka) makePolicies(ctx context.Context) (bool, error) {
	of := func(labels map[string]string) fields {
		return fields{"podSelector": fields{"matchLabels": anyMap(labels)}}
	}
	operator, nodes := of(map[string]string{strimziKindWord: "cluster-operator"}), of(k.selector(k.component()))
	part := func(name string) fields { return of(map[string]string{strimziNameWord: k.name() + name}) }
	rules := []any{
		ingress(kafkaControlPort, nodes, operator),
		ingress(kafkaReplicationPort, operator, nodes, part("-entity-operator"), part("-kafka-exporter"), part("-cruise-control")),
		ingress(kafkaAgentPort, operator),
	}
	for _, each := range k.spec.Kafka.Listeners {
		rules = append(rules, ingress(each.Port, each.NetworkPolicyPeers...))
	}
	if k.spec.Kafka.MetricsConfig != nil {
		rules = append(rules, ingress(kafkaMetricsPort))
	}
	return false, k.makePolicy(ctx, k.name()+"-network-policy-kafka", k.component(), "kafka", rules)
}

// ingress is a rule for one port; without a peer everybody may come.
func ingress(port int64, peers ...any) any {
	made := fields{"ports": []any{fields{"port": port, "protocol": "TCP"}}}
	if len(peers) > 0 {
		made["from"] = peers
	}
	return made
}

// makePolicy makes nothing where the operator is told to leave that to others.
func (k *kafka) makePolicy(ctx context.Context, name, component, part string, rules []any) error {
	if k.settings["STRIMZI_NETWORK_POLICY_GENERATION"] == "false" {
		return k.w.drop(ctx, networkPolicies, k.object, name)
	}
	return k.w.own(ctx, networkPolicies, "NetworkPolicy", k.object, fields{
		"metadata": k.meta(name, k.labels(component, part)),
		"spec": fields{
			"podSelector": fields{"matchLabels": anyMap(k.selector(component))}, "policyTypes": []any{"Ingress"}, "ingress": rules,
		},
	})
}

// makeClaims makes the volumes of all nodes, which stay unless the resource says otherwise, and lets them grow (PvcReconciler). What would make one
// smaller is left out, as StorageDiff leaves it out.
func (k *kafka) makeClaims(ctx context.Context) (bool, error) {
	for _, pool := range k.pools {
		for _, id := range pool.nodes {
			for name, volume := range pool.spec.Storage.volumes() {
				if volume.Type != "persistent-claim" {
					continue
				}
				if err := k.makeClaim(ctx, pool, name+"-"+k.podName(pool, id), volume); err != nil {
					return false, err
				}
			}
		}
	}
	return false, nil
}

func (k *kafka) makeClaim(ctx context.Context, pool *kafkaPool, name string, volume kafkaVolume) error {
	size, err := quantityAtLeast(volume.Size, k.w.get(claims, k.namespace(), name))
	if err != nil {
		return err
	}
	own := k.labels(k.component(), "kafka")
	own[strimziPool] = pool.object.GetName()
	meta := metav1.ObjectMeta{
		Name: name, Namespace: k.namespace(), Labels: own, Annotations: map[string]string{"strimzi.io/delete-claim": fmt.Sprint(volume.DeleteClaim)},
	}
	if volume.DeleteClaim {
		meta.OwnerReferences = ownerOf(k.object)
	}
	spec := fields{
		"accessModes": []any{"ReadWriteOnce"}, "volumeMode": "Filesystem", "resources": fields{"requests": fields{"storage": size}},
	}
	if volume.Class != "" {
		spec["storageClassName"] = volume.Class
	}
	made, err := untyped("v1", "PersistentVolumeClaim", fields{"metadata": meta, "spec": spec})
	if err != nil {
		return err
	}
	sum := remember(made)
	if there := k.w.get(claims, k.namespace(), name); there != nil && there.GetAnnotations()[appliedAnnotation] == sum {
		return nil
	}
	return k.w.apply(ctx, claims, strimziManager, made)
}

// makeAccounts makes the nodes' service account, and what lets brokers ask in which zone they are (KafkaCluster.generateClusterRoleBinding).
func (k *kafka) makeAccounts(ctx context.Context) (bool, error) {
	own := k.labels(k.component(), "kafka")
	account := &corev1.ServiceAccount{ObjectMeta: k.meta(k.component(), own)}
	if err := k.w.own(ctx, serviceAccounts, "ServiceAccount", k.object, account); err != nil {
		return false, err
	}
	if err := k.makeRole(ctx, own); err != nil || !k.asksForZones() {
		return false, err
	}
	name := "strimzi-" + k.namespace() + "-" + k.name() + "-kafka-init"
	if k.w.get(clusterRoleBindings, "", name) != nil {
		return false, nil
	}
	return false, k.w.create(ctx, clusterRoleBindings, "ClusterRoleBinding", &rbacv1.ClusterRoleBinding{
		ObjectMeta: metav1.ObjectMeta{Name: name, Labels: own, Annotations: map[string]string{"tars-simulator/namespace": k.namespace()}},
		RoleRef:    rbacv1.RoleRef{APIGroup: roles.Group, Kind: "ClusterRole", Name: "strimzi-kafka-broker"},
		Subjects:   []rbacv1.Subject{{Kind: "ServiceAccount", Name: k.component(), Namespace: k.namespace()}},
	})
}

// makeRole lets nodes read their certificates, and whom they believe (KafkaCluster.generateRole).
func (k *kafka) makeRole(ctx context.Context, own map[string]string) error {
	names := []string{k.name() + "-cluster-ca-cert"}
	for _, pool := range k.pools {
		for _, id := range pool.nodes {
			names = append(names, k.podName(pool, id))
		}
	}
	for _, each := range k.spec.Kafka.Listeners {
		if each.Authentication != nil && each.Authentication.Type == "tls" {
			names = append(names, k.name()+"-clients-ca-cert")
		}
	}
	role := &rbacv1.Role{ObjectMeta: k.meta(k.component(), own), Rules: []rbacv1.PolicyRule{
		{APIGroups: []string{""}, Resources: []string{"secrets"}, Verbs: []string{"get"}, ResourceNames: namesOnly(names)},
	}}
	if err := k.w.own(ctx, roles, "Role", k.object, role); err != nil {
		return err
	}
	return k.w.own(ctx, roleBindings, "RoleBinding", k.object, &rbacv1.RoleBinding{
		ObjectMeta: k.meta(k.component()+"-role", own), RoleRef: rbacv1.RoleRef{APIGroup: roles.Group, Kind: "Role", Name: k.component()},
		Subjects: []rbacv1.Subject{{Kind: "ServiceAccount", Name: k.component(), Namespace: k.namespace()}},
	})
}

func (k *kafka) asksForZones() bool {
	rack := k.spec.Kafka.Rack
	return rack != nil && rack.Type != "environment-variable"
}

// makeServices makes the one that clients begin with, and the one that has a name for each node (KafkaCluster.generateService, generateHeadlessService).
func (k *kafka) makeServices(ctx context.Context) (bool, error) {
	port := func(name string, number int64) corev1.ServicePort {
		return corev1.ServicePort{Name: name, Protocol: corev1.ProtocolTCP, Port: int32(number), TargetPort: intstr.FromString(name)}
	}
	ports := []corev1.ServicePort{port("tcp-replication", kafkaReplicationPort)}
	for _, each := range k.spec.Kafka.Listeners {
		if each.Type == "internal" {
			ports = append(ports, port(each.portName(), each.Port))
		}
	}
	own, selector := k.labels(k.component(), "kafka"), k.selector(k.component())
	brokers := map[string]string{"strimzi.io/broker-role": "true"}
	for key, value := range selector {
		brokers[key] = value
	}
	bootstrap := &corev1.Service{
		ObjectMeta: k.meta(k.component()+"-bootstrap", own),
		Spec:       corev1.ServiceSpec{Type: corev1.ServiceTypeClusterIP, Ports: ports, Selector: brokers},
	}
	if err := k.w.own(ctx, services, "Service", k.object, bootstrap); err != nil {
		return false, err
	}
	all := append([]corev1.ServicePort{port("tcp-ctrlplane", kafkaControlPort), port("tcp-kafkaagent", kafkaAgentPort)}, ports...)
	headless := &corev1.Service{
		ObjectMeta: k.meta(k.component()+"-brokers", own),
		Spec: corev1.ServiceSpec{
			Type: corev1.ServiceTypeClusterIP, ClusterIP: "None", Ports: all, Selector: selector, PublishNotReadyAddresses: true,
		},
	}
	return false, k.w.own(ctx, services, "Service", k.object, headless)
}

// makeConfigs makes each node's configuration, as far as it is the resource's own (KafkaCluster.generatePerBrokerConfigurationConfigMaps).
func (k *kafka) makeConfigs(ctx context.Context) (bool, error) {
	for _, pool := range k.pools {
		for _, id := range pool.nodes {
			own := k.labels(k.component(), "kafka")
			own[strimziPool] = pool.object.GetName()
			config := &corev1.ConfigMap{ObjectMeta: k.meta(k.podName(pool, id), own), Data: map[string]string{
				"server.config": k.configuration(id), "metadata.version": orElse(k.spec.Kafka.MetadataVersion, metadataOf(k.version())),
			}}
			if err := k.w.own(ctx, configMaps, "ConfigMap", k.object, config); err != nil {
				return false, err
			}
		}
	}
	return false, nil
}

func (k *kafka) configuration(id int64) string {
	var lines []string
	for key, value := range k.spec.Kafka.Config {
		lines = append(lines, fmt.Sprintf("%s=%v\n", key, value))
	}
	slices.Sort(lines)
	made := fmt.Sprintf("node.id=%d\n", id)
	for _, each := range lines {
		made += each
	}
	return made
}

// makeBudget lets one node go at a time, of all that there are (KafkaCluster.generatePodDisruptionBudget).
func (k *kafka) makeBudget(ctx context.Context) (bool, error) {
	if k.settings["STRIMZI_POD_DISRUPTION_BUDGET_GENERATION"] == "false" {
		return false, nil
	}
	return false, k.budgetOf(ctx, k.component(), "kafka", k.brokersAndControllers(), k.spec.Kafka.Template)
}

func (k *kafka) brokersAndControllers() (sum int64) {
	for _, pool := range k.pools {
		sum += pool.spec.Replicas
	}
	return sum
}

func (k *kafka) budgetOf(ctx context.Context, component, part string, pods int64, template strimziTemplate) error {
	unavailable := int64(1)
	if template.PodDisruptionBudget != nil && template.PodDisruptionBudget.MaxUnavailable != nil {
		unavailable = *template.PodDisruptionBudget.MaxUnavailable
	}
	least := intstr.FromInt32(int32(max(0, pods-unavailable)))
	return k.w.own(ctx, budgets, "PodDisruptionBudget", k.object, &policyv1.PodDisruptionBudget{
		ObjectMeta: k.meta(component, k.labels(component, part)),
		Spec:       policyv1.PodDisruptionBudgetSpec{MinAvailable: &least, Selector: &metav1.LabelSelector{MatchLabels: k.selector(component)}},
	})
}
