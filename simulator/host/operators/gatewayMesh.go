package operators

import (
	"encoding/json"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// mesh is what istiod knows of its own settings: the `values` of ConfigMap istio-sidecar-injector, which its chart writes (templates/istiod-injector-configmap.yaml).
type mesh struct {
	// namespace is istiod's.
	namespace string
	Revision  string
	Global    struct {
		Hub, Variant, ImagePullPolicy, Network, TrustBundleName string
		Tag                                                     any
		LogAsJSON                                               bool
		Logging                                                 struct{ Level string }
		Proxy                                                   struct {
			Image, Variant, ClusterDomain, LogLevel, ComponentLogLevel string
			Resources                                                  map[string]any
		}
		Waypoint struct {
			Resources, Affinity, NodeSelector      map[string]any
			TopologySpreadConstraints, Tolerations []any
		}
		ImagePullSecrets []string
	}
	Gateways struct{ SecurityContext, SeccompProfile map[string]any }
}

const injectorConfig = "istio-sidecar-injector"

func readMesh(w *world) (*mesh, error) {
	istiod := w.controllerOf(gatewayOperator())
	if istiod == nil {
		return nil, fmt.Errorf("istiod has no available pod")
	}
	settings := &mesh{namespace: istiod.GetNamespace()}
	given := w.get(configMaps, settings.namespace, injectorConfig)
	if given == nil {
		return nil, fmt.Errorf("ConfigMap %s/%s is not there, with which istiod's chart says how proxies are", settings.namespace, injectorConfig)
	}
	values, _, _ := unstructured.NestedString(given.Object, "data", "values")
	if err := json.Unmarshal([]byte(values), settings); err != nil {
		return nil, fmt.Errorf("ConfigMap %s/%s: values: %w", settings.namespace, injectorConfig, err)
	}
	if settings.Global.Tag == nil && !strings.Contains(settings.Global.Proxy.Image, "/") {
		return nil, fmt.Errorf("ConfigMap %s/%s: values: neither global.tag nor the whole of global.proxy.image is said", settings.namespace, injectorConfig)
	}
	return settings, nil
}

// image of the proxy, which an annotation of the gateway may name: pkg/kube/inject/inject.go, ProxyImage.
func (m *mesh) image(annotations map[string]string) string {
	name := orElse(annotations["sidecar.istio.io/proxyImage"], m.Global.Proxy.Image)
	if strings.Contains(name, "/") {
		return name
	}
	variant := orElse(annotations["sidecar.istio.io/proxyImageType"], orElse(m.Global.Proxy.Variant, m.Global.Variant))
	return m.Global.Hub + "/" + orElse(m.Global.Proxy.Image, "proxyv2") + ":" + tagOf(fmt.Sprint(m.Global.Tag), variant)
}

func tagOf(tag, variant string) string {
	if variant == "" {
		return tag
	}
	for _, known := range []string{"-distroless", "-debug"} {
		tag = strings.TrimSuffix(tag, known)
	}
	if variant == "default" {
		return tag
	}
	return tag + "-" + variant
}

func (m *mesh) revision() string { return orElse(m.Revision, "default") }

func (m *mesh) domain() string { return orElse(m.Global.Proxy.ClusterDomain, "cluster.local") }

func orElse(value, unsaid string) string {
	if value == "" {
		return unsaid
	}
	return value
}
