package operators

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// nginxName is what is made of a gateway is called (framework/controller/resource.go).
func nginxName(prefix, suffix string) string {
	const longest = 63
	whole := prefix + "-" + suffix
	if len(whole) <= longest {
		return whole
	}
	digest := sha256.Sum256([]byte(whole))
	sum := hex.EncodeToString(digest[:4])
	room := longest - len(sum) - len(suffix) - 2
	return strings.TrimRight(prefix[:min(len(prefix), room)], "-") + "-" + sum + "-" + suffix
}

// nginxPlane is what the control plane was started with.
type nginxPlane struct{ instance, namespace, service, image, tlsSecret string }

// nginxPlaneOf reads the arguments of the control plane's program, as its chart gives them.
func nginxPlaneOf(w *world) (*nginxPlane, error) {
	deployment := w.controllerOf(nginxOperator())
	if deployment == nil {
		return nil, fmt.Errorf("no control plane of %s", nginxFabric)
	}
	var containers []struct {
		Image string
		Args  []string
	}
	if err := read(deployment, &containers, "spec", "template", "spec", "containers"); err != nil {
		return nil, err
	}
	plane := &nginxPlane{instance: deployment.GetLabels()["app.kubernetes.io/instance"], namespace: deployment.GetNamespace()}
	for _, container := range containers {
		plane.image = orElse(plane.image, container.Image)
		for _, argument := range container.Args {
			switch name, value, _ := strings.Cut(argument, "="); name {
			case "--service":
				plane.service = value
			case "--agent-tls-secret":
				plane.tlsSecret = value
			}
		}
	}
	return plane, nil
}

// makeNginx makes the objects that stand for a gateway, in the order of the true one (provisioner/objects.go).
func makeNginx(ctx context.Context, w *world, gateway *unstructured.Unstructured, spec *gatewaySpec, settings *nginxSettings) error {
	plane, err := nginxPlaneOf(w)
	if err != nil {
		return err
	}
	made := &nginx{gateway: gateway, spec: spec, settings: settings, plane: plane, name: nginxName(gateway.GetName(), spec.GatewayClassName)}
	secret := w.get(secrets, plane.namespace, plane.tlsSecret)
	if secret == nil {
		return fmt.Errorf("secret %s/%s, by which agents know their control plane, is not there", plane.namespace, plane.tlsSecret)
	}
	objects, err := made.objects(secret)
	if err != nil {
		return err
	}
	for _, object := range objects {
		if err := made.apply(ctx, w, object); err != nil {
			return err
		}
	}
	return nil
}

// apply leaves the number of pods as it is where an autoscaler decides over it (determineReplicas).
func (n *nginx) apply(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	resource := nginxResources[object.GetKind()]
	sum := remember(object)
	live, err := w.live(ctx, resource, object.GetNamespace(), object.GetName())
	if err != nil {
		return fmt.Errorf("%s %s: %w", object.GetKind(), keyOf(object), err)
	}
	if live != nil {
		if live.GetAnnotations()[appliedAnnotation] == sum {
			return nil
		}
		if !metav1.IsControlledBy(live, n.gateway) {
			return fmt.Errorf("%s %s is somebody else's", object.GetKind(), keyOf(object))
		}
		if pods, found, _ := unstructured.NestedInt64(live.Object, "spec", "replicas"); found && object.GetKind() == "Deployment" && n.isScaled() {
			if err := unstructured.SetNestedField(object.Object, pods, "spec", "replicas"); err != nil {
				return err
			}
		}
	}
	return w.apply(ctx, resource, "gateway", object)
}

var nginxResources = map[string]schema.GroupVersionResource{
	"Secret": secrets, "ConfigMap": configMaps, "ServiceAccount": serviceAccounts, "Service": services, "Deployment": deployments,
	"HorizontalPodAutoscaler": autoscalers,
}

// labels are those that pods are found by, and those of everything (provisioner/objects.go, buildLabelsAndAnnotations).
func (n *nginx) labels() (selector, all map[string]string) {
	selector = map[string]string{
		"app.kubernetes.io/instance": n.plane.instance, "app.kubernetes.io/managed-by": nginxName(n.plane.instance, n.spec.GatewayClassName),
		"app.kubernetes.io/name": n.name, gatewayNameLabel: n.gateway.GetName(),
	}
	all = maps.Clone(selector)
	if n.spec.Infrastructure != nil {
		maps.Copy(all, n.spec.Infrastructure.Labels)
	}
	return selector, all
}

// nginx is what stands for a gateway.
type nginx struct {
	gateway  *unstructured.Unstructured
	spec     *gatewaySpec
	settings *nginxSettings
	plane    *nginxPlane
	name     string
}

func (n *nginx) isScaled() bool {
	scaling := n.settings.Kubernetes.Deployment.Autoscaling
	return scaling != nil && scaling.Enable
}

func (n *nginx) objects(agentTLS *unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	service, err := changed(n.service(), n.settings.Kubernetes.Service.Patches, &corev1.Service{})
	if err != nil {
		return nil, err
	}
	deployment, err := changed(n.deployment(), n.settings.Kubernetes.Deployment.Patches, &appsv1.Deployment{})
	if err != nil {
		return nil, err
	}
	if pods := n.settings.Kubernetes.Deployment.Replicas; pods != nil {
		if err := unstructured.SetNestedField(deployment.Object, *pods, "spec", "replicas"); err != nil {
			return nil, err
		}
	}
	secret := n.object("v1", "Secret", nginxName(n.name, n.plane.tlsSecret), fields{"type": agentTLS.Object["type"], "data": agentTLS.Object["data"]})
	made := []*unstructured.Unstructured{secret, n.bootstrap(), n.agentConfig(), n.serviceAccount(), service, deployment}
	if n.isScaled() {
		made = append(made, n.autoscaler())
	}
	return made, nil
}

// object is one of them without its own part.
func (n *nginx) object(apiVersion, kind, name string, own fields) *unstructured.Unstructured {
	_, all := n.labels()
	annotations := map[string]string{}
	if n.spec.Infrastructure != nil {
		annotations = n.spec.Infrastructure.Annotations
	}
	object := fields{
		"apiVersion": apiVersion, "kind": kind,
		"metadata": fields{
			"name": name, "namespace": n.gateway.GetNamespace(), "labels": anyMap(all), "annotations": anyMap(annotations),
			"ownerReferences": []any{fields{
				"apiVersion": gatewayV1.String(), "kind": "Gateway", "name": n.gateway.GetName(), "uid": string(n.gateway.GetUID()),
				"controller": true, "blockOwnerDeletion": true,
			}},
		},
	}
	maps.Copy(object, own)
	return &unstructured.Unstructured{Object: object}
}

// bootstrap and agentConfig are there for the pods' volumes; no program reads here what would be in them.
func (n *nginx) bootstrap() *unstructured.Unstructured {
	return n.object("v1", "ConfigMap", n.bootstrapName(), fields{"data": fields{"main.conf": "", "events.conf": ""}})
}

func (n *nginx) agentConfig() *unstructured.Unstructured {
	return n.object("v1", "ConfigMap", n.agentConfigName(), fields{"data": fields{"nginx-agent.conf": ""}})
}

func (n *nginx) bootstrapName() string   { return nginxName(n.name, "includes-bootstrap") }
func (n *nginx) agentConfigName() string { return nginxName(n.name, "agent-config") }

func (n *nginx) serviceAccount() *unstructured.Unstructured {
	return n.object("v1", "ServiceAccount", n.name, fields{"automountServiceAccountToken": false})
}

// ports are those of the listeners, each once.
func (n *nginx) ports() []int64 {
	var ports []int64
	for _, each := range n.spec.Listeners {
		if !slices.Contains(ports, each.Port) {
			ports = append(ports, each.Port)
		}
	}
	slices.Sort(ports)
	return ports
}

func (n *nginx) service() *unstructured.Unstructured {
	asked := n.settings.Kubernetes.Service
	var ports, ranges []any
	for _, number := range n.ports() {
		ports = append(ports, fields{"name": fmt.Sprintf("port-%d", number), "port": number, "targetPort": number, "protocol": "TCP"})
	}
	for _, each := range asked.LoadBalancerSourceRanges {
		ranges = append(ranges, each)
	}
	selector, _ := n.labels()
	spec := fields{"type": orElse(asked.Type, "LoadBalancer"), "ports": ports, "selector": anyMap(selector), "ipFamilyPolicy": "PreferDualStack"}
	if spec["type"] != "ClusterIP" {
		spec["externalTrafficPolicy"] = orElse(asked.ExternalTrafficPolicy, "Local")
	}
	if asked.LoadBalancerIP != "" {
		spec["loadBalancerIP"] = asked.LoadBalancerIP
	}
	if asked.LoadBalancerClass != nil {
		spec["loadBalancerClass"] = *asked.LoadBalancerClass
	}
	setList(spec, "loadBalancerSourceRanges", ranges)
	return n.object("v1", "Service", n.name, fields{"spec": spec})
}

func (n *nginx) autoscaler() *unstructured.Unstructured {
	scaling := n.settings.Kubernetes.Deployment.Autoscaling
	spec := fields{
		"scaleTargetRef": fields{"apiVersion": "apps/v1", "kind": "Deployment", "name": n.name}, "maxReplicas": scaling.MaxReplicas,
	}
	if scaling.MinReplicas != nil {
		spec["minReplicas"] = *scaling.MinReplicas
	}
	var metrics []any
	for name, percent := range map[string]*int64{"cpu": scaling.TargetCPUUtilizationPercentage, "memory": scaling.TargetMemoryUtilizationPercentage} {
		if percent != nil {
			target := fields{"type": "Utilization", "averageUtilization": *percent}
			metrics = append(metrics, fields{"type": "Resource", "resource": fields{"name": name, "target": target}})
		}
	}
	slices.SortFunc(metrics, func(a, b any) int { return strings.Compare(digest(a), digest(b)) })
	setList(spec, "metrics", metrics)
	return n.object("autoscaling/v2", "HorizontalPodAutoscaler", n.name, fields{"spec": spec})
}

// changed is an object with an NginxProxy's patches, of the kind that merges as kubectl does.
func changed(object *unstructured.Unstructured, asked []nginxPatch, shape any) (*unstructured.Unstructured, error) {
	var patches []json.RawMessage
	for _, patch := range asked {
		if orElse(patch.Type, "StrategicMerge") != "StrategicMerge" {
			return nil, fmt.Errorf("%s %s: this stand-in knows no patches of type %s", object.GetKind(), object.GetName(), patch.Type)
		}
		patches = append(patches, patch.Value)
	}
	made, err := patched(object, patches, shape)
	if err != nil {
		return nil, fmt.Errorf("%s %s: patch: %w", object.GetKind(), object.GetName(), err)
	}
	return made, nil
}
