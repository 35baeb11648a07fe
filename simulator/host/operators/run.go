package operators

import (
	"context"
	"fmt"
	"slices"
	"sync"
	"time"

	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/metadata"
	"k8s.io/client-go/metadata/metadatainformer"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/klog/v2"
)

// Pauses before a failed task is tried again, and between looks at a kind that a definition brings.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = 10 * time.Second
	servedPoll = 200 * time.Millisecond
)

var definitions = schema.GroupVersionResource{Group: "apiextensions.k8s.io", Version: "v1", Resource: "customresourcedefinitions"}

// task is an object to bring in line; without a key, what the operator makes of itself.
type task struct {
	operator *operator
	resource schema.GroupVersionResource
	key      string
}

// room is where the operators work.
type room struct {
	world     *world
	operators []*operator
	queue     workqueue.TypedRateLimitingInterface[task]

	lock sync.Mutex
	// watches end what watches a kind.
	watches map[schema.GroupVersionResource]context.CancelFunc
}

// Run lets the operators work until the context ends. Each kind is watched from when its definition appears until it goes.
func Run(ctx context.Context, config *rest.Config) error {
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("operators: client: %w", err)
	}
	// Of definitions only the names count, and these are small.
	names, err := metadata.NewForConfig(config)
	if err != nil {
		return fmt.Errorf("operators: client: %w", err)
	}
	made := newRoom(client, all())
	watched := metadatainformer.NewFilteredMetadataInformer(names, definitions, metav1.NamespaceAll, 0, cache.Indexers{}, nil).Informer()
	if _, err := watched.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(object any) { made.defined(ctx, object) },
		DeleteFunc: func(object any) { made.undefined(object) },
	}); err != nil {
		return fmt.Errorf("operators: watching definitions: %w", err)
	}
	go made.work(ctx)
	watched.RunWithContext(ctx)
	made.queue.ShutDown()
	return nil
}

func newRoom(client dynamic.Interface, operators []*operator) *room {
	limiter := workqueue.NewTypedItemExponentialFailureRateLimiter[task](firstRetry, lastRetry)
	made := &room{
		operators: operators,
		queue:     workqueue.NewTypedRateLimitingQueue(limiter),
		watches:   map[schema.GroupVersionResource]context.CancelFunc{},
	}
	made.world = &world{client: client, stores: map[schema.GroupVersionResource]cache.Store{}, again: made.again}
	return made
}

// defined begins with the kinds of operators that a definition brings, and with what these look at; a kind of another operator begins with its own
// definition.
func (r *room) defined(ctx context.Context, definition any) {
	for _, each := range r.operators {
		for _, subject := range each.subjects {
			if definitionName(subject.resource) != nameOf(definition) {
				continue
			}
			r.watch(ctx, subject.resource)
			r.watch(ctx, deployments)
			for _, resource := range each.looksAt {
				if !r.isDefined(resource) {
					r.watch(ctx, resource)
				}
			}
		}
	}
}

// isDefined says whether a kind is an operator's own.
func (r *room) isDefined(resource schema.GroupVersionResource) bool {
	return slices.ContainsFunc(r.operators, func(each *operator) bool { return each.subject(resource) != nil })
}

// undefined ends with a kind whose definition has gone.
func (r *room) undefined(definition any) {
	r.lock.Lock()
	defer r.lock.Unlock()
	for resource, end := range r.watches {
		if definitionName(resource) == nameOf(definition) {
			end()
			delete(r.watches, resource)
			r.world.setStore(resource, nil)
		}
	}
}

func definitionName(resource schema.GroupVersionResource) string {
	return resource.Resource + "." + resource.Group
}

func nameOf(object any) string {
	key, err := cache.DeletionHandlingMetaNamespaceKeyFunc(object)
	if err != nil {
		klog.ErrorS(err, "object without a name")
	}
	return key
}

// watch begins to watch a kind, once; a kind of a definition as soon as it is served.
func (r *room) watch(ctx context.Context, resource schema.GroupVersionResource) {
	r.lock.Lock()
	defer r.lock.Unlock()
	if r.watches[resource] != nil {
		return
	}
	ctx, r.watches[resource] = context.WithCancel(ctx)
	go func() {
		if !r.served(ctx, resource) {
			return
		}
		informer := dynamicinformer.NewFilteredDynamicInformer(r.world.client, resource, metav1.NamespaceAll, 0, cache.Indexers{}, nil).Informer()
		changed := func(any) { r.changed(resource) }
		if _, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc: changed, UpdateFunc: func(_, object any) { changed(object) }, DeleteFunc: changed,
		}); err != nil {
			klog.ErrorS(err, "not watched", "resource", resource)
			return
		}
		r.world.setStore(resource, informer.GetStore())
		informer.RunWithContext(ctx)
	}()
}

// served waits until the API server knows a kind; false when it need not be waited for any more.
func (r *room) served(ctx context.Context, resource schema.GroupVersionResource) bool {
	for {
		_, err := r.world.client.Resource(resource).List(ctx, metav1.ListOptions{Limit: 1})
		if err == nil {
			return true
		}
		if !apierrors.IsNotFound(err) && ctx.Err() == nil {
			klog.ErrorS(err, "will look again", "resource", resource)
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(servedPoll):
		}
	}
}

// changed has all looked at whom a change of such an object concerns.
func (r *room) changed(resource schema.GroupVersionResource) {
	for _, each := range r.operators {
		if !each.concernedBy(resource) {
			continue
		}
		r.queue.Add(task{operator: each})
		for _, subject := range each.subjects {
			for _, object := range r.world.list(subject.resource, nil) {
				r.queue.Add(task{each, subject.resource, keyOf(object)})
			}
		}
	}
}

func (r *room) again(object *unstructured.Unstructured, after time.Duration) {
	for _, each := range r.operators {
		for _, subject := range each.subjects {
			if subject.kind == object.GetKind() && subject.resource.Group == object.GroupVersionKind().Group {
				r.queue.AddAfter(task{each, subject.resource, keyOf(object)}, after)
			}
		}
	}
}

// work does one task after the other: what operators make of one object may decide over the next.
func (r *room) work(ctx context.Context) {
	for {
		next, stopped := r.queue.Get()
		if stopped || ctx.Err() != nil {
			return
		}
		if err := r.do(ctx, next); err != nil {
			if !apierrors.IsConflict(err) { // it has changed meanwhile, which is nothing to tell
				klog.ErrorS(err, "will try again", "operator", next.operator.name, "object", next.key)
			}
			r.queue.AddRateLimited(next)
		} else {
			r.queue.Forget(next)
		}
		r.queue.Done(next)
	}
}

func (r *room) do(ctx context.Context, next task) error {
	if r.world.controllerOf(next.operator) == nil {
		return nil // it will be looked at again when a Deployment changes
	}
	if next.key == "" {
		if next.operator.begin == nil {
			return nil
		}
		return next.operator.begin(ctx, r.world)
	}
	namespace, name, err := cache.SplitMetaNamespaceKey(next.key)
	if err != nil {
		return fmt.Errorf("key %q: %w", next.key, err)
	}
	object := r.world.get(next.resource, namespace, name)
	if object == nil {
		return nil
	}
	return next.operator.subject(next.resource).sync(ctx, r.world, object)
}
