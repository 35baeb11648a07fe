package kubernetes

import (
	"errors"
	"os"
	"strconv"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Annotations with which a program steers the provider.
// https://www.pulumi.com/registry/packages/kubernetes/#resource-annotations
const (
	annotationAutonamed      = "pulumi.com/autonamed"
	annotationSkipAwait      = "pulumi.com/skipAwait"
	annotationWaitFor        = "pulumi.com/waitFor"
	annotationTimeout        = "pulumi.com/timeoutSeconds"
	annotationReplaceUnready = "pulumi.com/replaceUnready"
	annotationPatchForce     = "pulumi.com/patchForce"
	annotationFieldManager   = "pulumi.com/patchFieldManager"
	annotationPropagation    = "pulumi.com/deletionPropagationPolicy"
	annotationHelmHook       = "helm.sh/hook"

	labelManagedBy = "app.kubernetes.io/managed-by"
)

func annotation(object *unstructured.Unstructured, key string) string {
	return object.GetAnnotations()[key]
}

func annotated(object *unstructured.Unstructured, key string) bool {
	return annotation(object, key) == "true"
}

// named says whether an object has a name, known or not.
func named(object *unstructured.Unstructured) bool {
	metadata, known := object.Object["metadata"].(map[string]any)
	return known && (hasUnknowns(metadata["name"]) || object.GetName() != "")
}

func generatesName(object *unstructured.Unstructured) bool {
	metadata, known := object.Object["metadata"].(map[string]any)
	return known && !named(object) && (hasUnknowns(metadata["generateName"]) || object.GetGenerateName() != "")
}

// setMetadata sets metadata.<field>[key]; it does nothing when that part of the object is not known yet.
func setMetadata(object *unstructured.Unstructured, field, key, value string) {
	metadata, known := object.Object["metadata"].(map[string]any)
	if !known {
		if object.Object["metadata"] != nil {
			return
		}
		metadata = map[string]any{}
		object.Object["metadata"] = metadata
	}
	entries, known := metadata[field].(map[string]any)
	if !known {
		if metadata[field] != nil {
			return
		}
		entries = map[string]any{}
		metadata[field] = entries
	}
	entries[key] = value
}

// autoname gives an unnamed new object the resource's name and a random suffix, or the engine's proposal.
func autoname(object *unstructured.Unstructured, request *pulumirpc.CheckRequest) error {
	if named(object) || generatesName(object) {
		return nil
	}
	name, err := resource.NewUniqueName(request.GetRandomSeed(), resource.URN(request.GetUrn()).Name()+"-", 0, 0, nil)
	if err != nil {
		return err
	}
	if options := request.GetAutonaming(); options != nil {
		switch options.GetMode() {
		case pulumirpc.CheckRequest_AutonamingOptions_DISABLE:
			return errors.New("autonaming is disabled, resource requires the .metadata.name field to be set")
		default:
			name = options.GetProposedName()
		}
	}
	object.SetName(name)
	setMetadata(object, "annotations", annotationAutonamed, "true")
	return nil
}

// adoptName keeps the generated name of an object that is still unnamed in the program.
func adoptName(object, old *unstructured.Unstructured) {
	if !named(object) && annotated(old, annotationAutonamed) {
		object.SetName(old.GetName())
		setMetadata(object, "annotations", annotationAutonamed, "true")
	}
}

func managedBy() string {
	if label, set := os.LookupEnv("PULUMI_KUBERNETES_MANAGED_BY_LABEL"); set {
		return label
	}
	return "pulumi"
}

// timeoutOf is how long an operation may wait: the resource's customTimeouts, else its annotation, else the default.
func timeoutOf(seconds float64, object *unstructured.Unstructured, fallback time.Duration) time.Duration {
	if seconds > 0 {
		return time.Duration(seconds * float64(time.Second))
	}
	if value, err := strconv.Atoi(annotation(object, annotationTimeout)); err == nil {
		return time.Duration(value) * time.Second
	}
	return fallback
}

// propagation is how dependents of a deleted object go: first, unless the annotation says otherwise.
func propagation(object *unstructured.Unstructured) metav1.DeletionPropagation {
	switch strings.ToLower(annotation(object, annotationPropagation)) {
	case "orphan":
		return metav1.DeletePropagationOrphan
	case "background":
		return metav1.DeletePropagationBackground
	default:
		return metav1.DeletePropagationForeground
	}
}
