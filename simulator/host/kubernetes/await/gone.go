package await

import (
	"context"
	"fmt"
	"strings"
	"time"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/dynamic"
)

// Deletion is a wait for an object to go.
type Deletion struct {
	Client dynamic.ResourceInterface
	Feed   *Feed
	Object *unstructured.Unstructured
	Limit  time.Duration
	Log    Log
}

// Gone blocks until the object does not exist, or another one has its name. When it stays, Gone returns it and names the
// finalizers that hold it.
func Gone(ctx context.Context, deletion Deletion) (*unstructured.Unstructured, error) {
	timed, cancel := context.WithTimeout(ctx, deletion.Limit)
	defer cancel()
	changed := make(chan struct{}, 1)
	stop, err := deletion.Feed.subscribe(func() {
		select {
		case changed <- struct{}{}:
		default:
		}
	})
	if err != nil {
		return nil, err
	}
	defer stop()
	again := time.NewTicker(askAgain)
	defer again.Stop()
	for {
		// The answer of the server counts, the watch only says when to ask: its copy may be older than the deletion. A last
		// question is asked after the deadline too.
		live, err := deletion.Client.Get(context.WithoutCancel(ctx), deletion.Object.GetName(), metav1.GetOptions{})
		if apierrors.IsNotFound(err) || (err == nil && live.GetUID() != deletion.Object.GetUID()) {
			return nil, nil
		}
		if err != nil {
			return nil, err
		}
		if timed.Err() != nil {
			return live, deletion.stuck(live, ctx.Err() != nil)
		}
		if result, err := status.Compute(live); err == nil {
			deletion.Log.Info(result.Message)
		}
		select {
		case <-timed.Done():
		case <-changed:
		case <-again.C:
		}
	}
}

// askAgain is how often to ask without being told of a change: an object that goes between the question and the watch's first
// list is in neither, and no watch arrives where listing is forbidden.
const askAgain = 2 * time.Second

func (d Deletion) stuck(live *unstructured.Unstructured, cancelled bool) error {
	message := timedOut
	if cancelled {
		message = fmt.Sprintf("Resource operation was cancelled for %q", live.GetName())
	}
	held := fmt.Sprintf("finalizers might be preventing deletion (%s)", strings.Join(live.GetFinalizers(), ", "))
	d.Log.Warning(held)
	return &Failure{message: message, reasons: []string{held}}
}
