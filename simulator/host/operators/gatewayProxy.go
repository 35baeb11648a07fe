package operators

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"maps"
	"reflect"
	"slices"
	"strings"

	appsv1 "k8s.io/api/apps/v1"
	autoscalingv2 "k8s.io/api/autoscaling/v2"
	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/util/strategicpatch"
	"sigs.k8s.io/yaml"
)

// overlay is one kind of object that stands for a gateway, and how settings change it (deploymentcontroller.go, applyOverlay).
type overlay struct {
	key      string
	resource schema.GroupVersionResource
	shape    any
	// asked objects are only made when an overlay asks for them.
	asked bool
}

// overlays by kind.
var overlays = map[string]overlay{
	"ServiceAccount":          {"serviceAccount", serviceAccounts, &corev1.ServiceAccount{}, false},
	"Deployment":              {"deployment", deployments, &appsv1.Deployment{}, false},
	"Service":                 {"service", services, &corev1.Service{}, false},
	"HorizontalPodAutoscaler": {"horizontalPodAutoscaler", autoscalers, &autoscalingv2.HorizontalPodAutoscaler{}, true},
	"PodDisruptionBudget":     {"podDisruptionBudget", budgets, &policyv1.PodDisruptionBudget{}, true},
}

// managedLabel marks what istiod may change.
const managedLabel = "gateway.istio.io/managed"

// makeProxy makes the objects that stand for a gateway.
func makeProxy(ctx context.Context, w *world, gateway *unstructured.Unstructured, class *gatewayClass, spec *gatewaySpec) error {
	settings, err := readMesh(w)
	if err != nil {
		return err
	}
	changes, err := overlaysOf(w, settings, gateway, spec)
	if err != nil {
		return err
	}
	proxy := newProxy(gateway, class, spec, settings)
	for _, object := range proxy.objects() {
		changed, err := overlaid(object, changes)
		if err != nil {
			return err
		}
		if changed == nil {
			continue
		}
		if err := applyManaged(ctx, w, changed, strings.ReplaceAll(class.controller, "/", "-")); err != nil {
			return err
		}
	}
	return nil
}

// applyManaged leaves alone what somebody else made under the same name.
func applyManaged(ctx context.Context, w *world, object *unstructured.Unstructured, label string) error {
	resource := overlays[object.GetKind()].resource
	if err := unstructured.SetNestedField(object.Object, label, "metadata", "labels", managedLabel); err != nil {
		return err
	}
	sum := remember(object)
	live, err := w.write(resource, object.GetNamespace()).Get(ctx, object.GetName(), metav1.GetOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("%s %s: %w", object.GetKind(), keyOf(object), err)
	}
	if err == nil && (live.GetLabels()[managedLabel] == "" || live.GetAnnotations()[appliedAnnotation] == sum) {
		return nil
	}
	return w.apply(ctx, resource, gatewayManager, object)
}

// appliedAnnotation remembers what was applied, so that the API server is not asked again for what is there. The true istiod needs no such memory: it acts
// on fewer events.
const appliedAnnotation = "simulator.tars-platform/applied"

func remember(object *unstructured.Unstructured) string {
	sum, annotations := digest(object.Object), map[string]string{}
	maps.Copy(annotations, object.GetAnnotations())
	annotations[appliedAnnotation] = sum
	object.SetAnnotations(annotations)
	return sum
}

// overlaysOf are the changes that are asked for, in order: for the class, in istiod's namespace, then for the gateway, in its own.
func overlaysOf(w *world, settings *mesh, gateway *unstructured.Unstructured, spec *gatewaySpec) ([]map[string]string, error) {
	var changes []map[string]string
	defaults := labels.Set{"gateway.istio.io/defaults-for-class": spec.GatewayClassName}
	for _, each := range w.list(configMaps, defaults) {
		if each.GetNamespace() == settings.namespace {
			data, _, _ := unstructured.NestedStringMap(each.Object, "data")
			changes = append(changes, data)
			break
		}
	}
	if spec.Infrastructure == nil || spec.Infrastructure.ParametersRef == nil {
		return changes, nil
	}
	asked := spec.Infrastructure.ParametersRef
	if asked.Kind != "ConfigMap" || asked.Group != "" {
		return nil, fmt.Errorf("invalid parameters: unknown infrastructure parameters type %s/%s", asked.Group, asked.Kind)
	}
	given := w.get(configMaps, gateway.GetNamespace(), asked.Name)
	if given == nil {
		return nil, fmt.Errorf("parametersRef targeting configmap \"%s/%s\", but configmap does not exist", gateway.GetNamespace(), asked.Name)
	}
	data, _, _ := unstructured.NestedStringMap(given.Object, "data")
	return append(changes, data), nil
}

// overlaid is an object with all changes for its kind; nil when it is only made when asked for, and nobody asks.
func overlaid(object *unstructured.Unstructured, changes []map[string]string) (*unstructured.Unstructured, error) {
	how := overlays[object.GetKind()]
	var patches []json.RawMessage
	for _, change := range changes {
		for key := range change {
			if !slices.ContainsFunc(slices.Collect(maps.Values(overlays)), func(each overlay) bool { return each.key == key }) {
				return nil, fmt.Errorf("unsupported overlay %q", key)
			}
		}
		text, found := change[how.key]
		if !found {
			continue
		}
		patch, err := yaml.YAMLToJSON([]byte(text))
		if err != nil {
			return nil, fmt.Errorf("overlay %s: %w", how.key, err)
		}
		patches = append(patches, patch)
	}
	if how.asked && len(patches) == 0 {
		return nil, nil
	}
	changed, err := patched(object, patches, how.shape)
	if err != nil {
		return nil, fmt.Errorf("overlay %s: %w", how.key, err)
	}
	return changed, sameIdentity(object, changed)
}

// patched is an object with changes that are merged as kubectl does; shape is a value of its type.
func patched(object *unstructured.Unstructured, patches []json.RawMessage, shape any) (*unstructured.Unstructured, error) {
	content, err := json.Marshal(object.Object)
	if err != nil {
		return nil, err
	}
	for _, patch := range patches {
		if content, err = strategicpatch.StrategicMergePatch(content, patch, shape); err != nil {
			return nil, err
		}
	}
	changed := &unstructured.Unstructured{}
	return changed, changed.UnmarshalJSON(content)
}

// sameIdentity refuses changes to who an object is and whose.
func sameIdentity(before, after *unstructured.Unstructured) error {
	if before.GetName() == after.GetName() && before.GetNamespace() == after.GetNamespace() && after.GetGenerateName() == "" &&
		after.GetUID() == "" && after.GetResourceVersion() == "" && len(after.GetFinalizers()) == 0 &&
		reflect.DeepEqual(before.GetOwnerReferences(), after.GetOwnerReferences()) {
		return nil
	}
	return errors.New("illegal metadata change")
}

func ignoreExisting(err error) error {
	if apierrors.IsAlreadyExists(err) {
		return nil
	}
	return err
}
