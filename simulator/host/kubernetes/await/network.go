package await

import (
	"fmt"

	corev1 "k8s.io/api/core/v1"
	networkingv1 "k8s.io/api/networking/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
)

const noPods = "Service does not target any Pods. Selected Pods may not be ready, or " +
	"field '.spec.selector' may not match labels on any Pods"

// service is ready when a load balancer has an address and, for services that select pods, its endpoints have settled with
// none pending.
func service(view View) Verdict {
	object := view.Object
	kind, _, _ := unstructured.NestedString(object.Object, "spec", "type")
	addressed := kind != string(corev1.ServiceTypeLoadBalancer) || hasAddress(object)
	if !selectsPods(object, kind) {
		verdict := Verdict{Ready: addressed}
		if !addressed {
			verdict.Reasons = []string{noAddress}
		}
		return verdict
	}
	found, reached, pending := targets(view)
	verdict := Verdict{
		Ready:      addressed && found && view.Settled && !pending,
		Acceptable: addressed && !pending,
		Progress:   "[1/3] Finding Pods to direct traffic to",
	}
	if reached && view.Settled {
		verdict.Progress = "[2/3] Attempting to allocate IP address to Service"
	}
	if !reached {
		verdict.Reasons = append(verdict.Reasons, noPods)
	}
	if !addressed {
		verdict.Reasons = append(verdict.Reasons, noAddress)
	}
	return verdict
}

const noAddress = "Service was not allocated an IP address; does your cloud provider support this?"

func hasAddress(object *unstructured.Unstructured) bool {
	addresses, _, _ := unstructured.NestedSlice(object.Object, "status", "loadBalancer", "ingress")
	return len(addresses) > 0
}

func selectsPods(service *unstructured.Unstructured, kind string) bool {
	address, _, _ := unstructured.NestedString(service.Object, "spec", "clusterIP")
	selector, _, _ := unstructured.NestedMap(service.Object, "spec", "selector")
	return kind != string(corev1.ServiceTypeExternalName) && address != corev1.ClusterIPNone && len(selector) > 0
}

// targets says whether a service has endpoints, whether any is ready, and whether any is not.
func targets(view View) (found, reached, pending bool) {
	for _, object := range view.related[endpoints] {
		if object.GetName() != view.Object.GetName() {
			continue
		}
		found = true
		subsets, _, _ := unstructured.NestedSlice(object.Object, "subsets")
		for _, item := range subsets {
			subset, _ := item.(map[string]any)
			ready, _ := subset["addresses"].([]any)
			waiting, _ := subset["notReadyAddresses"].([]any)
			reached, pending = reached || len(ready) > 0, pending || len(waiting) > 0
		}
	}
	return found, reached, pending
}

// ingress is ready when its controller has given it an address and every service its rules name has endpoints. A service
// that stays without them is only warned about: it may never have any.
func ingress(view View) Verdict {
	object := &networkingv1.Ingress{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(view.Object.Object, object); err != nil {
		return Verdict{}
	}
	missing := missingBackends(object, view)
	backed, addressed := len(missing) == 0 || view.Settled, hasAddress(view.Object)
	verdict := Verdict{
		Ready: backed && addressed, Acceptable: backed && addressed,
		Progress: "[1/3] Finding a matching service for each Ingress path",
	}
	if backed {
		verdict.Progress, verdict.Warnings = "[2/3] Waiting for update of .status.loadBalancer with hostname/IP", missing
	} else {
		verdict.Reasons = append(verdict.Reasons, "Ingress has at least one rule with an unavailable target endpoint.")
	}
	if !addressed {
		verdict.Reasons = append(verdict.Reasons, "Ingress .status.loadBalancer field was not updated with a hostname/IP address. "+
			"\n    for more information about this error, see https://pulumi.io/xdv72s")
	}
	return verdict
}

func missingBackends(ingress *networkingv1.Ingress, view View) []string {
	known := map[string]bool{}
	for _, object := range view.related[endpoints] {
		known[object.GetName()] = true
	}
	for _, object := range view.related[services] {
		if kind, _, _ := unstructured.NestedString(object.Object, "spec", "type"); kind == string(corev1.ServiceTypeExternalName) {
			known[object.GetName()] = true
		}
	}
	var missing []string
	for _, rule := range ingress.Spec.Rules {
		if rule.HTTP == nil {
			continue
		}
		for _, path := range rule.HTTP.Paths {
			if backend := path.Backend.Service; backend != nil && backend.Name != "" && !known[backend.Name] {
				missing = append(missing, fmt.Sprintf("No matching service found for ingress rule: %s -> %q",
					ruleName(rule.Host, path.Path), backend.Name))
			}
		}
	}
	return missing
}

func ruleName(host, path string) string {
	if host+path == "" {
		return `"" (default path)`
	}
	return fmt.Sprintf("%q", host+path)
}
