package operators

import (
	"context"
	"encoding/json"
	"fmt"
	"slices"
	"strconv"
	"strings"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// Labels of pods and claims (pkg/utils/labels_annotations.go).
const (
	cnpgClusterLabel  = "cnpg.io/cluster"
	cnpgInstanceLabel = "cnpg.io/instanceName"
	cnpgRoleLabel     = "cnpg.io/instanceRole"
	cnpgPodRoleLabel  = "cnpg.io/podRole"
	cnpgJobRoleLabel  = "cnpg.io/jobRole"
	cnpgPvcRoleLabel  = "cnpg.io/pvcRole"
	cnpgSerial        = "cnpg.io/nodeSerial"
	cnpgPvcStatus     = "cnpg.io/pvcStatus"
	cnpgPodSpec       = "cnpg.io/podSpec"
	cnpgReload        = "cnpg.io/reload"
	restartedAt       = "kubectl.kubernetes.io/restartedAt"
)

// cnpgCluster is a Cluster with what belongs to it.
type cnpgCluster struct {
	w      *world
	object *unstructured.Unstructured
	spec   *cnpgSpec
	status *cnpgStatus
	plane  *cnpgPlane
	barman *barman

	pods   []*corev1.Pod
	claims []*corev1.PersistentVolumeClaim
	jobs   []*batchv1.Job
}

// readCnpgCluster is nil for a Cluster in a namespace that the operator does not watch.
func readCnpgCluster(w *world, object *unstructured.Unstructured) (*cnpgCluster, error) {
	plane, err := readCnpgPlane(w)
	if err != nil || !plane.watches(object.GetNamespace()) {
		return nil, err
	}
	c := &cnpgCluster{w: w, object: object, spec: &cnpgSpec{}, status: &cnpgStatus{}, plane: plane}
	if err := read(object, c.spec, "spec"); err != nil {
		return nil, err
	}
	if err := read(object, c.status, "status"); err != nil {
		return nil, err
	}
	c.spec.setDefaults(plane.setting("POSTGRES_IMAGE_NAME", "ghcr.io/cloudnative-pg/postgresql:18.4-system-trixie"))
	if c.pods, err = owned[corev1.Pod](w, pods, object); err != nil {
		return nil, err
	}
	if c.claims, err = owned[corev1.PersistentVolumeClaim](w, claims, object); err != nil {
		return nil, err
	}
	c.jobs, err = owned[batchv1.Job](w, jobs, object)
	return c, err
}

// owned are the objects of a kind that an object controls, by their names.
func owned[T any](w *world, resource schema.GroupVersionResource, owner *unstructured.Unstructured) ([]*T, error) {
	var found []*T
	for _, each := range w.list(resource, nil) {
		if each.GetNamespace() != owner.GetNamespace() || !metav1.IsControlledBy(each, owner) {
			continue
		}
		typed := new(T)
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(each.Object, typed); err != nil {
			return nil, fmt.Errorf("%s %s: %w", each.GetKind(), keyOf(each), err)
		}
		found = append(found, typed)
	}
	return found, nil
}

func (c *cnpgCluster) name() string      { return c.object.GetName() }
func (c *cnpgCluster) namespace() string { return c.object.GetNamespace() }

func (c *cnpgCluster) instance(serial int) string { return fmt.Sprintf("%s-%d", c.name(), serial) }

func serialOf(annotations map[string]string) int {
	serial, err := strconv.Atoi(annotations[cnpgSerial])
	if err != nil {
		return 0
	}
	return serial
}

func (c *cnpgCluster) pod(name string) *corev1.Pod {
	for _, each := range c.pods {
		if each.Name == name {
			return each
		}
	}
	return nil
}

// isReady says what IsPodReady, isActive what IsPodActive of pkg/utils/pod_conditions.go says: a pod that waits is not active.
func isReady(pod *corev1.Pod) bool {
	return pod != nil && slices.ContainsFunc(pod.Status.Conditions, func(each corev1.PodCondition) bool {
		return each.Type == corev1.PodReady && each.Status == corev1.ConditionTrue
	})
}

func isActive(pod *corev1.Pod) bool {
	return pod != nil && pod.DeletionTimestamp == nil && pod.Status.Phase == corev1.PodRunning
}

// reports says whether an instance would answer the operator.
func reports(pod *corev1.Pod) bool { return isActive(pod) && isReady(pod) }

// reporting are the instances that answer, the primary first, as they would be promoted.
func (c *cnpgCluster) reporting() []*corev1.Pod {
	var found []*corev1.Pod
	for _, each := range c.pods {
		if reports(each) {
			found = append(found, each)
		}
	}
	slices.SortStableFunc(found, func(a, b *corev1.Pod) int {
		switch c.status.CurrentPrimary {
		case a.Name:
			return -1
		case b.Name:
			return 1
		}
		return serialOf(a.Annotations) - serialOf(b.Annotations)
	})
	return found
}

// ownerOf is the reference by which an object belongs to another.
func ownerOf(object *unstructured.Unstructured) []metav1.OwnerReference {
	isController := true
	return []metav1.OwnerReference{{
		APIVersion: object.GetAPIVersion(), Kind: object.GetKind(), Name: object.GetName(), UID: object.GetUID(), Controller: &isController,
	}}
}

// meta is that of an object of the Cluster, with what it inherits.
func (c *cnpgCluster) meta(name string, own map[string]string) metav1.ObjectMeta {
	made := metav1.ObjectMeta{Name: name, Namespace: c.namespace(), Labels: map[string]string{}, OwnerReferences: ownerOf(c.object)}
	for key, value := range own {
		made.Labels[key] = value
	}
	c.inherit(&made)
	made.Labels[cnpgClusterLabel] = c.name()
	return made
}

// appLabels are Kubernetes' own.
func (c *cnpgCluster) appLabels() map[string]string {
	return map[string]string{
		cnpgClusterLabel: c.name(), "app.kubernetes.io/name": "postgresql", "app.kubernetes.io/instance": c.name(),
		"app.kubernetes.io/version": strconv.Itoa(c.spec.major()), "app.kubernetes.io/component": "database",
		"app.kubernetes.io/managed-by": cnpgManager,
	}
}

// untyped is an object as the API takes it.
func untyped(apiVersion, kind string, object any) (*unstructured.Unstructured, error) {
	content, err := plain(object)
	if err != nil {
		return nil, err
	}
	fields, isObject := content.(map[string]any)
	if !isObject {
		return nil, fmt.Errorf("%s is no object", kind)
	}
	delete(fields, "status")
	unstructured.RemoveNestedField(fields, "metadata", "creationTimestamp")
	unstructured.RemoveNestedField(fields, "spec", "template", "metadata", "creationTimestamp")
	fields["apiVersion"], fields["kind"] = apiVersion, kind
	return &unstructured.Unstructured{Object: fields}, nil
}

// create makes an object unless it is there.
func (w *world) create(ctx context.Context, resource schema.GroupVersionResource, kind string, object any) error {
	return w.createBy(ctx, cnpgManager, resource, kind, object)
}

// createBy is create for an operator that writes under another name.
func (w *world) createBy(ctx context.Context, manager string, resource schema.GroupVersionResource, kind string, object any) error {
	made, err := untyped(resource.GroupVersion().String(), kind, object)
	if err != nil {
		return err
	}
	_, err = w.write(resource, made.GetNamespace()).Create(ctx, made, metav1.CreateOptions{FieldManager: manager})
	return ignoreExisting(err)
}

// own makes an object be as wanted that belongs to another; whose name somebody else has taken is refused.
func (w *world) own(ctx context.Context, resource schema.GroupVersionResource, kind string, owner *unstructured.Unstructured, object any) error {
	return w.ownAs(ctx, managerOf(owner), resource, kind, owner, object)
}

// ownAs does that under the name of another operator.
func (w *world) ownAs(ctx context.Context, manager string, resource schema.GroupVersionResource, kind string, owner *unstructured.Unstructured, object any) error {
	made, err := untyped(resource.GroupVersion().String(), kind, object)
	if err != nil {
		return err
	}
	sum := remember(made)
	if there := w.get(resource, made.GetNamespace(), made.GetName()); there != nil {
		if there.GetAnnotations()[appliedAnnotation] == sum {
			return nil
		}
		if !metav1.IsControlledBy(there, owner) {
			return fmt.Errorf("refusing to reconcile %s: %s, not owned by the %s", strings.ToLower(kind), made.GetName(), strings.ToLower(owner.GetKind()))
		}
	}
	return w.apply(ctx, resource, manager, made)
}

// drop removes an object that belongs to another, if it is there.
func (w *world) drop(ctx context.Context, resource schema.GroupVersionResource, owner *unstructured.Unstructured, name string) error {
	there := w.get(resource, owner.GetNamespace(), name)
	if there == nil || !metav1.IsControlledBy(there, owner) {
		return nil
	}
	return ignoreGone(w.write(resource, owner.GetNamespace()).Delete(ctx, name, metav1.DeleteOptions{}))
}

// relabel changes labels and annotations of an object.
func (w *world) relabel(ctx context.Context, resource schema.GroupVersionResource, meta *metav1.ObjectMeta, labels, annotations map[string]string) error {
	return w.merge(ctx, resource, meta, fields{"metadata": fields{"labels": anyMap(labels), "annotations": anyMap(annotations)}})
}

// merge lays a patch over an object.
func (w *world) merge(ctx context.Context, resource schema.GroupVersionResource, meta *metav1.ObjectMeta, patch any) error {
	content, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	_, err = w.write(resource, meta.Namespace).Patch(ctx, meta.Name, types.MergePatchType, content, metav1.PatchOptions{FieldManager: cnpgManager})
	return ignoreGone(err)
}

// cnpgPlane is what the operator was started with (internal/configuration/configuration.go).
type cnpgPlane struct {
	namespace string
	settings  map[string]string
}

// readCnpgPlane reads the operator's environment, over which its ConfigMap goes.
func readCnpgPlane(w *world) (*cnpgPlane, error) {
	deployment := w.controllerOf(&operator{controller: labels.Set{"app.kubernetes.io/name": cnpgManager}})
	if deployment == nil {
		return nil, fmt.Errorf("no operator %s", cnpgManager)
	}
	var containers []corev1.Container
	if err := read(deployment, &containers, "spec", "template", "spec", "containers"); err != nil {
		return nil, err
	}
	plane := &cnpgPlane{namespace: deployment.GetNamespace(), settings: map[string]string{}}
	for _, container := range containers {
		for _, variable := range container.Env {
			plane.settings[variable.Name] = variable.Value
		}
		if plane.settings["OPERATOR_IMAGE_NAME"] == "" {
			plane.settings["OPERATOR_IMAGE_NAME"] = container.Image
		}
		for _, argument := range container.Args {
			if name, given := strings.CutPrefix(argument, "--config-map-name="); given {
				if settings := w.get(configMaps, plane.namespace, name); settings != nil {
					if err := read(settings, &plane.settings, "data"); err != nil {
						return nil, err
					}
				}
			}
		}
	}
	return plane, nil
}

func (p *cnpgPlane) setting(name, unsaid string) string { return orElse(p.settings[name], unsaid) }

// patterns is a setting that has several values.
func (p *cnpgPlane) patterns(name string) []string {
	var found []string
	for _, each := range strings.Split(p.settings[name], ",") {
		if each = strings.TrimSpace(each); each != "" {
			found = append(found, each)
		}
	}
	return found
}

func (p *cnpgPlane) watches(namespace string) bool {
	watched := p.patterns("WATCH_NAMESPACE")
	return len(watched) == 0 || slices.Contains(watched, namespace)
}
