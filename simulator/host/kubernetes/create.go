package kubernetes

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// Create makes the object and waits until it is ready. In a preview the server checks it without keeping it.
func (p *provider) Create(_ context.Context, request *pulumirpc.CreateRequest) (*pulumirpc.CreateResponse, error) {
	urn := resource.URN(request.GetUrn())
	asGiven := &pulumirpc.CreateResponse{Properties: request.GetProperties()}
	if p.cluster == nil && request.GetPreview() {
		return asGiven, nil
	}
	cluster, err := p.required()
	if err != nil {
		return nil, err
	}
	inputs, err := unmarshal(request.GetProperties())
	if err != nil {
		return nil, fmt.Errorf("create failed because malformed resource inputs: %w", err)
	}
	object := toObject(inputs)
	if request.GetPreview() && (hasUnknowns(object.Object) || !cluster.serves(objectKind(object)) ||
		isPatch(urn, object.GetKind()) || !p.settings.serverSideApply) {
		return asGiven, nil
	}
	manager, err := p.fieldManager("", object)
	if err != nil {
		return nil, err
	}
	write := write{provider: p, cluster: cluster, urn: urn, manager: manager, preview: request.GetPreview(), log: p.progressOf(urn)}
	live, err := write.create(object)
	if err != nil {
		if request.GetPreview() && previewImpossible(err) {
			return asGiven, nil
		}
		return nil, creationError(urn, object, err)
	}
	recorded := state{inputs: object, live: live, initialAPIVersion: object.GetAPIVersion(), fieldManager: manager}
	if request.GetPreview() {
		unstructured.RemoveNestedField(live.Object, "status")
		properties, err := marshal(checkpoint(recorded, inputs))
		return &pulumirpc.CreateResponse{Properties: properties}, err
	}
	return p.finishCreate(write, recorded, inputs, request.GetTimeout())
}

func (p *provider) finishCreate(
	write write, recorded state, inputs resource.PropertyMap, timeout float64,
) (*pulumirpc.CreateResponse, error) {
	live, waitErr := write.await(recorded.inputs, recorded.live, nil, timeout)
	recorded.live = live
	properties, err := marshal(checkpoint(recorded, inputs))
	if err != nil {
		return nil, err
	}
	if waitErr != nil {
		return nil, initializationFailed(identifier(live), fmt.Errorf(
			"resource %q was successfully created, but the Kubernetes API server "+
				"reported that it failed to fully initialize or become live: %w", write.urn, waitErr), properties, nil)
	}
	if isDefinition(recorded.inputs) {
		write.cluster.forget()
	}
	return &pulumirpc.CreateResponse{Id: identifier(live), Properties: properties}, nil
}

// previewImpossible recognises refusals that say nothing about the object: what it needs does not exist yet, it stands in
// for an object still there, the caller may not dry-run, or an admission webhook cannot.
func previewImpossible(err error) bool {
	var missing *namespaceMissing
	return errors.As(err, &missing) || apierrors.IsForbidden(err) || apierrors.IsAlreadyExists(err) || dryRunUnsupported(err)
}

func creationError(urn resource.URN, object *unstructured.Unstructured, err error) error {
	if meta.IsNoMatchError(err) {
		return fmt.Errorf("creation of resource %q with kind %s failed because the Kubernetes API server "+
			"reported that the apiVersion for this resource does not exist. "+
			"Verify that any required CRDs have been created: %w",
			urn, objectKind(object).GroupVersion().String()+"/"+object.GetKind(), err)
	}
	return fmt.Errorf("resource %q was not successfully created by the Kubernetes API server: %w", urn, err)
}

// fieldManager is the name under which fields are applied: the annotation's, the state's, or a new one for this object.
func (p *provider) fieldManager(recorded string, object *unstructured.Unstructured) (string, error) {
	if !p.settings.serverSideApply {
		return createManager, nil
	}
	if name := annotation(object, annotationFieldManager); name != "" {
		return name, nil
	}
	if recorded != "" {
		return recorded, nil
	}
	return resource.NewUniqueName(nil, createManager+"-", 0, 0, nil)
}

func (w write) retrying(attempt int, err error) {
	w.provider.status(diag.Info, w.urn, fmt.Sprintf("Retry #%d; creation failed: %v", attempt, err))
}
