package operators

import (
	"encoding/json"
	"fmt"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"
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
	var asked []any
	class := w.get(gatewayClasses, "", spec.GatewayClassName)
	if name, _, _ := unstructured.NestedString(class.Object, "spec", "parametersRef", "name"); name != "" {
		namespace, _, _ := unstructured.NestedString(class.Object, "spec", "parametersRef", "namespace")
		if given := w.get(nginxProxies, namespace, name); given != nil {
			asked = append(asked, given.Object["spec"])
		}
	}
	if spec.Infrastructure != nil && spec.Infrastructure.ParametersRef != nil {
		named := spec.Infrastructure.ParametersRef
		if named.Group != nginxProxies.Group || named.Kind != "NginxProxy" {
			return nil, &refusal{"InvalidParameters", fmt.Sprintf("spec.infrastructure.parametersRef.kind: Unsupported value: %q", named.Kind)}
		}
		given := w.get(nginxProxies, gateway.GetNamespace(), named.Name)
		if given == nil {
			return nil, &refusal{"InvalidParameters", fmt.Sprintf("spec.infrastructure.parametersRef.name: Not found: %q", named.Name)}
		}
		asked = append(asked, given.Object["spec"])
	}
	settings, err := laidOver(asked)
	if err != nil {
		return nil, &refusal{"InvalidParameters", err.Error()}
	}
	return settings, nil
}

// laidOver are settings in which each takes the place of what those before it said.
func laidOver(asked []any) (*nginxSettings, error) {
	whole := []byte("{}")
	for _, each := range asked {
		content, err := json.Marshal(each)
		if err != nil {
			return nil, err
		}
		if whole, err = jsonpatch.MergePatch(whole, content); err != nil {
			return nil, err
		}
	}
	settings := &nginxSettings{}
	return settings, json.Unmarshal(whole, settings)
}
