package operators

import (
	"context"
	"crypto/tls"
	"fmt"
	"net"
	"slices"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
)

type gatewayAddress struct {
	Type  string `json:"type,omitempty"`
	Value string `json:"value"`
}

type listenerStatus struct {
	Name           string      `json:"name"`
	SupportedKinds []routeKind `json:"supportedKinds"`
	AttachedRoutes int64       `json:"attachedRoutes"`
	Conditions     []condition `json:"conditions"`
}

type gatewayStatus struct {
	Addresses  []gatewayAddress `json:"addresses,omitempty"`
	Conditions []condition      `json:"conditions,omitempty"`
	Listeners  []listenerStatus `json:"listeners,omitempty"`
}

// showGateway sets a gateway's status: conversion.go, reportGatewayStatus, of istio 1.30.3.
func showGateway(ctx context.Context, w *world, gateway *unstructured.Unstructured, class *gatewayClass, spec *gatewaySpec) error {
	status := gatewayStatus{}
	if err := read(gateway, &status, "status"); err != nil {
		return err
	}
	generation := gateway.GetGeneration()
	accepted := condition{Type: "Accepted", Status: conditionTrue, Reason: "Accepted", Message: "Resource accepted", ObservedGeneration: generation}
	if class.serviceType == "" {
		status.Listeners, status.Addresses = nil, nil
		for _, address := range spec.Addresses {
			status.Addresses = append(status.Addresses, gatewayAddress{Type: said(address.Type, ""), Value: address.Value})
		}
		status.Conditions = merged(status.Conditions, accepted, condition{Type: "Programmed", Status: conditionTrue, Reason: "Programmed",
			Message: "This Gateway is remote; Istio will not program it", ObservedGeneration: generation})
		return w.setStatus(ctx, gateways, gateway, status)
	}
	reached := resolve(w, gateway, class, spec)
	programmed := reached.programmed()
	programmed.ObservedGeneration = generation
	status.Conditions = merged(status.Conditions, accepted, programmed)
	// Once there is an address it is never taken away.
	if addresses := reached.addresses(class); len(addresses) > 0 {
		status.Addresses = addresses
	}
	status.showListeners(spec, attachedRoutes(w, gateway, gatewayOf), func(each *listener) []condition { return each.conditions(w, gateway, class) })
	return w.setStatus(ctx, gateways, gateway, status)
}

// showListeners puts the listeners of a gateway in the place of those that its status had, by what a controller says of each.
func (s *gatewayStatus) showListeners(spec *gatewaySpec, attached map[string]int64, judge func(*listener) []condition) {
	before := s.Listeners
	s.Listeners = nil
	for index := range spec.Listeners {
		each := &spec.Listeners[index]
		shown := listenerStatus{Name: each.Name, SupportedKinds: each.supportedKinds(), AttachedRoutes: attached[each.Name]}
		if at := slices.IndexFunc(before, func(old listenerStatus) bool { return old.Name == each.Name }); at >= 0 {
			shown.Conditions = before[at].Conditions
		}
		shown.Conditions = merged(shown.Conditions, judge(each)...)
		s.Listeners = append(s.Listeners, shown)
	}
}

// reach is what is known of the Services that a gateway is reached by (gatewaycommon/context.go, ResolveGatewayInstances).
type reach struct {
	services, internal, internalIPs, external, pending, warnings []string
	unusable                                                     bool
}

func resolve(w *world, gateway *unstructured.Unstructured, class *gatewayClass, spec *gatewaySpec) *reach {
	found := &reach{}
	names := []string{proxyName(gateway, class, spec)}
	if !spec.managed() {
		names = nil
		for _, address := range spec.Addresses {
			if address.Type == nil || *address.Type == "Hostname" {
				names = append(names, strings.TrimSuffix(address.Value, "."+gateway.GetNamespace()+".svc.cluster.local"))
			}
		}
	}
	for _, name := range names {
		host := name + "." + gateway.GetNamespace() + ".svc.cluster.local"
		found.services = append(found.services, host)
		service := w.get(services, gateway.GetNamespace(), name)
		if service == nil {
			found.warnings = append(found.warnings, fmt.Sprintf("hostname %q not found", host))
			found.unusable = true
			continue
		}
		found.look(w, service, host, spec)
	}
	slices.Sort(found.warnings)
	return found
}

func (r *reach) look(w *world, service *unstructured.Unstructured, host string, spec *gatewaySpec) {
	if !hasEndpoints(w, service) {
		r.warnings = append(r.warnings, fmt.Sprintf("no instances found for hostname %q", host))
		return
	}
	for _, each := range spec.Listeners {
		if at := fmt.Sprintf("%s:%d", host, each.Port); !slices.Contains(r.internal, at) {
			r.internal = append(r.internal, at)
		}
	}
	slices.Sort(r.internal)
	r.internalIPs, _, _ = unstructured.NestedStringSlice(service.Object, "spec", "clusterIPs")
	r.external = append(r.external, balancerAddresses(service)...)
	if kind, _, _ := unstructured.NestedString(service.Object, "spec", "type"); kind == "LoadBalancer" && len(r.external) == 0 {
		r.pending = append(r.pending, host)
		r.warnings = append(r.warnings, fmt.Sprintf("address pending for hostname %q", host))
	}
}

// balancerAddresses are those that a Service's load balancer has so far.
func balancerAddresses(service *unstructured.Unstructured) []string {
	var balancer struct {
		Ingress []struct{ IP, Hostname string }
	}
	if read(service, &balancer, "status", "loadBalancer") != nil {
		return nil // the API server lets nobody write another shape
	}
	var addresses []string
	for _, ingress := range balancer.Ingress {
		addresses = append(addresses, orElse(ingress.IP, ingress.Hostname))
	}
	return addresses
}

func hasEndpoints(w *world, service *unstructured.Unstructured) bool {
	for _, slice := range w.list(endpointSlices, labels.Set{"kubernetes.io/service-name": service.GetName()}) {
		if slice.GetNamespace() != service.GetNamespace() {
			continue
		}
		var endpoints []struct{ Conditions struct{ Ready *bool } }
		if read(slice, &endpoints, "endpoints") != nil {
			continue
		}
		for _, endpoint := range endpoints {
			if endpoint.Conditions.Ready == nil || *endpoint.Conditions.Ready {
				return true
			}
		}
	}
	return false
}

// programmed is the condition of that name (conversion.go, setProgrammedCondition).
func (r *reach) programmed() condition {
	shown := condition{Type: "Programmed", Status: conditionTrue, Reason: "Programmed", Message: "Resource programmed"}
	if len(r.internal) > 0 {
		shown.Message = "Resource programmed, assigned to service(s) " + humanList(r.internal)
	}
	switch {
	case len(r.services) == 0:
		shown.Status, shown.Reason, shown.Message = conditionFalse, "UnsupportedAddress", "Failed to assign to any requested addresses"
	case len(r.warnings) > 0:
		shown.Status, shown.Reason = conditionFalse, "AddressNotAssigned"
		if r.unusable {
			shown.Reason = "AddressNotUsable"
		}
		shown.Message = "Failed to assign to any requested addresses: " + strings.Join(r.warnings, "; ")
		if len(r.internal) > 0 {
			shown.Message = fmt.Sprintf("Assigned to service(s) %s, but failed to assign to all requested addresses: %s",
				humanList(r.internal), strings.Join(r.warnings, "; "))
		}
	}
	return shown
}

func humanList(items []string) string {
	if len(items) < 2 {
		return strings.Join(items, "")
	}
	last := len(items) - 1
	if last == 1 {
		return items[0] + " and " + items[1]
	}
	return strings.Join(items[:last], ", ") + ", and " + items[last]
}

// addresses are the external ones, else the internal ones; a waypoint has both its address and its name.
func (r *reach) addresses(class *gatewayClass) []gatewayAddress {
	values := slices.Clone(r.external)
	if len(values) == 0 {
		if class.waypoint {
			values = append(values, r.internalIPs...)
		}
		for _, at := range r.internal {
			host, _, _ := strings.Cut(at, ":")
			if !slices.Contains(r.pending, host) && !slices.Contains(values, host) {
				values = append(values, host)
			}
		}
	}
	return addressesOf(values)
}

// addressesOf are values as a gateway's status has them.
func addressesOf(values []string) []gatewayAddress {
	var shown []gatewayAddress
	for _, value := range values {
		kind := "Hostname"
		if net.ParseIP(value) != nil {
			kind = "IPAddress"
		}
		shown = append(shown, gatewayAddress{Type: kind, Value: value})
	}
	return shown
}

// supportedKinds are the routes that a listener takes (conditions.go, generateSupportedKinds), without those of the experimental channel.
func (l *listener) supportedKinds() []routeKind {
	supported := []routeKind{}
	switch l.Protocol {
	case "HTTP", "HTTPS":
		supported = []routeKind{{gatewayGroup, "HTTPRoute"}, {gatewayGroup, "GRPCRoute"}}
	case "TLS":
		supported = []routeKind{{gatewayGroup, "TLSRoute"}}
	}
	if l.AllowedRoutes == nil || len(l.AllowedRoutes.Kinds) == 0 {
		return supported
	}
	return slices.DeleteFunc(supported, func(kind routeKind) bool {
		return !slices.ContainsFunc(l.AllowedRoutes.Kinds, func(allowed routeKind) bool {
			return allowed.Kind == kind.Kind && orElse(allowed.Group, gatewayGroup) == kind.Group
		})
	})
}

// conditions of a listener: conversion.go, buildListener.
func (l *listener) conditions(w *world, gateway *unstructured.Unstructured, class *gatewayClass) []condition {
	const fine = "No errors found"
	accepted := condition{Type: "Accepted", Status: conditionTrue, Reason: "Accepted", Message: fine}
	programmed := condition{Type: "Programmed", Status: conditionTrue, Reason: "Programmed", Message: fine}
	resolved := condition{Type: "ResolvedRefs", Status: conditionTrue, Reason: "ResolvedRefs", Message: fine}
	if reason, message := l.badTLS(w, gateway); reason != "" {
		resolved.Status, resolved.Reason, resolved.Message = conditionFalse, reason, message
		programmed.Status, programmed.Reason, programmed.Message = conditionFalse, "Invalid", "Bad TLS configuration"
	}
	if !slices.Contains([]string{"HTTP", "HTTPS", "TLS", "TCP", "HBONE"}, l.Protocol) {
		accepted.Status, accepted.Reason, accepted.Message = conditionFalse, "UnsupportedProtocol", fmt.Sprintf("protocol %q is unsupported", l.Protocol)
	}
	if class.waypoint && (l.Port != 15008 || l.Protocol != "HBONE") {
		accepted.Status, accepted.Reason = conditionFalse, "UnsupportedProtocol"
		accepted.Message = `Expected a single listener on port 15008 with protocol "HBONE"`
	}
	if allowed := l.AllowedRoutes; allowed != nil && len(allowed.Kinds) > len(l.supportedKinds()) {
		resolved.Status, resolved.Reason, resolved.Message = conditionFalse, "InvalidRouteKinds", "Invalid route kinds"
	}
	shown := []condition{accepted, {Type: "Conflicted", Status: conditionFalse, Reason: "NoConflicts", Message: fine}, programmed, resolved}
	for index := range shown {
		shown[index].ObservedGeneration = gateway.GetGeneration()
	}
	return shown
}

// badTLS says what is wrong with the certificates of a listener, if none can be used (conversion.go, buildTLS).
func (l *listener) badTLS(w *world, gateway *unstructured.Unstructured) (reason, message string) {
	if l.TLS == nil || l.TLS.Mode == "Passthrough" {
		return "", ""
	}
	if mode := l.TLS.Options["gateway.istio.io/tls-terminate-mode"]; mode == "ISTIO_SIMPLE" || mode == "ISTIO_MUTUAL" {
		return "", ""
	}
	if len(l.TLS.CertificateRefs) > 2 {
		return "InvalidCertificateRef", "TLS mode can only support up to 2 server certificates"
	}
	var reasons, messages []string
	for _, certificate := range l.TLS.CertificateRefs {
		reason, message := badCertificate(w, gateway, certificate)
		if reason == "" {
			return "", ""
		}
		reasons, messages = append(reasons, reason), append(messages, message)
	}
	if len(reasons) == 0 {
		return "", ""
	}
	return reasons[0], strings.Join(messages, "; ")
}

func badCertificate(w *world, gateway *unstructured.Unstructured, certificate reference) (reason, message string) {
	const invalid = "InvalidCertificateRef"
	shown := strings.TrimPrefix(strings.Join([]string{certificate.group(""), certificate.kind("Secret"), certificate.Name}, "/"), "/")
	if certificate.group("") != "" || certificate.kind("Secret") != "Secret" {
		return invalid, fmt.Sprintf("invalid certificate reference %s, only secret is allowed", shown)
	}
	namespace := certificate.namespace(gateway.GetNamespace())
	secret := w.get(secrets, namespace, certificate.Name)
	if secret == nil {
		return invalid, fmt.Sprintf("invalid certificate reference %s, secret %s/%s not found", shown, namespace, certificate.Name)
	}
	data := dataOf(secret)
	if len(data["tls.crt"]) == 0 || len(data["tls.key"]) == 0 {
		return invalid, fmt.Sprintf("invalid certificate reference %s, found secret, but didn't have expected keys \"tls.crt\" and \"tls.key\"", shown)
	}
	if _, err := tls.X509KeyPair(data["tls.crt"], data["tls.key"]); err != nil {
		return invalid, fmt.Sprintf("invalid certificate reference %s, the certificate is malformed: %v", shown, err)
	}
	if namespace != gateway.GetNamespace() && !granted(w, from{gatewayGroup, "Gateway", gateway.GetNamespace()}, to{"", "Secret", namespace, certificate.Name}) {
		return "RefNotPermitted", fmt.Sprintf("certificateRef %s/%s not accessible to a Gateway in namespace %q (missing a ReferenceGrant?)",
			certificate.Name, namespace, gateway.GetNamespace())
	}
	return "", ""
}

type from struct{ group, kind, namespace string }

type to struct{ group, kind, namespace, name string }

// granted says whether a ReferenceGrant where something lies lets others name it.
func granted(w *world, who from, what to) bool {
	for _, grant := range w.list(referenceGrants, nil) {
		if grant.GetNamespace() != what.namespace {
			continue
		}
		var spec struct {
			From []struct{ Group, Kind, Namespace string }
			To   []struct {
				Group, Kind string
				Name        *string
			}
		}
		if read(grant, &spec, "spec") != nil {
			continue
		}
		for _, allowed := range spec.From {
			if allowed.Group != who.group || allowed.Kind != who.kind || allowed.Namespace != who.namespace {
				continue
			}
			for _, target := range spec.To {
				if target.Group == what.group && target.Kind == what.kind && (target.Name == nil || *target.Name == what.name) {
					return true
				}
			}
		}
	}
	return false
}

// allows says whether a listener takes routes of a namespace; its own only, unless it says otherwise.
func (l *listener) allows(w *world, gatewayNamespace, routeNamespace string) bool {
	if l.AllowedRoutes == nil || l.AllowedRoutes.Namespaces == nil {
		return gatewayNamespace == routeNamespace
	}
	switch allowed := l.AllowedRoutes.Namespaces; allowed.From {
	case "", "Same":
		return gatewayNamespace == routeNamespace
	case "All":
		return true
	default:
		if allowed.Selector == nil {
			return true
		}
		selector, err := metav1.LabelSelectorAsSelector(allowed.Selector)
		namespace := w.get(namespaces, "", routeNamespace)
		return err == nil && namespace != nil && selector.Matches(labels.Set(namespace.GetLabels()))
	}
}
