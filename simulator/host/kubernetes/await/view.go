package await

import (
	"time"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// View is what the API server shows at one moment.
type View struct {
	// Object is the object waited for, Before the one an update found, nil on creation.
	Object, Before *unstructured.Unstructured
	related        map[schema.GroupVersionResource][]*unstructured.Unstructured
	// Settled says that related objects have not changed for a while.
	Settled bool
}

// Verdict is what a rule makes of a view.
type Verdict struct {
	Ready bool
	// Acceptable at the deadline although not Ready.
	Acceptable bool
	// Failed ends the wait at once.
	Failed   bool
	Progress string
	// Warnings are shown while waiting, Reasons with the error when the wait fails.
	Warnings, Reasons []string
}

// Rule says when a kind is ready.
type Rule struct {
	// related kinds in the object's namespace that the rule looks at.
	related []schema.GroupVersionResource
	// settles names the related kind that must keep still before the rule trusts it; see settleTime.
	settles *schema.GroupVersionResource
	// limit, when set, is how long to wait whatever the resource says.
	limit time.Duration
	judge func(View) Verdict
	// generic rules end with Kubernetes' own text instead of Pulumi's.
	generic bool
}
