package operators

import (
	"context"
	"encoding/json"
	"fmt"
	"strings"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/types"
)

// writer makes and changes objects under the name that an operator has as a manager of fields.
type writer struct {
	*world
	manager string
}

func (w *world) as(manager string) writer { return writer{world: w, manager: manager} }

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

// ownerOf is the reference by which an object belongs to another.
func ownerOf(object *unstructured.Unstructured) []metav1.OwnerReference {
	isController := true
	return []metav1.OwnerReference{{
		APIVersion: object.GetAPIVersion(), Kind: object.GetKind(), Name: object.GetName(), UID: object.GetUID(), Controller: &isController,
	}}
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
func (w writer) create(ctx context.Context, resource schema.GroupVersionResource, kind string, object any) error {
	made, err := untyped(resource.GroupVersion().String(), kind, object)
	if err != nil {
		return err
	}
	_, err = w.write(resource, made.GetNamespace()).Create(ctx, made, metav1.CreateOptions{FieldManager: w.manager})
	return ignoreExisting(err)
}

// own makes an object be as wanted that belongs to another; whose name somebody else has taken is refused.
func (w writer) own(ctx context.Context, resource schema.GroupVersionResource, kind string, owner *unstructured.Unstructured, object any) error {
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
	return w.apply(ctx, resource, w.manager, made)
}

// drop removes an object that belongs to another, if it is there.
func (w writer) drop(ctx context.Context, resource schema.GroupVersionResource, owner *unstructured.Unstructured, name string) error {
	there := w.get(resource, owner.GetNamespace(), name)
	if there == nil || !metav1.IsControlledBy(there, owner) {
		return nil
	}
	return ignoreGone(w.write(resource, owner.GetNamespace()).Delete(ctx, name, metav1.DeleteOptions{}))
}

// relabel changes labels and annotations of an object.
func (w writer) relabel(ctx context.Context, resource schema.GroupVersionResource, meta *metav1.ObjectMeta, labels, annotations map[string]string) error {
	return w.merge(ctx, resource, meta, fields{"metadata": fields{"labels": anyMap(labels), "annotations": anyMap(annotations)}})
}

// merge lays a patch over an object.
func (w writer) merge(ctx context.Context, resource schema.GroupVersionResource, meta *metav1.ObjectMeta, patch any) error {
	content, err := json.Marshal(patch)
	if err != nil {
		return err
	}
	_, err = w.write(resource, meta.Namespace).Patch(ctx, meta.Name, types.MergePatchType, content, metav1.PatchOptions{FieldManager: w.manager})
	return ignoreGone(err)
}
