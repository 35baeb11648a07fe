package operators

import (
	"context"
	"encoding/json"
	"fmt"
	"reflect"
	"slices"
	"strings"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/tools/cache"
)

// world is the cluster as operators see it.
type world struct {
	client dynamic.Interface
	// again has an object looked at once more after a while.
	again func(object *unstructured.Unstructured, after time.Duration)

	lock   sync.RWMutex
	stores map[schema.GroupVersionResource]cache.Store
}

func (w *world) store(resource schema.GroupVersionResource) cache.Store {
	w.lock.RLock()
	defer w.lock.RUnlock()
	return w.stores[resource]
}

func (w *world) setStore(resource schema.GroupVersionResource, store cache.Store) {
	w.lock.Lock()
	defer w.lock.Unlock()
	if store == nil {
		delete(w.stores, resource)
		return
	}
	w.stores[resource] = store
}

// get is an object, nil when it is not there or nobody serves its kind. It must not be changed.
func (w *world) get(resource schema.GroupVersionResource, namespace, name string) *unstructured.Unstructured {
	store := w.store(resource)
	if store == nil {
		return nil
	}
	found, exists, err := store.GetByKey(strings.TrimPrefix(namespace+"/"+name, "/"))
	object, known := found.(*unstructured.Unstructured)
	if err != nil || !exists || !known {
		return nil
	}
	return object
}

// live asks the API server for an object, nil when it is not there.
func (w *world) live(ctx context.Context, resource schema.GroupVersionResource, namespace, name string) (*unstructured.Unstructured, error) {
	found, err := w.write(resource, namespace).Get(ctx, name, metav1.GetOptions{})
	if apierrors.IsNotFound(err) {
		return nil, nil
	}
	return found, err
}

// list are all objects of a kind that have the labels, by namespace and name. They must not be changed.
func (w *world) list(resource schema.GroupVersionResource, wanted labels.Set) []*unstructured.Unstructured {
	store := w.store(resource)
	if store == nil {
		return nil
	}
	var found []*unstructured.Unstructured
	selector := wanted.AsSelectorPreValidated()
	for _, each := range store.List() {
		if object, known := each.(*unstructured.Unstructured); known && selector.Matches(labels.Set(object.GetLabels())) {
			found = append(found, object)
		}
	}
	slices.SortFunc(found, func(a, b *unstructured.Unstructured) int { return strings.Compare(keyOf(a), keyOf(b)) })
	return found
}

func keyOf(object *unstructured.Unstructured) string {
	return strings.TrimPrefix(object.GetNamespace()+"/"+object.GetName(), "/")
}

// controllerOf is the Deployment, or the StatefulSet, in which the true operator would run now; nil while it has no available pod.
func (w *world) controllerOf(o *operator) *unstructured.Unstructured {
	for _, workload := range slices.Concat(w.list(deployments, o.controller), w.list(statefulSets, o.controller)) {
		if available, _, _ := unstructured.NestedInt64(workload.Object, "status", "availableReplicas"); available > 0 {
			return workload
		}
	}
	return nil
}

// write is the client for the objects of a kind in a namespace.
func (w *world) write(resource schema.GroupVersionResource, namespace string) dynamic.ResourceInterface {
	if namespace == "" {
		return w.client.Resource(resource)
	}
	return w.client.Resource(resource).Namespace(namespace)
}

// apply makes an object have these fields, taking them over from whoever had them; manager is the true operator's own.
func (w *world) apply(ctx context.Context, resource schema.GroupVersionResource, manager string, object *unstructured.Unstructured) error {
	_, err := w.write(resource, object.GetNamespace()).Apply(ctx, object.GetName(), object, metav1.ApplyOptions{FieldManager: manager, Force: true})
	if err != nil {
		return fmt.Errorf("%s %s: %w", object.GetKind(), keyOf(object), err)
	}
	return nil
}

// setStatus replaces the status of an object unless it is that already.
func (w *world) setStatus(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured, status any) error {
	wanted, err := plain(status)
	if err != nil || reflect.DeepEqual(wanted, object.Object["status"]) {
		return err
	}
	changed := object.DeepCopy()
	changed.Object["status"] = wanted
	_, err = w.write(resource, object.GetNamespace()).UpdateStatus(ctx, changed, metav1.UpdateOptions{})
	return ignoreGone(err)
}

// update replaces an object but for its status.
func (w *world) update(ctx context.Context, resource schema.GroupVersionResource, object *unstructured.Unstructured) error {
	_, err := w.write(resource, object.GetNamespace()).Update(ctx, object, metav1.UpdateOptions{})
	return ignoreGone(err)
}

func ignoreGone(err error) error {
	if apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

// plain is a value as JSON has it.
func plain(value any) (any, error) {
	content, err := json.Marshal(value)
	if err != nil {
		return nil, fmt.Errorf("a value that is no JSON: %w", err)
	}
	var result any
	// As the API machinery reads numbers: whole ones stay whole.
	if err := unmarshal(content, &result); err != nil {
		return nil, err
	}
	return result, nil
}

// read takes a part of an object into a structure; what is not there leaves it alone.
func read(object *unstructured.Unstructured, into any, path ...string) error {
	part, found, err := unstructured.NestedFieldNoCopy(object.Object, path...)
	if err != nil || !found {
		return err
	}
	content, err := json.Marshal(part)
	if err != nil {
		return fmt.Errorf("%s %s: %w", object.GetKind(), keyOf(object), err)
	}
	if err := json.Unmarshal(content, into); err != nil {
		return fmt.Errorf("%s %s: %w", object.GetKind(), keyOf(object), err)
	}
	return nil
}
