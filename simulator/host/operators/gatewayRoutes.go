package operators

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// parentReference names a gateway, or a service inside of the mesh, to which a route belongs.
type parentReference struct {
	Group       *string `json:"group,omitempty"`
	Kind        *string `json:"kind,omitempty"`
	Namespace   *string `json:"namespace,omitempty"`
	Name        string  `json:"name"`
	SectionName *string `json:"sectionName,omitempty"`
	Port        *int64  `json:"port,omitempty"`
}

func (p parentReference) reference() reference {
	return reference{p.Group, p.Kind, p.Namespace, p.Name, p.Port}
}

func (p parentReference) isService() bool {
	return said(p.Group, gatewayGroup) == "" && said(p.Kind, "") == "Service"
}

// routeSpec is what is read of a route of any kind.
type routeSpec struct {
	ParentRefs []parentReference
	Hostnames  []string
	Rules      []struct {
		BackendRefs []reference
		Filters     []struct {
			RequestMirror *struct{ BackendRef reference }
		}
	}
}

type parentStatus struct {
	ParentRef      parentReference `json:"parentRef"`
	ControllerName string          `json:"controllerName"`
	Conditions     []condition     `json:"conditions"`
}

// refusal is why something is not as asked; nil when it is.
type refusal struct{ reason, message string }

// routeSync shows the parents of routes of a kind: route_collections.go and conditions.go (createRouteStatus) of istio 1.30.3.
func routeSync(resource schema.GroupVersionResource) func(context.Context, *world, *unstructured.Unstructured) error {
	return routesOf(resource, gatewayManager, routeConditions)
}

// judgeRoute says what a controller shows of a route's parent; nothing where the parent is another controller's, or not there.
type judgeRoute func(w *world, route *unstructured.Unstructured, spec *routeSpec, parent parentReference) []condition

// routesOf shows what a controller says of the parents of routes of a kind, beside what others say.
func routesOf(resource schema.GroupVersionResource, manager string, judge judgeRoute) func(context.Context, *world, *unstructured.Unstructured) error {
	return func(ctx context.Context, w *world, route *unstructured.Unstructured) error {
		spec := &routeSpec{}
		if err := read(route, spec, "spec"); err != nil {
			return err
		}
		var before []parentStatus
		if err := read(route, &before, "status", "parents"); err != nil {
			return err
		}
		shown := slices.DeleteFunc(slices.Clone(before), func(each parentStatus) bool { return each.ControllerName == manager })
		for _, parent := range spec.ParentRefs {
			conditions := judge(w, route, spec, parent)
			if conditions == nil {
				continue
			}
			var known []condition
			for _, each := range before {
				if each.ControllerName == manager && digest(each.ParentRef) == digest(parent) {
					known = each.Conditions
				}
			}
			shown = append(shown, parentStatus{parent, manager, merged(known, conditions...)})
		}
		if shown == nil {
			shown = []parentStatus{}
		}
		return w.setStatus(ctx, resource, route, map[string]any{"parents": shown})
	}
}

func routeConditions(w *world, route *unstructured.Unstructured, spec *routeSpec, parent parentReference) []condition {
	bound, refused, known := bind(w, route, spec, parent)
	if !known {
		return nil
	}
	accepted := condition{Type: "Accepted", Status: conditionTrue, Reason: "Accepted", Message: "Route was valid"}
	if bound > 1 {
		accepted.Message = fmt.Sprintf("Route was valid, bound to %d parents", bound)
	}
	if refused != nil {
		accepted.Status, accepted.Reason, accepted.Message = conditionFalse, refused.reason, refused.message
	}
	resolved := condition{Type: "ResolvedRefs", Status: conditionTrue, Reason: "ResolvedRefs", Message: "All references resolved"}
	if bad := badBackend(w, route, spec, !parent.isService()); bad != nil {
		resolved.Status, resolved.Reason, resolved.Message = conditionFalse, bad.reason, bad.message
	}
	waypoints := condition{Type: "ResolvedWaypoints", Status: conditionTrue, Reason: "ResolvedWaypoints", Message: "All waypoints resolved"}
	shown := []condition{accepted, resolved, waypoints}
	for index := range shown {
		shown[index].ObservedGeneration = route.GetGeneration()
	}
	return shown
}

// bind says to how many listeners of a parent a route is bound, or why to none; known is false for parents that are not istiod's.
func bind(w *world, route *unstructured.Unstructured, spec *routeSpec, parent parentReference) (bound int, refused *refusal, known bool) {
	namespace := said(parent.Namespace, route.GetNamespace())
	if parent.isService() {
		if w.get(services, namespace, parent.Name) == nil {
			return 0, &refusal{"NoMatchingParent", fmt.Sprintf("parent service: %q not found", parent.Name)}, true
		}
		return 1, nil, true
	}
	gateway, gatewaySpec := gatewayOf(w, namespace, parent)
	if gateway == nil {
		return 0, nil, false
	}
	bound, refused = boundTo(w, gateway, gatewaySpec, route, spec, parent)
	return bound, refused, true
}

// boundTo says to how many listeners of a gateway a route is bound, or why to none.
func boundTo(w *world, gateway *unstructured.Unstructured, gatewaySpec *gatewaySpec, route *unstructured.Unstructured, spec *routeSpec, parent parentReference) (bound int, refused *refusal) {
	var refusals []*refusal
	for index := range gatewaySpec.Listeners {
		if denied := gatewaySpec.Listeners[index].refuses(w, gateway, route, spec, parent); denied != nil {
			refusals = append(refusals, denied)
		} else {
			bound++
		}
	}
	if bound > 0 {
		return bound, nil
	}
	return 0, mostTelling(refusals)
}

// gatewayOf is the gateway of istiod that a parent names, nil when it names none.
func gatewayOf(w *world, namespace string, parent parentReference) (*unstructured.Unstructured, *gatewaySpec) {
	gateway, spec := namedGateway(w, namespace, parent)
	if gateway == nil {
		return nil, nil
	}
	// Routes of waypoints are the business of the services behind them.
	if class := classOf(w, spec.GatewayClassName); class == nil || class.serviceType == "" || class.waypoint {
		return nil, nil
	}
	return gateway, spec
}

// namedGateway is the gateway that a parent names, whosever it is; nil when it names none.
func namedGateway(w *world, namespace string, parent parentReference) (*unstructured.Unstructured, *gatewaySpec) {
	if said(parent.Group, gatewayGroup) != gatewayGroup || said(parent.Kind, "Gateway") != "Gateway" {
		return nil, nil
	}
	gateway, spec := w.get(gateways, namespace, parent.Name), &gatewaySpec{}
	if gateway == nil || read(gateway, spec, "spec") != nil {
		return nil, nil
	}
	return gateway, spec
}

// mostTelling is the one that comes nearest to fitting; those of the same kind are told together.
func mostTelling(refusals []*refusal) *refusal {
	for _, reason := range []string{"NotAllowedByListeners", "NoMatchingListenerHostname", "NoMatchingParent"} {
		var messages []string
		for _, each := range refusals {
			if each.reason == reason {
				messages = append(messages, each.message)
			}
		}
		if len(messages) > 0 {
			return &refusal{reason, strings.Join(messages, "; ")}
		}
	}
	return &refusal{"NoMatchingParent", "parent has no listeners"}
}

// refuses says why a listener does not take a route: conversion.go, referenceAllowed.
func (l *listener) refuses(w *world, gateway, route *unstructured.Unstructured, spec *routeSpec, parent parentReference) *refusal {
	if parent.Port != nil && *parent.Port != l.Port {
		return &refusal{"NoMatchingParent", fmt.Sprintf("port %d not found", *parent.Port)}
	}
	if parent.SectionName != nil && *parent.SectionName != l.Name {
		return &refusal{"NoMatchingParent", fmt.Sprintf("sectionName %q not found", *parent.SectionName)}
	}
	hostnames := spec.Hostnames
	if len(hostnames) == 0 {
		hostnames = []string{"*"}
	}
	if !slices.ContainsFunc(hostnames, func(name string) bool { return hostsMatch(orElse(l.Hostname, "*"), name) }) {
		return &refusal{"NoMatchingListenerHostname", fmt.Sprintf("no hostnames matched parent hostname %q", l.Hostname)}
	}
	if !l.allows(w, gateway.GetNamespace(), route.GetNamespace()) {
		return &refusal{"NotAllowedByListeners", fmt.Sprintf("hostnames matched parent hostname %q, but namespace %q is not allowed by the parent",
			l.Hostname, route.GetNamespace())}
	}
	if !slices.Contains(l.supportedKinds(), routeKind{gatewayGroup, route.GetKind()}) {
		return &refusal{"NotAllowedByListeners", fmt.Sprintf("kind %s/v1/%s is not allowed", gatewayGroup, route.GetKind())}
	}
	return nil
}

// hostsMatch is pkg/config/host of istio: a `*` at the beginning of either stands for anything.
func hostsMatch(one, other string) bool {
	oneWild, otherWild := strings.HasPrefix(one, "*"), strings.HasPrefix(other, "*")
	switch {
	case oneWild && otherWild && len(one) < len(other):
		return strings.HasSuffix(other[1:], one[1:])
	case oneWild && otherWild:
		return strings.HasSuffix(one[1:], other[1:])
	case oneWild:
		return strings.HasSuffix(other, one[1:])
	case otherWild:
		return strings.HasSuffix(one, other[1:])
	default:
		return one == other
	}
}

// badBackend is what is wrong with the first backend that cannot be used: conversion.go, buildDestination.
func badBackend(w *world, route *unstructured.Unstructured, spec *routeSpec, needsGrant bool) *refusal {
	for _, rule := range spec.Rules {
		backends := slices.Clone(rule.BackendRefs)
		for _, filter := range rule.Filters {
			if filter.RequestMirror != nil {
				backends = append(backends, filter.RequestMirror.BackendRef)
			}
		}
		for _, backend := range backends {
			if bad := refusedBackend(w, route, backend, needsGrant); bad != nil {
				return bad
			}
		}
	}
	return nil
}

func refusedBackend(w *world, route *unstructured.Unstructured, backend reference, needsGrant bool) *refusal {
	namespace := backend.namespace(route.GetNamespace())
	group, kind := backend.group(""), backend.kind("Service")
	target := to{group, kind, namespace, backend.Name}
	if needsGrant && namespace != route.GetNamespace() && !granted(w, from{gatewayGroup, route.GetKind(), route.GetNamespace()}, target) {
		return &refusal{"RefNotPermitted", fmt.Sprintf("backendRef %s/%s not accessible to a %s in namespace %q (missing a ReferenceGrant?)",
			backend.Name, namespace, route.GetKind(), route.GetNamespace())}
	}
	switch {
	case group != "" || kind != "Service":
		return &refusal{"InvalidKind", fmt.Sprintf("referencing unsupported backendRef: group %q kind %q", group, kind)}
	case strings.Contains(backend.Name, "."):
		return &refusal{"InvalidDestination", "service name invalid; the name of the Service must be used, not the hostname."}
	case backend.Port == nil:
		return &refusal{"InvalidDestination", "port is required in backendRef"}
	case w.get(services, namespace, backend.Name) == nil:
		return &refusal{"BackendNotFound", fmt.Sprintf("backend(%s.%s.svc.cluster.local) not found", backend.Name, namespace)}
	}
	return nil
}

// findGateway is the gateway of a controller that a parent names; nil when it names none of it.
type findGateway func(w *world, namespace string, parent parentReference) (*unstructured.Unstructured, *gatewaySpec)

// attachedRoutes counts the routes of each listener of a gateway.
func attachedRoutes(w *world, gateway *unstructured.Unstructured, find findGateway) map[string]int64 {
	counts := map[string]int64{}
	for _, resource := range []schema.GroupVersionResource{httpRoutes, grpcRoutes} {
		for _, route := range w.list(resource, nil) {
			spec := &routeSpec{}
			if read(route, spec, "spec") != nil {
				continue
			}
			for _, parent := range spec.ParentRefs {
				namespace := said(parent.Namespace, route.GetNamespace())
				found, gatewaySpec := find(w, namespace, parent)
				if found == nil || parent.isService() || namespace != gateway.GetNamespace() || parent.Name != gateway.GetName() {
					continue
				}
				for index := range gatewaySpec.Listeners {
					if gatewaySpec.Listeners[index].refuses(w, gateway, route, spec, parent) == nil {
						counts[gatewaySpec.Listeners[index].Name]++
					}
				}
			}
		}
	}
	return counts
}

// dataOf is what a Secret holds, decoded.
func dataOf(secret *unstructured.Unstructured) map[string][]byte {
	content, err := json.Marshal(secret.Object["data"])
	if err != nil {
		return nil
	}
	data := map[string][]byte{}
	if json.Unmarshal(content, &data) != nil {
		return nil
	}
	return data
}
