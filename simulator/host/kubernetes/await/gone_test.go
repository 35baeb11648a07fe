package await

import (
	"context"
	"errors"
	"sync/atomic"
	"testing"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic/fake"
	clienttesting "k8s.io/client-go/testing"
)

type silent struct{}

func (silent) Info(string)    {}
func (silent) Warning(string) {}

// An object may go after Gone has seen it and before the watch's first list: then no event ever tells of it.
func TestGoneNoticesWhatTheWatchNeverSaw(t *testing.T) {
	configMaps := schema.GroupVersionResource{Version: "v1", Resource: "configmaps"}
	object := &unstructured.Unstructured{Object: map[string]any{
		"apiVersion": "v1", "kind": "ConfigMap", "metadata": map[string]any{"name": "late", "namespace": "n", "uid": "1"},
	}}
	client := fake.NewSimpleDynamicClientWithCustomListKinds(
		runtime.NewScheme(), map[schema.GroupVersionResource]string{configMaps: "ConfigMapList"}, object)
	var deleted atomic.Bool
	client.PrependReactor("list", "*", func(clienttesting.Action) (bool, runtime.Object, error) {
		return !deleted.Load(), nil, errors.New("not yet")
	})
	go func() {
		time.Sleep(100 * time.Millisecond)
		if err := client.Resource(configMaps).Namespace("n").Delete(context.Background(), "late", metav1.DeleteOptions{}); err != nil {
			t.Error(err)
		}
		deleted.Store(true)
	}()
	ctx, cancel := context.WithTimeout(t.Context(), 10*askAgain)
	defer cancel()
	_, err := Gone(ctx, Deletion{
		Client: client.Resource(configMaps).Namespace("n"), Feed: NewFeeds(client).Feed(configMaps, "n"),
		Object: object, Limit: time.Hour, Log: silent{},
	})
	if err != nil || ctx.Err() != nil {
		t.Fatalf("waited to the end: %v", err)
	}
}
