package await

import (
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// timedOut is Kubernetes' own text for a wait that took too long.
const timedOut = "timed out waiting for the condition"

func initializationText(object *unstructured.Unstructured) string {
	return fmt.Sprintf("Resource '%s' was created but failed to initialize", object.GetName())
}

// Failure is a wait that did not end well, with the reasons known.
type Failure struct {
	message string
	reasons []string
}

func (f *Failure) Error() string { return f.message }

// Reasons say why, one a line, most telling last.
func (f *Failure) Reasons() []string { return f.reasons }
