package kubernetes

import (
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"tars-platform/simulator/host/kubernetes/await"
)

// await blocks until an object that was created (before is nil) or updated is ready in the sense of its kind, or of its
// waitFor annotation. It returns the object as last seen, also with an error.
func (w write) await(inputs, live, before *unstructured.Unstructured, timeout float64) (*unstructured.Unstructured, error) {
	if annotated(inputs, annotationSkipAwait) {
		return live, nil
	}
	rule, err := await.For(live, annotation(inputs, annotationWaitFor))
	if err != nil || rule == nil {
		return live, err
	}
	mapping, err := w.cluster.mapping(objectKind(live))
	if err != nil {
		return live, err
	}
	return await.Until(w.provider.context, await.Request{
		Object: live, Before: before, Resource: mapping.Resource, Feeds: w.cluster.feeds, Rule: rule,
		Limit: timeoutOf(timeout, inputs, await.DefaultTimeout), Log: w.log,
	})
}
