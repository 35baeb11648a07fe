package simulation

import (
	"context"
	"fmt"
	"time"

	"k8s.io/apimachinery/pkg/util/wait"
	"k8s.io/client-go/tools/cache"
	"k8s.io/client-go/util/workqueue"
	"k8s.io/klog/v2"
)

// controller calls sync with the key of every object that changed, one at a time, and again later when sync failed.
type controller struct {
	name   string
	queue  workqueue.TypedRateLimitingInterface[string]
	sync   func(ctx context.Context, key string) error
	finish func()
}

// Pauses before a failed key is tried again.
const (
	firstRetry = 50 * time.Millisecond
	lastRetry  = 10 * time.Second
)

func newController(name string, sync func(ctx context.Context, key string) error, watched ...cache.SharedIndexInformer) (*controller, error) {
	limiter := workqueue.NewTypedItemExponentialFailureRateLimiter[string](firstRetry, lastRetry)
	made := &controller{name: name, queue: workqueue.NewTypedRateLimitingQueue(limiter), sync: sync, finish: func() {}}
	for _, informer := range watched {
		_, err := informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
			AddFunc:    made.enqueue,
			UpdateFunc: func(_, object any) { made.enqueue(object) },
			DeleteFunc: made.enqueue,
		})
		if err != nil {
			return nil, fmt.Errorf("%s: watching: %w", name, err)
		}
	}
	return made, nil
}

func (c *controller) enqueue(object any) {
	key, err := cache.DeletionHandlingMetaNamespaceKeyFunc(object)
	if err != nil {
		klog.ErrorS(err, "object without a name", "controller", c.name)
		return
	}
	c.queue.Add(key)
}

func (c *controller) run(ctx context.Context) {
	wait.UntilWithContext(ctx, func(ctx context.Context) {
		for c.next(ctx) {
		}
	}, time.Second)
}

func (c *controller) next(ctx context.Context) bool {
	key, stopped := c.queue.Get()
	if stopped {
		return false
	}
	defer c.queue.Done(key)
	if err := c.sync(ctx, key); err != nil {
		klog.ErrorS(err, "will try again", "controller", c.name, "object", key)
		c.queue.AddRateLimited(key)
		return true
	}
	c.queue.Forget(key)
	return true
}

func (c *controller) shutDown() {
	c.queue.ShutDown()
	c.finish()
}
