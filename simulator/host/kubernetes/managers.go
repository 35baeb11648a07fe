package kubernetes

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/apimachinery/pkg/util/sets"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/util/csaupgrade"
	"sigs.k8s.io/structured-merge-diff/v6/fieldpath"
)

// pulumiManagers are the names under which Pulumi's plugin has created objects and patched them on the client's side.
var pulumiManagers = sets.New(createManager, "pulumi-kubernetes.exe", "pulumi-resource-kubernetes")

// takenOver are the managers whose fields an update takes over: Pulumi's own, kubectl's, and that of objects older than
// server-side apply.
var takenOver = pulumiManagers.Union(sets.New("kubectl", "before-first-apply"))

// takeOver makes the object's own manager the owner of the fields that Pulumi or kubectl wrote before, so that a field
// leaving the program leaves the object.
func (w write) takeOver(client dynamic.ResourceInterface, live *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	if w.preview || len(live.GetManagedFields()) == 0 {
		return live, nil
	}
	patch, err := csaupgrade.UpgradeManagedFieldsPatch(live, takenOver, w.manager)
	if err != nil || patch == nil {
		return live, err
	}
	return client.Patch(w.provider.context, live.GetName(), types.JSONPatchType, patch, metav1.PatchOptions{})
}

// keepIgnored replaces ignored fields of the inputs by what is live, or drops them when another manager owns them alone:
// an ignored field never conflicts and is never taken over.
func keepIgnored(inputs, live *unstructured.Unstructured, ignored []string, manager string) error {
	ours, theirs, err := owners(live, manager)
	if err != nil {
		return err
	}
	for _, text := range ignored {
		parsed, err := resource.ParsePropertyPath(text)
		if err != nil {
			return fmt.Errorf("unable to parse ignoreField path %q: %w", text, err)
		}
		path := strings.Split(parsed.String(), ".")
		field := fieldpath.MakePathOrDie(anything(path)...)
		if theirs.Has(field) && !ours.Has(field) {
			unstructured.RemoveNestedField(inputs.Object, path...)
			continue
		}
		value, found, err := unstructured.NestedFieldCopy(live.Object, path...)
		if err != nil {
			return fmt.Errorf("unable to parse field to ignore %q from live object: %w", text, err)
		}
		if !found {
			continue
		}
		if err := unstructured.SetNestedField(inputs.Object, value, path...); err != nil {
			return fmt.Errorf("unable to set field %q with its live value: %w", text, err)
		}
	}
	return nil
}

// owners splits an object's managed fields, with all their parents, into ours and everybody else's.
func owners(live *unstructured.Unstructured, manager string) (ours, theirs *fieldpath.Set, err error) {
	ours, theirs = &fieldpath.Set{}, &fieldpath.Set{}
	for _, entry := range live.GetManagedFields() {
		fields := &fieldpath.Set{}
		if entry.FieldsV1 == nil {
			continue
		}
		if err := fields.FromJSON(strings.NewReader(string(entry.FieldsV1.Raw))); err != nil {
			return nil, nil, fmt.Errorf("unable to parse managed fields from resource %q: %w", live.GetName(), err)
		}
		owner := theirs
		if entry.Manager == manager {
			owner = ours
		}
		fields.Iterate(func(path fieldpath.Path) {
			for index := range path {
				owner.Insert(path[:index+1])
			}
		})
	}
	return ours, theirs, nil
}

func anything(names []string) []any {
	values := make([]any, len(names))
	for index, name := range names {
		values[index] = name
	}
	return values
}

// relinquish gives up every field a manager owns on an object.
func (p *provider) relinquish(client dynamic.ResourceInterface, object *unstructured.Unstructured, manager string) error {
	identity := &unstructured.Unstructured{Object: map[string]any{}}
	identity.SetGroupVersionKind(object.GroupVersionKind())
	identity.SetNamespace(object.GetNamespace())
	identity.SetName(object.GetName())
	content, err := identity.MarshalJSON()
	if err != nil {
		return err
	}
	_, err = client.Patch(p.context, object.GetName(), types.ApplyPatchType, content, metav1.PatchOptions{FieldManager: manager})
	return err
}
