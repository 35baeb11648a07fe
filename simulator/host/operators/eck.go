package operators

import (
	"context"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// eckManager is what the operator calls itself in the fields that it writes.
const eckManager = "elastic-operator"

var elasticsearches = schema.GroupVersionResource{Group: "elasticsearch.k8s.elastic.co", Version: "v1", Resource: "elasticsearches"}

// eck is Elastic's operator together with the Elasticsearch in the pods that it makes, after pkg/controller/elasticsearch of cloud-on-k8s v3.5.0. No
// Elasticsearch runs: a node that is ready has joined, most of those that vote lead, and data is wherever it should be.
//
// Not shown: Kibana and the other kinds, StackConfigPolicy and what else a licence brings (budgets by role), secure settings, remote clusters, client
// certificates, certificates that are given, their renewal, suspended and paused nodes, surge, moves of data, hints, events, the webhook.
func eck() *operator {
	return &operator{
		name:       "eck-operator",
		controller: labels.Set{"app.kubernetes.io/name": eckManager},
		subjects:   []subject{{"Elasticsearch", elasticsearches, syncElasticsearch}},
		looksAt:    []schema.GroupVersionResource{pods, claims, nodes, statefulSets, services, secrets, configMaps, budgets},
		rights: []rbacv1.PolicyRule{
			rule("", []string{"create", "patch", "delete"}, "pods", "persistentvolumeclaims", "services", "secrets", "configmaps"),
			rule("apps", []string{"create", "patch", "delete"}, "statefulsets"),
			rule("policy", []string{"create", "patch", "delete"}, "poddisruptionbudgets"),
		},
	}
}

// syncElasticsearch brings a cluster a step further (Driver.Reconcile of driver/stateful/driver.go). Whatever it changes brings it here again.
func syncElasticsearch(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	if object.GetDeletionTimestamp() != nil || object.GetAnnotations()["common.k8s.elastic.co/managed"] == "false" {
		return nil
	}
	e, err := readElasticsearch(w, object)
	if err != nil {
		return err
	}
	failed := e.reconcile(ctx)
	if err := w.setStatus(ctx, elasticsearches, object, e.status); err != nil {
		return err
	}
	return failed
}

// reconcile ends at the first step that has something to wait for.
func (e *elasticsearch) reconcile(ctx context.Context) error {
	if message := e.refusal(); message != "" {
		e.status.invalid(message)
		return nil
	}
	if err := e.lookAtPods(); err != nil {
		return err
	}
	e.showNodes()
	for _, step := range []func(context.Context) (bool, error){
		e.makeServices, e.makeConfigMaps, e.makeCertificates, e.makeUsers, e.makeKeystore, e.makeConfigs, e.annotatePods, e.growClaims, e.makeSets, e.removeSets,
		e.makeBudget, e.rollOut,
	} {
		wait, err := step(ctx)
		if err != nil {
			e.status.applying(err.Error())
			return err
		}
		if wait {
			e.status.applying("")
			return nil
		}
	}
	if e.ready < e.wanted() {
		e.status.applying("")
		return nil
	}
	e.status.settled(e.spec.Version)
	return nil
}
