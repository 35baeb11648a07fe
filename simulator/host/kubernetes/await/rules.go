package await

import (
	"context"
	"os"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/dynamic"
)

var (
	events         = schema.GroupVersionResource{Version: "v1", Resource: "events"}
	pods           = schema.GroupVersionResource{Version: "v1", Resource: "pods"}
	services       = schema.GroupVersionResource{Version: "v1", Resource: "services"}
	endpoints      = schema.GroupVersionResource{Version: "v1", Resource: "endpoints"}
	claims         = schema.GroupVersionResource{Version: "v1", Resource: "persistentvolumeclaims"}
	replicaSets    = schema.GroupVersionResource{Group: "apps", Version: "v1", Resource: "replicasets"}
	storageClasses = schema.GroupVersionResource{Group: "storage.k8s.io", Version: "v1", Resource: "storageclasses"}
)

// ruled says when a kind is ready, and whether a refresh checks it too.
type ruled struct {
	Rule
	onRead bool
}

// rules are the kinds with a meaning of "ready"; all others are ready once the API server has them.
var rules = map[string]ruled{
	"apps/v1/Deployment":           {Rule{related: []schema.GroupVersionResource{replicaSets, pods, claims}, judge: deployment}, true},
	"apps/v1/StatefulSet":          {Rule{related: []schema.GroupVersionResource{pods}, judge: statefulSet}, true},
	"apps/v1/DaemonSet":            {Rule{related: []schema.GroupVersionResource{pods}, judge: daemonSet, generic: true}, true},
	"batch/v1/Job":                 {Rule{related: []schema.GroupVersionResource{pods}, judge: job}, true},
	"v1/Pod":                       {Rule{judge: pod}, true},
	"v1/Service":                   {Rule{related: []schema.GroupVersionResource{endpoints}, settles: &endpoints, judge: service}, true},
	"networking.k8s.io/v1/Ingress": {Rule{related: []schema.GroupVersionResource{endpoints, services}, settles: &endpoints, judge: ingress}, true},
	"v1/PersistentVolume":          {Rule{limit: 5 * time.Minute, judge: volume, generic: true}, false},
	"v1/PersistentVolumeClaim":     {Rule{related: []schema.GroupVersionResource{storageClasses}, limit: 5 * time.Minute, judge: claim, generic: true}, false},
	"v1/ReplicationController":     {Rule{limit: 10 * time.Minute, judge: replicationController, generic: true}, false},
	"v1/ResourceQuota":             {Rule{limit: time.Minute, judge: quota, generic: true}, false},
	"v1/Secret":                    {Rule{limit: 5 * time.Second, judge: secret, generic: true}, false},
}

// For is the rule for an object: that of its waitFor annotation, else that of its kind; nil when there is nothing to wait
// for. PULUMI_K8S_AWAIT_ALL=true waits for other kinds by their status conditions.
func For(object *unstructured.Unstructured, waitFor string) (*Rule, error) {
	if waitFor != "" {
		return custom(waitFor)
	}
	if found, ok := rules[object.GetAPIVersion()+"/"+object.GetKind()]; ok {
		return &found.Rule, nil
	}
	if os.Getenv("PULUMI_K8S_AWAIT_ALL") == "true" {
		return &Rule{judge: current, generic: true}, nil
	}
	return nil, nil
}

// Check looks once, for a refresh; nil means ready, or that nobody checks this kind then.
func Check(ctx context.Context, client dynamic.Interface, object *unstructured.Unstructured) error {
	found, ok := rules[object.GetAPIVersion()+"/"+object.GetKind()]
	if !ok || !found.onRead {
		return nil
	}
	view := View{Object: object, Settled: true, related: map[schema.GroupVersionResource][]*unstructured.Unstructured{}}
	for _, resource := range found.related {
		list, err := client.Resource(resource).Namespace(object.GetNamespace()).List(ctx, metav1.ListOptions{})
		if err != nil {
			return err
		}
		for index := range list.Items {
			view.related[resource] = append(view.related[resource], &list.Items[index])
		}
	}
	if verdict := found.judge(view); !verdict.Ready {
		return &Failure{message: initializationText(object), reasons: verdict.Reasons}
	}
	return nil
}

// skipping are the kinds whose skipAwait annotation also skips the wait for their deletion.
// https://github.com/pulumi/pulumi-kubernetes/issues/1232
var skipping = map[string]bool{
	"v1/Namespace": true, "v1/Pod": true, "v1/ReplicationController": true, "apps/v1/DaemonSet": true,
	"apps/v1/Deployment": true, "apps/v1/StatefulSet": true, "batch/v1/Job": true,
}

// SkipsDeletion says whether skipAwait on this kind means its deletion too.
func SkipsDeletion(object *unstructured.Unstructured) bool {
	return skipping[object.GetAPIVersion()+"/"+object.GetKind()]
}
