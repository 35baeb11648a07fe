package operators

import (
	"encoding/json"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// nginxSettings are what is read of an NginxProxy.
type nginxSettings struct {
	Metrics *struct {
		Port    *int64
		Disable *bool
	}
	Kubernetes struct {
		Deployment struct {
			Replicas    *int64
			Autoscaling *struct {
				Enable                                                                         bool
				MinReplicas, TargetCPUUtilizationPercentage, TargetMemoryUtilizationPercentage *int64
				MaxReplicas                                                                    int64
			}
			Pod       map[string]any
			Container struct {
				Image struct {
					Repository, Tag, PullPolicy string
				}
				Resources, Lifecycle map[string]any
			}
			Patches []nginxPatch
		}
		Service struct {
			Type, ExternalTrafficPolicy, LoadBalancerIP string
			LoadBalancerClass                           *string
			LoadBalancerSourceRanges                    []string
			Patches                                     []nginxPatch
		}
	}
}

type nginxPatch struct {
	Type  string
	Value json.RawMessage
}

// nginxSettingsOf are those of the class with those of the gateway laid over them (state/graph/nginxproxy.go, buildEffectiveNginxProxy).
func nginxSettingsOf(w *world, gateway *unstructured.Unstructured, spec *gatewaySpec) (*nginxSettings, *refusal) {
	whole := map[string]any{}
	class := w.get(gatewayClasses, "", spec.GatewayClassName)
	if name, _, _ := unstructured.NestedString(class.Object, "spec", "parametersRef", "name"); name != "" {
		namespace, _, _ := unstructured.NestedString(class.Object, "spec", "parametersRef", "namespace")
		if given := w.get(nginxProxies, namespace, name); given != nil {
			layOver(whole, given.Object["spec"])
		}
	}
	if spec.Infrastructure != nil && spec.Infrastructure.ParametersRef != nil {
		asked := spec.Infrastructure.ParametersRef
		if asked.Group != nginxProxies.Group || asked.Kind != "NginxProxy" {
			return nil, &refusal{"InvalidParameters", fmt.Sprintf("spec.infrastructure.parametersRef.kind: Unsupported value: %q", asked.Kind)}
		}
		given := w.get(nginxProxies, gateway.GetNamespace(), asked.Name)
		if given == nil {
			return nil, &refusal{"InvalidParameters", fmt.Sprintf("spec.infrastructure.parametersRef.name: Not found: %q", asked.Name)}
		}
		layOver(whole, given.Object["spec"])
	}
	settings := &nginxSettings{}
	if err := read(&unstructured.Unstructured{Object: whole}, settings); err != nil {
		return nil, &refusal{"InvalidParameters", err.Error()}
	}
	return settings, nil
}

// layOver lays maps over maps; anything else takes the place of what was there.
func layOver(under map[string]any, over any) {
	given, _ := over.(map[string]any)
	for key, value := range given {
		inner, isMap := value.(map[string]any)
		known, wasMap := under[key].(map[string]any)
		switch {
		case isMap && wasMap:
			layOver(known, inner)
		case isMap:
			copied := map[string]any{}
			layOver(copied, inner)
			under[key] = copied
		default:
			under[key] = value
		}
	}
}
