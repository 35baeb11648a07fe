package operators

import (
	"context"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// strimziManager is what the operator calls itself in labels, and in the fields that it writes.
const (
	strimziManager  = "strimzi-cluster-operator"
	strimziVersion  = "1.2.0"
	strimziCluster  = "strimzi.io/cluster"
	strimziKindWord = "strimzi.io/kind"
	strimziNameWord = "strimzi.io/name"
	strimziPool     = "strimzi.io/pool-name"
	strimziRevision = "strimzi.io/revision"
)

var (
	strimziV1      = schema.GroupVersion{Group: "kafka.strimzi.io", Version: "v1"}
	kafkas         = strimziV1.WithResource("kafkas")
	kafkaNodePools = strimziV1.WithResource("kafkanodepools")
	kafkaTopics    = strimziV1.WithResource("kafkatopics")
	kafkaUsers     = strimziV1.WithResource("kafkausers")
	strimziPodSets = schema.GroupVersionResource{Group: "core.strimzi.io", Version: "v1", Resource: "strimzipodsets"}

	clusterRoleBindings = schema.GroupVersionResource{Group: "rbac.authorization.k8s.io", Version: "v1", Resource: "clusterrolebindings"}
	networkPolicies     = schema.GroupVersionResource{Group: "networking.k8s.io", Version: "v1", Resource: "networkpolicies"}
)

// strimzi is the cluster operator together with the topic and user operators in the pods that it makes, after cluster-operator, topic-operator and
// user-operator of strimzi-kafka-operator 1.2.0. No Kafka runs: a ready broker has every replica, a topic is there at once, and a user may log in.
//
// Not shown: listeners from outside, JMX, metrics reporters' ConfigMaps, tiered storage, KafkaExporter, auto-rebalancing, maintenance windows, renewal of
// certificates, custom authorities, PKCS12 stores, upgrades in several steps, feature gates, moves of replicas, its events.
func strimzi() *operator {
	passive := func(context.Context, *world, *unstructured.Unstructured) error { return nil }
	return &operator{
		name:       "strimzi-kafka-operator",
		controller: labels.Set{"app": "strimzi", "component": "deployment"},
		subjects: []subject{
			{"Kafka", kafkas, syncKafka},
			{"KafkaNodePool", kafkaNodePools, passive},
			{"StrimziPodSet", strimziPodSets, syncPodSet},
			{"KafkaTopic", kafkaTopics, syncKafkaTopic},
			{"KafkaUser", kafkaUsers, syncKafkaUser},
		},
		looksAt: []schema.GroupVersionResource{
			pods, claims, services, secrets, configMaps, serviceAccounts, budgets, networkPolicies, roles, roleBindings,
			clusterRoleBindings,
		},
		begin: clearBindings,
		rights: []rbacv1.PolicyRule{
			rule("", []string{"create", "patch", "delete"}, "pods", "persistentvolumeclaims", "services", "secrets", "configmaps", "serviceaccounts"),
			rule("apps", []string{"create", "patch", "delete"}, "deployments"),
			rule("policy", []string{"create", "patch", "delete"}, "poddisruptionbudgets"),
			rule("networking.k8s.io", []string{"create", "patch", "delete"}, "networkpolicies"),
			rule(strimziPodSets.Group, []string{"create", "patch", "delete"}, "strimzipodsets"),
			rule(roles.Group, []string{"create", "patch", "delete"}, "roles", "rolebindings", "clusterrolebindings"),
			// Nobody may give away what is not theirs: brokers ask for the zone of their node, and the entity operator has its own objects and Secrets
			// (030-ClusterRole-strimzi-kafka-broker.yaml and 031-ClusterRole-strimzi-entity-operator.yaml of the chart).
			rule("", []string{"get"}, "nodes"),
			rule("", []string{"get", "list", "watch", "update"}, "secrets"),
			rule(strimziV1.Group, []string{"create", "patch", "update", "delete"}, "kafkatopics", "kafkausers"),
			rule(strimziV1.Group, []string{"get", "patch", "update"}, "kafkatopics/status", "kafkausers/status"),
			rule(strimziV1.Group, []string{"update"}, "kafkatopics/finalizers", "kafkausers/finalizers"),
		},
	}
}

// clearBindings removes what belongs to a Kafka that has gone, and that no owner reference can reach from a namespace (KafkaAssemblyOperator.delete).
func clearBindings(ctx context.Context, w *world) error {
	for _, each := range w.list(clusterRoleBindings, labels.Set{strimziKindWord: "Kafka", "app.kubernetes.io/managed-by": strimziManager}) {
		if w.get(kafkas, each.GetAnnotations()["tars-simulator/namespace"], each.GetLabels()[strimziCluster]) != nil || w.store(kafkas) == nil {
			continue
		}
		if err := ignoreGone(w.write(clusterRoleBindings, "").Delete(ctx, each.GetName(), deleteNow)); err != nil {
			return err
		}
	}
	return nil
}

// syncKafka brings a Kafka cluster a step further (KafkaAssemblyOperator.reconcile). Whatever it changes brings it here again.
func syncKafka(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	if object.GetDeletionTimestamp() != nil || object.GetAnnotations()["strimzi.io/pause-reconciliation"] == "true" {
		return nil
	}
	k, err := readKafka(w, object)
	if err != nil {
		return err
	}
	failed := k.reconcile(ctx)
	if err := w.setStatus(ctx, kafkas, object, k.status); err != nil {
		return err
	}
	return failed
}

// reconcile ends at the first step that has something to wait for.
func (k *kafka) reconcile(ctx context.Context) error {
	if reason, message := k.refusal(); reason != "" {
		k.status.notReady(reason, message)
		return nil
	}
	k.assignNodes()
	for _, step := range []func(context.Context) (bool, error){
		k.makeAuthorities, k.makePolicies, k.makeClaims, k.makeAccounts, k.showPools, k.makeServices, k.makeNodeSecrets, k.makeConfigs, k.makeBudget,
		k.makePodSets, k.rollOut, k.makeCruiseControl, k.makeEntityOperator,
	} {
		wait, err := step(ctx)
		if err != nil {
			k.status.notReady("FatalProblem", err.Error())
			return err
		}
		if wait {
			k.status.notReady("Creating", "Kafka cluster is being deployed")
			return nil
		}
	}
	k.finish()
	return nil
}
