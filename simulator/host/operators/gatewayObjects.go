package operators

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"maps"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Labels of the Gateway API for what stands for a gateway.
const (
	gatewayNameLabel  = gatewayGroup + "/gateway-name"
	gatewayClassLabel = gatewayGroup + "/gateway-class-name"
)

// proxy is what stands for a gateway: manifests/charts/istio-control/istio-discovery/files/kube-gateway.yaml and waypoint.yaml of istio 1.30.3.
type proxy struct {
	gateway  *unstructured.Unstructured
	class    *gatewayClass
	spec     *gatewaySpec
	mesh     *mesh
	name     string
	account  string
	labels   map[string]string
	comments map[string]string // annotations
}

func newProxy(gateway *unstructured.Unstructured, class *gatewayClass, spec *gatewaySpec, mesh *mesh) *proxy {
	made := &proxy{gateway: gateway, class: class, spec: spec, mesh: mesh, name: proxyName(gateway, class, spec)}
	made.account = orElse(gateway.GetAnnotations()["gateway.istio.io/service-account"], defaultProxyName(gateway, class, spec))
	made.labels, made.comments = maps.Clone(gateway.GetLabels()), maps.Clone(gateway.GetAnnotations())
	if infrastructure := spec.Infrastructure; infrastructure != nil {
		if infrastructure.Labels != nil {
			made.labels = ownOnly(infrastructure.Labels)
		}
		if infrastructure.Annotations != nil {
			made.comments = ownOnly(infrastructure.Annotations)
		}
	}
	if made.labels == nil {
		made.labels = map[string]string{}
	}
	made.setMesh()
	for _, key := range []string{"kubectl.kubernetes.io/last-applied-configuration", "gateway.istio.io/name-override",
		"gateway.istio.io/service-account", "gateway.istio.io/controller-version"} {
		delete(made.comments, key)
	}
	return made
}

// ownOnly leaves out what would clash with the API's own.
func ownOnly(given map[string]string) map[string]string {
	kept := map[string]string{}
	for key, value := range given {
		if !strings.HasPrefix(key, gatewayGroup+"/") {
			kept[key] = value
		}
	}
	return kept
}

// setMesh keeps gateways at the edge out of the mesh unless a label says otherwise (deploymentcontroller.go, setLabelOverrides).
func (p *proxy) setMesh() {
	const mode, network = "istio.io/dataplane-mode", "topology.istio.io/network"
	_, onGateway := p.gateway.GetLabels()[mode]
	_, onProxy := p.labels[mode]
	if !p.class.waypoint && !onGateway && !onProxy {
		p.labels[mode] = "none"
	}
	if _, given := p.gateway.GetLabels()[network]; p.class.waypoint && !given && p.mesh.Global.Network != "" {
		p.labels[network] = p.mesh.Global.Network
	}
}

func (p *proxy) objects() []*unstructured.Unstructured {
	return []*unstructured.Unstructured{p.serviceAccount(), p.deployment(), p.service(), p.autoscaler(), p.budget()}
}

// object is one of them without its own part.
func (p *proxy) object(apiVersion, kind, name string, own map[string]any) *unstructured.Unstructured {
	object := map[string]any{
		"apiVersion": apiVersion, "kind": kind,
		"metadata": map[string]any{
			"name": name, "namespace": p.gateway.GetNamespace(),
			"labels": anyMap(p.labelsWith(nil)), "annotations": anyMap(p.comments),
			"ownerReferences": []any{map[string]any{
				"apiVersion": gatewayV1.String(), "kind": "Gateway", "name": p.gateway.GetName(), "uid": string(p.gateway.GetUID()),
			}},
		},
	}
	maps.Copy(object, own)
	return &unstructured.Unstructured{Object: object}
}

// labelsWith are the labels of everything, before them others that they may replace.
func (p *proxy) labelsWith(first map[string]string) map[string]string {
	all := map[string]string{}
	maps.Copy(all, first)
	maps.Copy(all, p.labels)
	all[gatewayNameLabel], all[gatewayClassLabel] = p.gateway.GetName(), p.spec.GatewayClassName
	return all
}

func (p *proxy) serviceAccount() *unstructured.Unstructured {
	return p.object("v1", "ServiceAccount", p.account, nil)
}

func (p *proxy) service() *unstructured.Unstructured {
	ports := []any{map[string]any{"name": "status-port", "port": int64(15021), "protocol": "TCP", "appProtocol": "tcp"}}
	seen := map[int64]bool{}
	for _, each := range p.spec.Listeners {
		if seen[each.Port] {
			continue
		}
		seen[each.Port] = true
		name := strings.ReplaceAll(each.Name, ".", "-")
		ports = append(ports, map[string]any{"name": name[:min(len(name), 63)], "port": each.Port, "protocol": "TCP", "appProtocol": strings.ToLower(each.Protocol)})
	}
	kind := orElse(p.gateway.GetAnnotations()["networking.istio.io/service-type"], p.class.serviceType)
	spec := map[string]any{
		"ipFamilyPolicy": "PreferDualStack", "ports": ports, "type": kind, "selector": map[string]any{gatewayNameLabel: p.gateway.GetName()},
	}
	if len(p.spec.Addresses) > 0 && kind == "LoadBalancer" {
		spec["loadBalancerIP"] = p.spec.Addresses[0].Value
	}
	return p.object("v1", "Service", p.name, map[string]any{"spec": spec})
}

func (p *proxy) autoscaler() *unstructured.Unstructured {
	return p.object("autoscaling/v2", "HorizontalPodAutoscaler", p.name, map[string]any{"spec": map[string]any{
		"scaleTargetRef": map[string]any{"apiVersion": "apps/v1", "kind": "Deployment", "name": p.name}, "maxReplicas": int64(1),
	}})
}

func (p *proxy) budget() *unstructured.Unstructured {
	return p.object("policy/v1", "PodDisruptionBudget", p.name, map[string]any{"spec": map[string]any{
		"selector": map[string]any{"matchLabels": map[string]any{gatewayNameLabel: p.gateway.GetName()}},
	}})
}

func anyMap(given map[string]string) map[string]any {
	made := map[string]any{}
	for key, value := range given {
		made[key] = value
	}
	return made
}

// digest tells contents apart. What cannot be told stays apart from everything.
func digest(value any) string {
	content, err := json.Marshal(value)
	if err != nil {
		return err.Error()
	}
	sum := sha256.Sum256(content)
	return hex.EncodeToString(sum[:8])
}
