package await

import (
	"context"
	"fmt"
	"sort"
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// DefaultTimeout is how long a wait may take when neither the resource nor an annotation says otherwise.
// https://www.pulumi.com/registry/packages/kubernetes/#pulumicomtimeoutseconds
const DefaultTimeout = 10 * time.Minute

// Log receives what a wait has to say while it lasts.
type Log interface {
	Info(message string)
	Warning(message string)
}

// settleTime is how long endpoints must keep still. The official plugin waits 10 s; simulated endpoints do not flap.
const settleTime = time.Second

// Request is one wait.
type Request struct {
	Object, Before *unstructured.Unstructured
	Resource       schema.GroupVersionResource
	Feeds          *Feeds
	Rule           *Rule
	Limit          time.Duration
	Log            Log
}

// Until blocks until the rule is satisfied, the limit has passed or the context ends. It returns the object as last seen in
// every case.
func Until(ctx context.Context, request Request) (*unstructured.Unstructured, error) {
	limit := request.Limit
	if request.Rule.limit > 0 {
		limit = request.Rule.limit
	}
	timed, cancel := context.WithTimeout(ctx, limit)
	defer cancel()
	w := &wait{Request: request, changed: make(chan struct{}, 1), versions: map[string]string{}, lastChange: time.Now()}
	defer w.stop()
	if err := w.start(); err != nil {
		return request.Object, err
	}
	verdict := Verdict{}
	for {
		if w.ready(timed) {
			verdict = w.judge()
			if verdict.Ready {
				return w.last, nil
			}
			if verdict.Failed {
				return w.last, &Failure{message: initializationText(w.last), reasons: verdict.Reasons}
			}
		}
		if !w.pause(timed) {
			return w.last, w.ended(ctx, verdict)
		}
	}
}

type wait struct {
	Request
	own, events *Feed
	related     map[schema.GroupVersionResource]*Feed
	stops       []func()
	changed     chan struct{}
	last        *unstructured.Unstructured
	versions    map[string]string
	lastChange  time.Time
}

func (w *wait) start() error {
	w.last = w.Object
	namespace := w.Object.GetNamespace()
	w.own = w.Feeds.Feed(w.Resource, namespace)
	w.events = w.Feeds.Feed(events, eventNamespace(namespace))
	w.related = map[schema.GroupVersionResource]*Feed{}
	for _, resource := range w.Rule.related {
		w.related[resource] = w.Feeds.Feed(resource, scopeOf(resource, namespace))
	}
	for _, feed := range append(w.feeds(), w.events) {
		stop, err := feed.subscribe(w.wake)
		if err != nil {
			return err
		}
		w.stops = append(w.stops, stop)
	}
	return nil
}

// scopeOf is where to look for a related kind: storage classes live outside namespaces.
func scopeOf(resource schema.GroupVersionResource, namespace string) string {
	if resource == storageClasses {
		return ""
	}
	return namespace
}

// eventNamespace is where events about objects outside namespaces are kept.
func eventNamespace(namespace string) string {
	if namespace == "" {
		return "default"
	}
	return namespace
}

func (w *wait) feeds() []*Feed {
	feeds := []*Feed{w.own}
	for _, feed := range w.related {
		feeds = append(feeds, feed)
	}
	return feeds
}

func (w *wait) wake() {
	select {
	case w.changed <- struct{}{}:
	default:
	}
}

func (w *wait) stop() {
	for _, stop := range w.stops {
		stop()
	}
}

// ready says whether the watches show the object as written or newer.
func (w *wait) ready(ctx context.Context) bool {
	for _, feed := range w.feeds() {
		if !feed.synced(ctx) {
			return false
		}
	}
	seen := w.own.get(w.Object.GetNamespace(), w.Object.GetName())
	if seen == nil || seen.GetUID() != w.Object.GetUID() || seen.GetGeneration() < w.Object.GetGeneration() {
		return false
	}
	w.last = seen
	return true
}

func (w *wait) judge() Verdict {
	view := View{Object: w.last, Before: w.Before, related: map[schema.GroupVersionResource][]*unstructured.Unstructured{}}
	for resource, feed := range w.related {
		view.related[resource] = feed.list()
	}
	if w.Rule.settles != nil {
		w.observe(view.related[*w.Rule.settles])
		view.Settled = time.Since(w.lastChange) >= settleTime
	}
	verdict := w.Rule.judge(view)
	if !verdict.Ready {
		w.report(verdict)
	}
	return verdict
}

// observe notes when a related object last changed.
func (w *wait) observe(objects []*unstructured.Unstructured) {
	for _, object := range objects {
		if version := object.GetResourceVersion(); w.versions[object.GetName()] != version {
			w.versions[object.GetName()] = version
			w.lastChange = time.Now()
		}
	}
}

func (w *wait) report(verdict Verdict) {
	if w.Log == nil {
		return
	}
	for _, event := range w.events.list() {
		uid, _, _ := unstructured.NestedString(event.Object, "involvedObject", "uid")
		kind, _, _ := unstructured.NestedString(event.Object, "type")
		if uid == string(w.Object.GetUID()) && kind == "Warning" {
			reason, _, _ := unstructured.NestedString(event.Object, "reason")
			message, _, _ := unstructured.NestedString(event.Object, "message")
			w.Log.Warning(reason + ": " + message)
		}
	}
	for _, warning := range verdict.Warnings {
		w.Log.Warning(warning)
	}
	w.Log.Info(verdict.Progress)
}

// pause waits for a change, or for the settle time; false means that the wait is over.
func (w *wait) pause(ctx context.Context) bool {
	var settled <-chan time.Time
	if w.Rule.settles != nil {
		timer := time.NewTimer(settleTime)
		defer timer.Stop()
		settled = timer.C
	}
	select {
	case <-ctx.Done():
		return false
	case <-w.changed:
	case <-settled:
	}
	return true
}

func (w *wait) ended(parent context.Context, verdict Verdict) error {
	sort.Strings(verdict.Reasons)
	switch {
	case verdict.Acceptable:
		return nil
	case parent.Err() != nil:
		return &Failure{message: fmt.Sprintf("Resource operation was cancelled for %q", w.Object.GetName()), reasons: verdict.Reasons}
	case w.Rule.generic:
		return &Failure{message: timedOut, reasons: append(verdict.Reasons, verdict.Progress)}
	default:
		return &Failure{message: fmt.Sprintf("'%s' timed out waiting to be Ready", w.Object.GetName()), reasons: verdict.Reasons}
	}
}
