package kubernetes

import (
	"encoding/json"
	"errors"
	"fmt"
	"net/http"
	"strings"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
)

const (
	// createManager manages the fields of a created object until its first update; managers of applies start with it.
	createManager = "pulumi-kubernetes"
	// createAttempts and createPause let a program create an object a little before what it needs, as kubectl users
	// expect of a manifest: tries after 1, 2, 4, 8 and 16 seconds, the official plugin's figures.
	createAttempts = 6
	createPause    = time.Second
)

// write is one create or update of an object.
type write struct {
	provider *provider
	cluster  *cluster
	urn      resource.URN
	manager  string
	preview  bool
	log      *progress
}

func (w write) dryRun() []string {
	if w.preview {
		return []string{metav1.DryRunAll}
	}
	return nil
}

// namespaceMissing says that an object cannot be checked because its namespace is not there yet.
type namespaceMissing struct{ name string }

func (e *namespaceMissing) Error() string {
	return fmt.Sprintf("namespace does not exist for %q", e.name)
}

// create makes the object, trying again for a while when its kind or namespace is not there yet.
func (w write) create(object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	pause := createPause
	for attempt := 0; ; attempt++ {
		live, err := w.createOnce(object)
		if err == nil {
			return live, nil
		}
		if w.preview && namespaceNotFound(err) {
			return nil, &namespaceMissing{object.GetName()}
		}
		if attempt+1 == createAttempts || (!apierrors.IsNotFound(err) && !meta.IsNoMatchError(err)) {
			return nil, explainExisting(err)
		}
		w.retrying(attempt, err)
		select {
		case <-w.provider.context.Done():
			return nil, err
		case <-time.After(pause):
			pause *= 2
		}
	}
}

func (w write) createOnce(object *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	client, err := w.cluster.resource(object)
	if err != nil {
		return nil, err
	}
	if w.provider.settings.serverSideApply && (w.provider.settings.upsertExistingObjects || isPatch(w.urn, object.GetKind())) {
		return w.apply(client, object, nil)
	}
	// The fixed manager lets the first update hand the fields over to the object's own manager.
	return client.Create(w.provider.context, object, metav1.CreateOptions{FieldManager: createManager, DryRun: w.dryRun()})
}

func (w write) apply(
	client dynamic.ResourceInterface, object, live *unstructured.Unstructured,
) (*unstructured.Unstructured, error) {
	content, err := json.Marshal(object.Object)
	if err != nil {
		return nil, err
	}
	force := w.forces(object, live)
	applied, err := client.Patch(w.provider.context, object.GetName(), types.ApplyPatchType, content, metav1.PatchOptions{
		FieldManager: w.manager, Force: &force, DryRun: w.dryRun(), FieldValidation: metav1.FieldValidationWarn,
	})
	return applied, explainConflict(err, w.manager)
}

// forces says whether to take fields over from other managers: when told to, when the object predates managers, and in a
// preview of what a real update hands over first.
func (w write) forces(object, live *unstructured.Unstructured) bool {
	switch {
	case annotated(object, annotationPatchForce) || w.provider.settings.patchForce:
		return true
	case live == nil:
		return w.preview
	case len(live.GetManagedFields()) == 0:
		return true
	case !w.preview:
		return false
	}
	for _, entry := range live.GetManagedFields() {
		if entry.Operation == metav1.ManagedFieldsOperationUpdate && pulumiManagers.Has(entry.Manager) {
			return true
		}
	}
	return false
}

func namespaceNotFound(err error) bool {
	var status *apierrors.StatusError
	return apierrors.IsNotFound(err) && errors.As(err, &status) &&
		status.ErrStatus.Details != nil && status.ErrStatus.Details.Kind == "namespaces"
}

func dryRunUnsupported(err error) bool {
	var status *apierrors.StatusError
	return errors.As(err, &status) && status.ErrStatus.Code == http.StatusBadRequest &&
		strings.Contains(status.ErrStatus.Message, "does not support dry run")
}

func explainExisting(err error) error {
	if !apierrors.IsAlreadyExists(err) {
		return err
	}
	return fmt.Errorf("%w\n\nThe resource already exists in the cluster. This can happen when:\n\n"+
		"  - Renaming a Pulumi resource: use an alias to preserve the identity,\n"+
		"    or use deleteBeforeReplace if the resource needs replacement.\n"+
		"  - Managing an existing resource: use a Patch resource (e.g. NamespacePatch)\n"+
		"    to manage specific fields without owning the resource lifecycle.\n"+
		"  - Adopting a resource into Pulumi: use `pulumi import`. Note that\n"+
		"    protected resources (e.g. kube-system) cannot be deleted on destroy.\n"+
		"  - Intentional upsert: set upsertExistingObjects on the provider to allow\n"+
		"    server-side apply to update existing objects on create.", err)
}

func explainConflict(err error, manager string) error {
	if !apierrors.IsConflict(err) {
		return err
	}
	return errors.Join(
		errors.New("server-side apply field conflict detected, see https://www.pulumi.com/registry/packages/kubernetes/"+
			"how-to-guides/managing-resources-with-server-side-apply/#handle-field-conflicts-on-existing-resources "+
			"for troubleshooting help"),
		fmt.Errorf("The resource managed by field manager %q had an apply conflict: %w", manager, err)) //nolint:staticcheck // official text
}
