package operators

import (
	"context"
	"fmt"
	"slices"

	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// nginxManager is the name of NGINX Gateway Fabric's controller, which classes of its gateways carry.
const nginxManager = "gateway.nginx.org/nginx-gateway-controller"

const nginxFabric = "nginx-gateway-fabric"

var nginxProxies = schema.GroupVersionResource{Group: "gateway.nginx.org", Version: "v1alpha2", Resource: "nginxproxies"}

// nginxOperator is the control plane of NGINX Gateway Fabric, after internal/controller of nginx/nginx-gateway-fabric at v2.6.7. Its own policies it
// shows nothing of.
func nginxOperator() *operator {
	return &operator{
		name:       nginxFabric,
		controller: labels.Set{"app.kubernetes.io/name": nginxFabric},
		subjects: []subject{
			{"NginxProxy", nginxProxies, func(context.Context, *world, *unstructured.Unstructured) error { return nil }},
			{"GatewayClass", gatewayClasses, syncNginxClass},
			{"Gateway", gateways, syncNginxGateway},
			{"HTTPRoute", httpRoutes, nginxRouteSync(httpRoutes)},
			{"GRPCRoute", grpcRoutes, nginxRouteSync(grpcRoutes)},
		},
		looksAt: []schema.GroupVersionResource{services, secrets, namespaces, referenceGrants},
		rights: []rbacv1.PolicyRule{
			rule("", []string{"get", "create", "patch"}, "services", "serviceaccounts", "secrets", "configmaps"),
			rule("apps", []string{"get", "create", "patch"}, "deployments"),
			rule("autoscaling", []string{"get", "create", "patch"}, "horizontalpodautoscalers"),
		},
	}
}

// isNginxClass says whether a class is the control plane's.
func isNginxClass(w *world, name string) bool {
	class := w.get(gatewayClasses, "", name)
	if class == nil {
		return false
	}
	controller, _, _ := unstructured.NestedString(class.Object, "spec", "controllerName")
	return controller == nginxManager
}

func syncNginxClass(ctx context.Context, w *world, class *unstructured.Unstructured) error {
	if !isNginxClass(w, class.GetName()) {
		return nil
	}
	var before []condition
	if err := read(class, &before, "status", "conditions"); err != nil {
		return err
	}
	shown := seen(class, condition{Type: "Accepted", Message: "The GatewayClass is accepted"},
		condition{Type: "SupportedVersion", Message: "The Gateway API CRD versions are supported"})
	return w.setStatus(ctx, gatewayClasses, class, map[string]any{"conditions": merged(before, shown...)})
}

// seen are conditions that are true, for the reason of their name.
func seen(object *unstructured.Unstructured, conditions ...condition) []condition {
	for index := range conditions {
		if conditions[index].Status == "" {
			conditions[index].Status, conditions[index].Reason = conditionTrue, conditions[index].Type
		}
		conditions[index].ObservedGeneration = object.GetGeneration()
	}
	return conditions
}

func syncNginxGateway(ctx context.Context, w *world, gateway *unstructured.Unstructured) error {
	spec := &gatewaySpec{}
	if err := read(gateway, spec, "spec"); err != nil {
		return err
	}
	if !isNginxClass(w, spec.GatewayClassName) || gateway.GetDeletionTimestamp() != nil {
		return nil
	}
	settings, refused := nginxSettingsOf(w, gateway, spec)
	var made error
	if refused == nil {
		made = makeNginx(ctx, w, gateway, spec, settings)
	}
	if err := showNginxGateway(ctx, w, gateway, spec, refused); err != nil {
		return err
	}
	return made
}

// showNginxGateway sets a gateway's status: internal/controller/status/prepare_requests.go. NGINX's pods have no say in it.
func showNginxGateway(ctx context.Context, w *world, gateway *unstructured.Unstructured, spec *gatewaySpec, refused *refusal) error {
	status := gatewayStatus{}
	if err := read(gateway, &status, "status"); err != nil {
		return err
	}
	conditions := []condition{{Type: "Accepted", Message: "The Gateway is accepted"}, {Type: "Programmed", Message: "The Gateway is programmed"}}
	if spec.Infrastructure != nil && spec.Infrastructure.ParametersRef != nil {
		resolved := condition{Type: "ResolvedRefs", Message: "The referenced resources are resolved"}
		if refused != nil {
			resolved.Status, resolved.Reason, resolved.Message = conditionFalse, refused.reason, refused.message
		}
		conditions = append(conditions, resolved)
	}
	valid := 0
	status.showListeners(spec, attachedRoutes(w, gateway, nginxGatewayOf), func(each *listener) []condition {
		own, isValid := each.nginxConditions(w, gateway)
		if isValid {
			valid++
		}
		return own
	})
	if accepted := &conditions[0]; valid < len(spec.Listeners) {
		accepted.Status, accepted.Reason, accepted.Message = conditionTrue, "ListenersNotValid", "The Gateway has at least one valid listener"
		if valid == 0 {
			accepted.Status, accepted.Message = conditionFalse, "The Gateway has no valid listeners"
			conditions[1].Status, conditions[1].Reason, conditions[1].Message = conditionFalse, "Invalid", accepted.Message
		}
	}
	status.Conditions = merged(status.Conditions, seen(gateway, conditions...)...)
	status.Addresses = nginxAddresses(w, gateway, spec)
	return w.setStatus(ctx, gateways, gateway, status)
}

// nginxAddresses are those of the Service that callers come by: status.go, getGatewayAddresses.
func nginxAddresses(w *world, gateway *unstructured.Unstructured, spec *gatewaySpec) []gatewayAddress {
	service := w.get(services, gateway.GetNamespace(), nginxName(gateway.GetName(), spec.GatewayClassName))
	if service == nil {
		return nil
	}
	values := balancerAddresses(service)
	if kind, _, _ := unstructured.NestedString(service.Object, "spec", "type"); kind != "LoadBalancer" {
		if address, _, _ := unstructured.NestedString(service.Object, "spec", "clusterIP"); address != "" && address != "None" {
			values = append(values, address)
		}
	}
	return addressesOf(values)
}

// nginxConditions are those of a listener: state/graph/gateway_listener.go and state/conditions. A certificate that is missing makes it invalid.
func (l *listener) nginxConditions(w *world, gateway *unstructured.Unstructured) ([]condition, bool) {
	conditions := []condition{
		{Type: "Accepted", Message: "The Listener is accepted"},
		{Type: "Programmed", Message: "The Listener is programmed"},
		{Type: "ResolvedRefs", Message: "All references are resolved"},
		{Type: "Conflicted", Status: conditionFalse, Reason: "NoConflicts", Message: "No conflicts"},
	}
	accepted, programmed, resolved := &conditions[0], &conditions[1], &conditions[2]
	isValid := true
	refuse := func(reason, message string) {
		isValid = false
		accepted.Status, accepted.Reason, accepted.Message = conditionFalse, reason, message
		programmed.Status, programmed.Reason, programmed.Message = conditionFalse, "Invalid", message
	}
	if !slices.Contains([]string{"HTTP", "HTTPS"}, l.Protocol) {
		refuse("UnsupportedProtocol", fmt.Sprintf("protocol %q is not among those of this stand-in", l.Protocol))
	}
	if l.TLS != nil {
		for key, value := range l.TLS.Options {
			if !slices.Contains([]string{"nginx.org/ssl-protocols", "nginx.org/ssl-ciphers", "nginx.org/ssl-prefer-server-ciphers"}, key) {
				refuse("UnsupportedValue", fmt.Sprintf("tls.options: Unsupported value: %q=%q", key, value))
			}
		}
	}
	if reason, message := l.badTLS(w, gateway); reason != "" {
		refuse(reason, message)
		resolved.Status, resolved.Reason, resolved.Message = conditionFalse, reason, message
	}
	return seen(gateway, conditions...), isValid
}

// nginxGatewayOf is the gateway of class nginx that a parent names, nil when it names none.
func nginxGatewayOf(w *world, namespace string, parent parentReference) (*unstructured.Unstructured, *gatewaySpec) {
	gateway, spec := namedGateway(w, namespace, parent)
	if gateway == nil || !isNginxClass(w, spec.GatewayClassName) {
		return nil, nil
	}
	return gateway, spec
}

// nginxRouteSync shows the parents of routes of a kind: state/graph/route_common.go and state/conditions.
func nginxRouteSync(resource schema.GroupVersionResource) func(context.Context, *world, *unstructured.Unstructured) error {
	return routesOf(resource, nginxManager, func(w *world, route *unstructured.Unstructured, spec *routeSpec, parent parentReference) []condition {
		gateway, gatewaySpec := nginxGatewayOf(w, said(parent.Namespace, route.GetNamespace()), parent)
		if gateway == nil {
			return nil
		}
		accepted := condition{Type: "Accepted", Message: "The Route is accepted"}
		if _, refused := boundTo(w, gateway, gatewaySpec, route, spec, parent); refused != nil {
			accepted.Status, accepted.Reason, accepted.Message = conditionFalse, refused.reason, refused.message
		}
		resolved := condition{Type: "ResolvedRefs", Message: "All references are resolved"}
		if bad := badBackend(w, route, spec, true); bad != nil {
			resolved.Status, resolved.Reason, resolved.Message = conditionFalse, bad.reason, bad.message
		}
		return seen(route, accepted, resolved)
	})
}
