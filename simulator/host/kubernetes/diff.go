package kubernetes

import (
	"context"
	"fmt"
	"sort"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"tars-platform/simulator/host/kubernetes/await"
)

// Diff compares the new inputs with the live object as last seen, cut down to what the old inputs set: drift that a refresh
// found shows, fields of other managers do not.
func (p *provider) Diff(_ context.Context, request *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	olds, err := unmarshal(request.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := unmarshal(request.GetNews())
	if err != nil {
		return nil, fmt.Errorf("diff failed because malformed resource inputs: %w", err)
	}
	urn := resource.URN(request.GetUrn())
	old, wanted := fromCheckpoint(olds), normalize(toObject(news))
	applied := &unstructured.Unstructured{Object: prune(old.live.Object, normalize(old.inputs).Object)}
	if applied.Object == nil {
		applied.Object = map[string]any{}
	}
	p.alignIdentity(applied, wanted, old.live)

	fields := split([]string{"metadata.name", "metadata.namespace"})
	if !isPatch(urn, wanted.GetKind()) {
		fields = p.replacingFields(wanted)
	}
	found := compare(applied.Object, wanted.Object, fields)
	if err := withoutIgnored(found, request.GetIgnoreChanges()); err != nil {
		return nil, err
	}
	replaces := replacedFields(found)
	if p.replaceUnready(urn, wanted, old.live) {
		replaces = append(replaces, `.metadata.annotations["pulumi.com/replaceUnready"]`)
	}
	return diffResponse(found, replaces, len(replaces) > 0 && sameIdentity(wanted, old.live)), nil
}

func diffResponse(found map[string]*pulumirpc.PropertyDiff, replaces []string, deleteFirst bool) *pulumirpc.DiffResponse {
	result := pulumirpc.DiffResponse_DIFF_NONE
	if len(found) > 0 || len(replaces) > 0 {
		result = pulumirpc.DiffResponse_DIFF_SOME
	}
	return &pulumirpc.DiffResponse{
		Changes: result, Replaces: replaces, Stables: []string{}, DeleteBeforeReplace: deleteFirst,
		DetailedDiff: found, HasDetailedDiff: true,
	}
}

// alignIdentity removes differences of name, namespace and kind that are none: a default namespace spelled out, a
// namespace on a cluster-scoped kind, a generated name written into the program.
func (p *provider) alignIdentity(applied, wanted, live *unstructured.Unstructured) {
	kind := objectKind(wanted)
	if namespaced, known := p.namespaced(kind); namespaced || !known {
		applied.SetNamespace(namespaceOrDefault(applied.GetNamespace()))
		if !namespaceUnknown(wanted) {
			wanted.SetNamespace(namespaceOrDefault(wanted.GetNamespace()))
		}
	} else {
		unstructured.RemoveNestedField(applied.Object, "metadata", "namespace")
		unstructured.RemoveNestedField(wanted.Object, "metadata", "namespace")
	}
	if applied.GroupVersionKind().Empty() {
		applied.SetGroupVersionKind(kind)
	}
	unstructured.RemoveNestedField(applied.Object, "metadata", "resourceVersion")
	if wanted.GetName() != "" {
		applied.SetName(live.GetName())
	}
}

func replacedFields(found map[string]*pulumirpc.PropertyDiff) []string {
	var replaces []string
	for path, difference := range found {
		switch difference.GetKind() {
		case pulumirpc.PropertyDiff_ADD_REPLACE, pulumirpc.PropertyDiff_DELETE_REPLACE, pulumirpc.PropertyDiff_UPDATE_REPLACE:
			replaces = append(replaces, path)
		case pulumirpc.PropertyDiff_DELETE:
			if path == "metadata" {
				replaces = append(replaces, path)
			}
		}
	}
	sort.Strings(replaces)
	return replaces
}

// sameIdentity says whether a replacement would have the old object's name, chosen by the program: then the old one has to
// go first.
func sameIdentity(wanted, live *unstructured.Unstructured) bool {
	return named(wanted) && !annotated(wanted, annotationAutonamed) &&
		wanted.GetName() == live.GetName() && wanted.GetNamespace() == live.GetNamespace()
}

// replaceUnready says whether a Job that asks for it is to be run anew because it has not succeeded.
func (p *provider) replaceUnready(urn resource.URN, wanted, live *unstructured.Unstructured) bool {
	if !annotated(wanted, annotationReplaceUnready) {
		return false
	}
	if p.cluster == nil {
		p.log(diag.Warning, urn, "Cluster is unreachable, skipping replaceUnready check")
		return false
	}
	if wanted.GetKind() != "Job" {
		p.log(diag.Warning, urn, "replaceUnready annotation is not supported for this resource")
		return false
	}
	client, err := p.cluster.resource(live)
	if err != nil {
		return false
	}
	job, err := client.Get(p.context, live.GetName(), metav1.GetOptions{})
	return err == nil && !await.JobSucceeded(job)
}
