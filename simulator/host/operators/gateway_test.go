package operators_test

import (
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

const (
	gatewayKind = "gateway.networking.k8s.io/v1 Gateway"
	routeKind   = "gateway.networking.k8s.io/v1 HTTPRoute"
)

// istiod is its Deployment and what its chart says of proxies, as that of 1.30.3 writes it. There is one for all tests, as in a cluster.
func (s *scene) istiod() {
	s.Helper()
	other := &scene{s.T, "istio-system"}
	other.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: istio-system}\n")
	other.controller("app: istiod")
	other.apply(`
apiVersion: v1
kind: ConfigMap
metadata: {name: istio-sidecar-injector}
data:
  values: |
    {"global": {"hub": "registry.example.com/istio", "tag": "1.30.3", "variant": "distroless", "logAsJson": true,
     "proxy": {"image": "proxyv2", "resources": {"requests": {"cpu": "10m", "memory": "40Mi"}}}, "waypoint": {"resources": {"requests": {"cpu": "20m"}}}},
     "gateways": {"seccompProfile": {"type": "RuntimeDefault"}}}
---
apiVersion: v1
kind: ConfigMap
metadata: {name: class, labels: {gateway.istio.io/defaults-for-class: istio}}
data:
  deployment: "{spec: {replicas: 2}}"
`)
}

const edge = `
apiVersion: v1
kind: ConfigMap
metadata: {name: overlay}
data:
  horizontalPodAutoscaler: "{spec: {minReplicas: 2, maxReplicas: 4}}"
  podDisruptionBudget: "{spec: {minAvailable: 1}}"
  service: "{spec: {externalTrafficPolicy: Local}}"
  deployment: "{spec: {template: {spec: {containers: [{name: istio-proxy, resources: {limits: {memory: 1Gi}}}]}}}}"
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: edge}
spec:
  gatewayClassName: istio
  infrastructure:
    annotations: {example.com/scheme: internal}
    labels: {team: edge}
    parametersRef: {group: "", kind: ConfigMap, name: overlay}
  listeners:
    - {name: http, port: 80, protocol: HTTP, allowedRoutes: {namespaces: {from: All}}}
    - {name: https, port: 443, protocol: HTTPS, hostname: "*.example.com", tls: {mode: Terminate, certificateRefs: [{name: edge-tls}]}}
`

// programmed waits until a gateway says that it is reached somewhere; its listeners have a condition of the same name, which says less.
func (s *scene) programmed(name string) *unstructured.Unstructured {
	s.Helper()
	return s.until(gatewayKind, name, func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(at(s.T, object, "status.conditions")), "Resource programmed, assigned to service(s)") && at(s.T, object, "status.addresses") != nil
	})
}

func at(t *testing.T, object *unstructured.Unstructured, path string) any {
	t.Helper()
	var value any = object.Object
	for _, key := range strings.Split(path, ".") {
		fields, _ := value.(map[string]any)
		value = fields[key]
	}
	return value
}

func TestTheFootprintOfAGateway(t *testing.T) {
	s := newScene(t)
	s.istiod()
	for class, controller := range map[string]string{
		"istio": "istio.io/gateway-controller", "istio-waypoint": "istio.io/mesh-controller", "istio-remote": "istio.io/unmanaged-gateway",
	} {
		made := s.shows("gateway.networking.k8s.io/v1 GatewayClass", class, "Accepted=True Accepted")
		if got := at(t, made, "spec.controllerName"); got != controller {
			t.Errorf("%s has %v", class, got)
		}
	}
	s.apply(edge)
	gateway := s.programmed("edge")
	deployment := s.get("apps/v1 Deployment", "edge-istio")
	content, err := yaml.Marshal(deployment.Object["spec"])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"replicas: 2", "image: registry.example.com/istio/proxyv2:1.30.3-distroless", "memory: 1Gi", "cpu: 10m", "serviceAccountName: edge-istio",
		"type: RuntimeDefault", "readOnlyRootFilesystem: true", "istio.io/dataplane-mode: none", "team: edge", "- --log_as_json",
	} {
		if !strings.Contains(string(content), want) {
			t.Errorf("the Deployment lacks %q:\n%s", want, content)
		}
	}
	service := s.get("v1 Service", "edge-istio")
	if at(t, service, "spec.type") != "LoadBalancer" || at(t, service, "spec.externalTrafficPolicy") != "Local" || service.GetAnnotations()["example.com/scheme"] != "internal" {
		t.Errorf("Service %v", service.Object)
	}
	if scaler := s.get("autoscaling/v2 HorizontalPodAutoscaler", "edge-istio"); scaler == nil || at(t, scaler, "spec.minReplicas") != int64(2) {
		t.Errorf("autoscaler %v", scaler)
	}
	if budget := s.get("policy/v1 PodDisruptionBudget", "edge-istio"); budget == nil || at(t, budget, "spec.minAvailable") != int64(1) {
		t.Errorf("budget %v", budget)
	}
	for _, made := range []*unstructured.Unstructured{deployment, service, s.get("v1 ServiceAccount", "edge-istio")} {
		owners := made.GetOwnerReferences()
		if len(owners) != 1 || owners[0].UID != gateway.GetUID() || made.GetLabels()["gateway.istio.io/managed"] != "istio.io-gateway-controller" {
			t.Errorf("%s: owners %v, labels %v", made.GetKind(), owners, made.GetLabels())
		}
	}
	addresses, _ := at(t, gateway, "status.addresses").([]any)
	if len(addresses) != 1 || !strings.Contains(fmt.Sprint(addresses), "IPAddress") {
		t.Errorf("addresses %v", addresses)
	}
}

func TestAListenerNeedsItsCertificate(t *testing.T) {
	s := newScene(t)
	s.istiod()
	s.apply(edge)
	gateway := s.shows(gatewayKind, "edge", "ResolvedRefs=False InvalidCertificateRef")
	if text := fmt.Sprint(gateway.Object["status"]); !strings.Contains(text, "secret "+s.namespace+"/edge-tls not found") || !conditionsOf(gateway)["Programmed=False Invalid"] {
		t.Error(text)
	}
	s.controller(certManager)
	s.apply("apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: self}\nspec: {selfSigned: {}}\n---\n" +
		"apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: edge}\n" +
		"spec: {secretName: edge-tls, dnsNames: [\"*.example.com\"], issuerRef: {name: self}}\n")
	s.until(gatewayKind, "edge", func(object *unstructured.Unstructured) bool {
		shown := conditionsOf(object)
		return !shown["ResolvedRefs=False InvalidCertificateRef"] && !shown["Programmed=False Invalid"] && shown["Programmed=True Programmed"]
	})
}

func route(name, rest string) string {
	return fmt.Sprintf("apiVersion: gateway.networking.k8s.io/v1\nkind: HTTPRoute\nmetadata: {name: %s}\nspec:\n%s", name, rest)
}

func TestRoutesOfAGateway(t *testing.T) {
	s := newScene(t)
	s.istiod()
	s.apply(edge)
	s.apply("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n")
	s.apply(route("web", "  parentRefs: [{name: edge, sectionName: http}]\n  rules: [{backendRefs: [{name: web, port: 80}]}]\n"))
	s.shows(routeKind, "web", "Accepted=True Accepted")
	s.shows(routeKind, "web", "ResolvedRefs=True ResolvedRefs")
	s.until(gatewayKind, "edge", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(object.Object["status"]), "attachedRoutes:1")
	})
	cases := map[string]struct{ spec, condition string }{
		"no-backend":  {"  parentRefs: [{name: edge}]\n  rules: [{backendRefs: [{name: none, port: 80}]}]\n", "ResolvedRefs=False BackendNotFound"},
		"no-port":     {"  parentRefs: [{name: edge}]\n  rules: [{backendRefs: [{name: web}]}]\n", "ResolvedRefs=False InvalidDestination"},
		"no-kind":     {"  parentRefs: [{name: edge}]\n  rules: [{backendRefs: [{group: x.io, kind: Bucket, name: web, port: 80}]}]\n", "ResolvedRefs=False InvalidKind"},
		"no-grant":    {"  parentRefs: [{name: edge}]\n  rules: [{backendRefs: [{name: kubernetes, namespace: default, port: 443}]}]\n", "ResolvedRefs=False RefNotPermitted"},
		"no-listener": {"  parentRefs: [{name: edge, sectionName: none}]\n", "Accepted=False NoMatchingParent"},
		"no-host":     {"  parentRefs: [{name: edge, sectionName: https}]\n  hostnames: [a.example.org]\n", "Accepted=False NoMatchingListenerHostname"},
	}
	for name, c := range cases {
		s.apply(route(name, c.spec))
		s.shows(routeKind, name, c.condition)
	}
	s.apply(fmt.Sprintf("apiVersion: gateway.networking.k8s.io/v1\nkind: ReferenceGrant\nmetadata: {name: %[1]s, namespace: default}\nspec:\n"+
		"  from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: %[1]s}]\n  to: [{group: \"\", kind: Service}]\n", s.namespace))
	s.shows(routeKind, "no-grant", "ResolvedRefs=True ResolvedRefs")
	s.apply(route("elsewhere", "  parentRefs: [{name: none}]\n"))
	s.until(routeKind, "elsewhere", func(object *unstructured.Unstructured) bool {
		return fmt.Sprint(at(t, object, "status.parents")) == "[]"
	})
}

func TestARouteOfAnotherNamespace(t *testing.T) {
	s := newScene(t)
	s.istiod()
	s.apply(edge)
	other := &scene{t, s.namespace + "-other"}
	other.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: " + other.namespace + "}\n")
	parent := func(section string) string {
		return fmt.Sprintf("  parentRefs: [{name: edge, namespace: %s, sectionName: %s}]\n", s.namespace, section)
	}
	other.apply(route("open", parent("http")))
	other.shows(routeKind, "open", "Accepted=True Accepted")
	other.apply(route("closed", parent("https")+"  hostnames: [a.example.com]\n"))
	other.shows(routeKind, "closed", "Accepted=False NotAllowedByListeners")
}

func TestAWaypoint(t *testing.T) {
	s := newScene(t)
	s.istiod()
	s.apply("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: waypoint, labels: {istio.io/waypoint-for: service}}\n" +
		"spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 15008, protocol: HBONE}]}\n")
	gateway := s.programmed("waypoint")
	deployment := s.get("apps/v1 Deployment", "waypoint")
	if deployment == nil || deployment.GetLabels()["gateway.istio.io/managed"] != "istio.io-mesh-controller" || deployment.GetLabels()["istio.io/waypoint-for"] != "service" {
		t.Fatalf("Deployment %v", deployment)
	}
	if content := fmt.Sprint(deployment.Object["spec"]); !strings.Contains(content, "cpu:20m") || !strings.Contains(content, "waypoint.$(POD_NAMESPACE)") || !strings.Contains(content, "RuntimeDefault") {
		t.Error(content)
	}
	if service := s.get("v1 Service", "waypoint"); at(t, service, "spec.type") != "ClusterIP" {
		t.Errorf("Service %v", service.Object)
	}
	if text := fmt.Sprint(at(t, gateway, "status.addresses")); !strings.Contains(text, "waypoint."+s.namespace+".svc.cluster.local") || !strings.Contains(text, "IPAddress") {
		t.Error(text)
	}
	s.apply("apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: wrong}\n" +
		"spec: {gatewayClassName: istio-waypoint, listeners: [{name: mesh, port: 80, protocol: HTTP}]}\n")
	s.shows(gatewayKind, "wrong", "Accepted=False UnsupportedProtocol")
}

func TestAGatewayWithoutItsParametersIsNotMade(t *testing.T) {
	s := newScene(t)
	s.istiod()
	s.apply(edge[strings.Index(edge, "---")+4:])
	gateway := s.shows(gatewayKind, "edge", "Programmed=False AddressNotUsable")
	if text := fmt.Sprint(gateway.Object["status"]); !strings.Contains(text, "hostname \"edge-istio."+s.namespace+".svc.cluster.local\" not found") {
		t.Error(text)
	}
	if s.get("apps/v1 Deployment", "edge-istio") != nil {
		t.Error("it was made all the same")
	}
}
