package operators_test

import (
	"fmt"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"sigs.k8s.io/yaml"
)

const nginxProxyKind = "gateway.nginx.org/v1alpha2 NginxProxy"

// nginx is the control plane as the chart of 2.6.7 writes it, with the certificate of its agents. There is one for all tests, as in a cluster.
func (s *scene) nginx() {
	s.Helper()
	other := &scene{s.T, "nginx-gateway"}
	other.apply("apiVersion: v1\nkind: Namespace\nmetadata: {name: nginx-gateway}\n")
	other.apply(`
apiVersion: v1
kind: Secret
metadata: {name: agent-tls}
type: kubernetes.io/tls
stringData: {tls.crt: certificate, tls.key: key}
---
apiVersion: gateway.networking.k8s.io/v1
kind: GatewayClass
metadata: {name: nginx}
spec:
  controllerName: gateway.nginx.org/nginx-gateway-controller
  parametersRef: {group: gateway.nginx.org, kind: NginxProxy, name: of-the-class, namespace: nginx-gateway}
---
apiVersion: gateway.nginx.org/v1alpha2
kind: NginxProxy
metadata: {name: of-the-class}
spec:
  kubernetes:
    deployment: {replicas: 1, container: {image: {repository: registry.example.com/nginx, tag: 2.6.7}}}
    service: {type: LoadBalancer, externalTrafficPolicy: Local}
---
apiVersion: apps/v1
kind: Deployment
metadata: {name: nginx-gateway-fabric, labels: {app.kubernetes.io/name: nginx-gateway-fabric, app.kubernetes.io/instance: ngf}}
spec:
  selector: {matchLabels: {app: ngf}}
  template:
    metadata: {labels: {app: ngf}}
    spec:
      containers:
        - {name: nginx-gateway, image: "registry.example.com/ngf:2.6.7", args: [controller, --service=ngf-service, --agent-tls-secret=agent-tls]}
`)
}

const nginxEdge = `
apiVersion: gateway.nginx.org/v1alpha2
kind: NginxProxy
metadata: {name: options}
spec:
  metrics: {port: 9200}
  kubernetes:
    deployment:
      autoscaling: {enable: true, minReplicas: 2, maxReplicas: 4, targetCPUUtilizationPercentage: 70}
      pod: {terminationGracePeriodSeconds: 45, nodeSelector: {role: general}}
      container: {resources: {limits: {memory: 1Gi}}}
      patches:
        - {type: StrategicMerge, value: {spec: {template: {spec: {automountServiceAccountToken: false, volumes: [{name: nginx-run, emptyDir: {sizeLimit: 16Mi}}]}}}}}
    service: {externalTrafficPolicy: Cluster}
---
apiVersion: gateway.networking.k8s.io/v1
kind: Gateway
metadata: {name: front}
spec:
  gatewayClassName: nginx
  infrastructure:
    annotations: {example.com/scheme: internal}
    labels: {team: edge}
    parametersRef: {group: gateway.nginx.org, kind: NginxProxy, name: options}
  listeners: [{name: http, port: 80, protocol: HTTP}]
`

func TestTheFootprintOfAGatewayOfNginx(t *testing.T) {
	s := newScene(t)
	s.nginx()
	s.apply(nginxEdge)
	s.shows("gateway.networking.k8s.io/v1 GatewayClass", "nginx", "SupportedVersion=True SupportedVersion")
	gateway := s.shows(gatewayKind, "front", "Programmed=True Programmed")
	s.shows(gatewayKind, "front", "ResolvedRefs=True ResolvedRefs")
	deployment := s.until("apps/v1 Deployment", "front-nginx", func(object *unstructured.Unstructured) bool { return object != nil })
	content, err := yaml.Marshal(deployment.Object["spec"])
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{
		"image: registry.example.com/nginx:2.6.7", "image: registry.example.com/ngf:2.6.7", "memory: 1Gi", "role: general", "sizeLimit: 16Mi",
		"automountServiceAccountToken: false", "terminationGracePeriodSeconds: 45", "secretName: front-nginx-agent-tls", "containerPort: 9200",
		"gateway.networking.k8s.io/gateway-name: front", "audience: ngf-service.nginx-gateway.svc", "team: edge",
	} {
		if !strings.Contains(string(content), want) {
			t.Errorf("the Deployment lacks %q:\n%s", want, content)
		}
	}
	service := s.get("v1 Service", "front-nginx")
	if at(t, service, "spec.type") != "LoadBalancer" || at(t, service, "spec.externalTrafficPolicy") != "Cluster" || service.GetAnnotations()["example.com/scheme"] != "internal" {
		t.Errorf("Service %v", service.Object)
	}
	scaler := s.until("autoscaling/v2 HorizontalPodAutoscaler", "front-nginx", func(object *unstructured.Unstructured) bool { return object != nil })
	if at(t, scaler, "spec.minReplicas") != int64(2) || at(t, scaler, "spec.maxReplicas") != int64(4) {
		t.Errorf("autoscaler %v", scaler.Object)
	}
	secret := s.get("v1 Secret", "front-nginx-agent-tls")
	if secret == nil || secret.Object["type"] != "kubernetes.io/tls" {
		t.Errorf("the agents' Secret is %v", secret)
	}
	for _, made := range []*unstructured.Unstructured{deployment, service, secret, scaler, s.get("v1 ServiceAccount", "front-nginx"), s.get("v1 ConfigMap", "front-nginx-agent-config")} {
		if owners := made.GetOwnerReferences(); len(owners) != 1 || owners[0].UID != gateway.GetUID() {
			t.Errorf("%s: owners %v", made.GetKind(), owners)
		}
	}
	s.until(gatewayKind, "front", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(at(t, object, "status.addresses")), "IPAddress")
	})
	if s.get("apps/v1 Deployment", "front-istio") != nil {
		t.Error("istiod took it for its own")
	}
}

func TestNginxLeavesTheNumberOfPodsToTheAutoscaler(t *testing.T) {
	s := newScene(t)
	s.nginx()
	s.apply(nginxEdge)
	s.until("autoscaling/v2 HorizontalPodAutoscaler", "front-nginx", func(object *unstructured.Unstructured) bool { return object != nil })
	s.apply("apiVersion: apps/v1\nkind: Deployment\nmetadata: {name: front-nginx}\nspec: {replicas: 3}\n")
	s.apply(strings.ReplaceAll(nginxEdge, "port: 9200", "port: 9300"))
	changed := s.until("apps/v1 Deployment", "front-nginx", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(object.Object["spec"]), "containerPort:9300")
	})
	if pods := at(t, changed, "spec.replicas"); pods != int64(3) {
		t.Errorf("there are %v pods", pods)
	}
}

func TestAGatewayOfNginxNeedsItsOptions(t *testing.T) {
	s := newScene(t)
	s.nginx()
	s.apply(nginxEdge[strings.Index(nginxEdge, "---")+4:])
	s.shows(gatewayKind, "front", "ResolvedRefs=False InvalidParameters")
	if s.get("apps/v1 Deployment", "front-nginx") != nil {
		t.Error("it was made all the same")
	}
	s.apply(nginxEdge[:strings.Index(nginxEdge, "---")])
	s.shows(gatewayKind, "front", "ResolvedRefs=True ResolvedRefs")
	if s.get(nginxProxyKind, "options") == nil {
		t.Error("the options are not there")
	}
}

func TestAListenerOfNginxNeedsItsCertificateAndKnownOptions(t *testing.T) {
	s := newScene(t)
	s.nginx()
	listener := func(tls string) string {
		return "apiVersion: gateway.networking.k8s.io/v1\nkind: Gateway\nmetadata: {name: front}\nspec:\n  gatewayClassName: nginx\n  listeners:\n" +
			"    - {name: https, port: 443, protocol: HTTPS, hostname: a.example.com, tls: " + tls + "}\n"
	}
	s.apply(listener("{mode: Terminate, certificateRefs: [{name: front-tls}]}"))
	s.shows(gatewayKind, "front", "ResolvedRefs=False InvalidCertificateRef")
	s.shows(gatewayKind, "front", "Programmed=False Invalid")
	s.controller(certManager)
	s.apply("apiVersion: cert-manager.io/v1\nkind: Issuer\nmetadata: {name: self}\nspec: {selfSigned: {}}\n---\n" +
		"apiVersion: cert-manager.io/v1\nkind: Certificate\nmetadata: {name: front}\n" +
		"spec: {secretName: front-tls, dnsNames: [a.example.com], issuerRef: {name: self}}\n")
	s.until(gatewayKind, "front", func(object *unstructured.Unstructured) bool {
		shown := conditionsOf(object)
		return shown["Programmed=True Programmed"] && !shown["Programmed=False Invalid"] && !shown["Accepted=False InvalidCertificateRef"]
	})
	s.apply(listener("{mode: Terminate, certificateRefs: [{name: front-tls}], options: {example.com/versions: all}}"))
	s.shows(gatewayKind, "front", "Accepted=False UnsupportedValue")
}

func TestRoutesOfNginxAreNotIstiods(t *testing.T) {
	s := newScene(t)
	s.istiod()
	s.nginx()
	s.apply(nginxEdge)
	s.apply("apiVersion: v1\nkind: Service\nmetadata: {name: web}\nspec: {selector: {app: web}, ports: [{port: 80}]}\n")
	s.apply(route("web", "  parentRefs: [{name: front}]\n  rules: [{backendRefs: [{name: web, port: 80}]}]\n"))
	s.shows(routeKind, "web", "Accepted=True Accepted")
	s.until(gatewayKind, "front", func(object *unstructured.Unstructured) bool {
		return strings.Contains(fmt.Sprint(object.Object["status"]), "attachedRoutes:1")
	})
	parents, _ := at(t, s.get(routeKind, "web"), "status.parents").([]any)
	if len(parents) != 1 || !strings.Contains(fmt.Sprint(parents), "gateway.nginx.org/nginx-gateway-controller") {
		t.Errorf("parents %v", parents)
	}
	s.apply(route("nowhere", "  parentRefs: [{name: front, sectionName: none}]\n  rules: [{backendRefs: [{name: none, port: 80}]}]\n"))
	s.shows(routeKind, "nowhere", "Accepted=False NoMatchingParent")
	s.shows(routeKind, "nowhere", "ResolvedRefs=False BackendNotFound")
}
