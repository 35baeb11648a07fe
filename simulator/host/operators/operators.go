// Package operators does what the operators of the stack's charts would do, whose pods never run here: it makes what they make of a custom resource, and
// shows in its status what they show. It is written after the operators' own sources, in the versions that the platform pins; each file names them.
//
// An operator acts only while its chart's Deployment has an available pod, so a stack that forgets the chart, or takes it away too early, sees what it
// would see on a real cluster: nothing happens.
package operators

import (
	"context"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// subject is a kind of custom resource that an operator acts on.
type subject struct {
	kind     string
	resource schema.GroupVersionResource
	// sync brings what belongs to an object in line with it, as often as anything changes that the operator looks at.
	sync func(ctx context.Context, w *world, object *unstructured.Unstructured) error
}

// operator stands in for one operator.
type operator struct {
	// name is what simulator/standins/kinds.json calls it.
	name string
	// controller are labels of the Deployment, or of the StatefulSet, in which the true operator runs.
	controller labels.Set
	subjects   []subject
	// looksAt are further kinds that decide what it does.
	looksAt []schema.GroupVersionResource
	// begin makes what the operator makes of itself; may be nil.
	begin func(ctx context.Context, w *world) error
	// rights are what it does to objects that are no subjects.
	rights []rbacv1.PolicyRule
}

// Kinds that operators look at or make.
var (
	coreV1          = schema.GroupVersion{Version: "v1"}
	appsV1          = schema.GroupVersion{Group: "apps", Version: "v1"}
	deployments     = appsV1.WithResource("deployments")
	statefulSets    = appsV1.WithResource("statefulsets")
	services        = coreV1.WithResource("services")
	secrets         = coreV1.WithResource("secrets")
	configMaps      = coreV1.WithResource("configmaps")
	namespaces      = coreV1.WithResource("namespaces")
	serviceAccounts = coreV1.WithResource("serviceaccounts")
	endpointSlices  = schema.GroupVersionResource{Group: "discovery.k8s.io", Version: "v1", Resource: "endpointslices"}
	autoscalers     = schema.GroupVersionResource{Group: "autoscaling", Version: "v2", Resource: "horizontalpodautoscalers"}
	budgets         = schema.GroupVersionResource{Group: "policy", Version: "v1", Resource: "poddisruptionbudgets"}
)

// all operators that the simulator has.
func all() []*operator {
	return []*operator{gatewayOperator(), nginxOperator(), certManager(), externalSecrets(), kyverno(), velero(), cloudNativePG(), barmanCloud(), redisOperator(), strimzi(), eck(), altinityOperator()}
}

// User is the name under which the API server knows the operators.
const User = "tars-simulator:operators"

// Kinds are the custom resources that operators act on, by group and kind: the name of the operator, of the first where several share one.
func Kinds() map[string]map[string]string {
	kinds := map[string]map[string]string{}
	for _, each := range all() {
		for _, subject := range each.subjects {
			if kinds[subject.resource.Group] == nil {
				kinds[subject.resource.Group] = map[string]string{}
			}
			if kinds[subject.resource.Group][subject.kind] == "" {
				kinds[subject.resource.Group][subject.kind] = each.name
			}
		}
	}
	return kinds
}

// Rules are the rights of the user: to look at what decides, to change what it shows of its subjects, and to make what the operators make.
func Rules() []rbacv1.PolicyRule {
	watch := []string{"get", "list", "watch"}
	rules := []rbacv1.PolicyRule{rule("apiextensions.k8s.io", watch, "customresourcedefinitions"), rule("apps", watch, "deployments")}
	for _, each := range all() {
		for _, subject := range each.subjects {
			resource := subject.resource
			rules = append(rules, rule(resource.Group, watch, resource.Resource),
				rule(resource.Group, []string{"update"}, resource.Resource+"/status"))
		}
		for _, resource := range each.looksAt {
			rules = append(rules, rule(resource.Group, watch, resource.Resource))
		}
		rules = append(rules, each.rights...)
	}
	return rules
}

func rule(group string, verbs []string, resources ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: verbs}
}

// concernedBy says whether a change of such an object may change what the operator does.
func (o *operator) concernedBy(resource schema.GroupVersionResource) bool {
	return resource == deployments || o.subject(resource) != nil || slices.Contains(o.looksAt, resource)
}

func (o *operator) subject(resource schema.GroupVersionResource) *subject {
	for index := range o.subjects {
		if o.subjects[index].resource == resource {
			return &o.subjects[index]
		}
	}
	return nil
}
