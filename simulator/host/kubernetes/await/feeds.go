// Package await waits until Kubernetes objects are ready or gone, in the sense Pulumi's own plugin gives to that for each
// kind, and says why when they are not.
//
// Every rule is a pure function over what the API server shows (View); Until runs it again after each change.
package await

import (
	"context"
	"sync"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/dynamic/dynamicinformer"
	"k8s.io/client-go/tools/cache"
)

// Feeds watches the API server once for every kind and namespace that somebody waits on.
type Feeds struct {
	client dynamic.Interface
	lock   sync.Mutex
	feeds  map[feedKey]*Feed
}

type feedKey struct {
	resource  schema.GroupVersionResource
	namespace string
}

// NewFeeds makes an empty set of watches over one API server.
func NewFeeds(client dynamic.Interface) *Feeds {
	return &Feeds{client: client, feeds: map[feedKey]*Feed{}}
}

// Feed is the watch over one kind in one namespace ("" for objects outside namespaces). It runs until the process ends:
// a provider lives for one engine operation.
func (f *Feeds) Feed(resource schema.GroupVersionResource, namespace string) *Feed {
	f.lock.Lock()
	defer f.lock.Unlock()
	key := feedKey{resource, namespace}
	feed, found := f.feeds[key]
	if !found {
		informer := dynamicinformer.NewFilteredDynamicInformer(f.client, resource, namespace, 0, cache.Indexers{}, nil).Informer()
		feed = &Feed{informer: informer}
		go informer.Run(context.Background().Done())
		f.feeds[key] = feed
	}
	return feed
}

// Feed holds the objects of one kind in one namespace as last seen.
type Feed struct {
	informer cache.SharedIndexInformer
}

// subscribe calls changed after every change until the returned function is called.
func (f *Feed) subscribe(changed func()) (func(), error) {
	registration, err := f.informer.AddEventHandler(cache.ResourceEventHandlerFuncs{
		AddFunc:    func(any) { changed() },
		UpdateFunc: func(any, any) { changed() },
		DeleteFunc: func(any) { changed() },
	})
	if err != nil {
		return nil, err
	}
	// Removing fails only when the informer has stopped, and then there is nothing to remove.
	return func() { _ = f.informer.RemoveEventHandler(registration) }, nil
}

// synced waits until the first list has arrived; false means that the context ended first.
func (f *Feed) synced(ctx context.Context) bool {
	tick := time.NewTicker(syncPoll)
	defer tick.Stop()
	for !f.informer.HasSynced() {
		select {
		case <-ctx.Done():
			return false
		case <-tick.C:
		}
	}
	return true
}

// syncPoll is how often to look whether a watch has delivered its first list.
const syncPoll = 20 * time.Millisecond

func (f *Feed) list() []*unstructured.Unstructured {
	var objects []*unstructured.Unstructured
	for _, item := range f.informer.GetStore().List() {
		if object, ok := item.(*unstructured.Unstructured); ok {
			objects = append(objects, object)
		}
	}
	return objects
}

func (f *Feed) get(namespace, name string) *unstructured.Unstructured {
	key := name
	if namespace != "" {
		key = namespace + "/" + name
	}
	item, found, err := f.informer.GetStore().GetByKey(key)
	if err != nil || !found {
		return nil
	}
	object, _ := item.(*unstructured.Unstructured)
	return object
}
