package kubernetes

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var errReleaseUnsupported = errors.New("the simulator's kubernetes plugin does not run Helm releases " +
	"(kubernetes:helm.sh/v3:Release). Use helm v4 Chart, whose objects a preview shows, or Pulumi's own plugin")

// Check names the object, puts it in a namespace and normalises it.
func (p *provider) Check(ctx context.Context, request *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	urn := resource.URN(request.GetUrn())
	if p.cluster == nil && p.settings.skipUpdateUnreachable {
		p.log(diag.Warning, urn, "Cluster is unreachable but skipUpdateUnreachable flag is set to true, skipping...")
		return &pulumirpc.CheckResponse{Inputs: request.GetOlds()}, nil
	}
	kind, err := p.checkType(urn)
	if err != nil {
		return nil, err
	}
	if err := p.places.check(ctx, kind); err != nil {
		return nil, err
	}
	olds, err := unmarshal(request.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := unmarshal(request.GetNews())
	if err != nil {
		return nil, fmt.Errorf("check failed because malformed resource inputs: %w", err)
	}
	object := toObject(news)
	fillKind(object, kind)
	object = normalize(object)
	if err := p.checkObject(request, object, toObject(olds), kind); err != nil {
		return nil, err
	}
	checked := toProperties(object)
	markSecrets(checked, news)
	inputs, err := marshal(checked)
	return &pulumirpc.CheckResponse{Inputs: inputs}, err
}

func (p *provider) checkType(urn resource.URN) (schema.GroupVersionKind, error) {
	if strings.HasPrefix(string(urn.Type()), "kubernetes:helm.sh/v3:") {
		return schema.GroupVersionKind{}, errReleaseUnsupported
	}
	kind, err := kindOfType(urn)
	if err == nil && isList(kind) {
		err = errors.New("list resources exist for compatibility with YAML manifests and Helm charts, " +
			"and cannot be created directly. Use the underlying resource type instead")
	}
	return kind, err
}

// fillKind completes kind and apiVersion from the type token where the program left them out.
func fillKind(object *unstructured.Unstructured, kind schema.GroupVersionKind) {
	if _, found := object.Object["kind"]; !found {
		object.SetKind(trimPatch(kind.Kind))
	}
	if _, found := object.Object["apiVersion"]; !found {
		object.SetAPIVersion(kind.GroupVersion().String())
	}
}

func (p *provider) checkObject(
	request *pulumirpc.CheckRequest, object, old *unstructured.Unstructured, kind schema.GroupVersionKind,
) error {
	urn := resource.URN(request.GetUrn())
	if isPatch(urn, object.GetKind()) {
		if err := p.checkPatch(object); err != nil {
			return err
		}
	}
	p.warnOfAnnotations(urn, object)
	if err := p.checkName(request, object, old); err != nil {
		return err
	}
	if namespace := p.settings.namespace; namespace != "" && object.GetNamespace() == "" && !namespaceUnknown(object) {
		// A kind nobody knows yet is taken to be namespaced, as the official plugin does.
		if namespaced, known := p.namespaced(kind); namespaced || !known {
			object.SetNamespace(namespace)
		}
	}
	if isDefinition(object) && p.cluster != nil {
		p.cluster.definitions.add(object)
	}
	return nil
}

func (p *provider) checkPatch(object *unstructured.Unstructured) error {
	if !p.settings.serverSideApply {
		return errors.New("patch resources require Server-Side Apply mode, which is enabled using the " +
			"`enableServerSideApply` Provider config")
	}
	if !named(object) {
		return errors.New("patch resources require the `.metadata.name` field to be set")
	}
	return nil
}

func namespaceUnknown(object *unstructured.Unstructured) bool {
	metadata, known := object.Object["metadata"].(map[string]any)
	if !known {
		return object.Object["metadata"] != nil
	}
	return hasUnknowns(metadata["namespace"])
}

func (p *provider) checkName(request *pulumirpc.CheckRequest, object, old *unstructured.Unstructured) error {
	if len(old.Object) > 0 {
		adoptName(object, old)
		if old.GetLabels()[labelManagedBy] == managedBy() {
			setMetadata(object, "labels", labelManagedBy, managedBy())
		}
	} else {
		if err := autoname(object, request); err != nil {
			return err
		}
		// Server-side apply records managers in managedFields; without it the label marks what Pulumi manages.
		if !p.settings.serverSideApply {
			setMetadata(object, "labels", labelManagedBy, managedBy())
		}
	}
	if generatesName(object) && p.settings.serverSideApply {
		return errors.New("the `.metadata.generateName` field is not supported in Server-Side Apply mode")
	}
	return nil
}

func (p *provider) warnOfAnnotations(urn resource.URN, object *unstructured.Unstructured) {
	hooked := false
	for key, value := range object.GetAnnotations() {
		if strings.HasPrefix(key, annotationAutonamed) {
			p.log(diag.Warning, urn, fmt.Sprintf("ignoring user-specified value for internal annotation %q", key))
		}
		hooked = hooked || (strings.HasPrefix(key, annotationHelmHook) && strings.Contains(value, "test"))
	}
	if hooked && !p.settings.suppressHelmHookWarnings {
		p.log(diag.Warning, urn, "This resource contains Helm hooks that are not currently supported by Pulumi. The resource "+
			"will be created, but any hooks will not be executed. Hooks support is tracked at "+
			"https://github.com/pulumi/pulumi-kubernetes/issues/555 -- This warning can be disabled by setting "+
			"the PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS environment variable")
	}
}
