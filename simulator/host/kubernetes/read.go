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
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"tars-platform/simulator/host/kubernetes/await"
)

// gone is the answer for an object that no longer exists.
var gone = &pulumirpc.ReadResponse{}

// Read returns an object as it is now: for a refresh, for an import, and for a .get.
func (p *provider) Read(_ context.Context, request *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	urn := resource.URN(request.GetUrn())
	if p.cluster == nil {
		return p.readUnreachable(urn, request)
	}
	olds, err := unmarshal(request.GetProperties())
	if err != nil {
		return nil, err
	}
	inputs, err := unmarshal(request.GetInputs())
	if err != nil {
		return nil, err
	}
	read, err := p.reading(urn, request.GetId(), olds, inputs)
	if err != nil {
		return nil, err
	}
	live, readErr := read.run()
	if meta.IsNoMatchError(readErr) || apierrors.IsNotFound(readErr) {
		return gone, nil
	}
	if live == nil {
		return nil, readErr
	}
	return read.response(live, readErr)
}

type reading struct {
	provider *provider
	urn      resource.URN
	id, name string
	inputs   *unstructured.Unstructured
	given    resource.PropertyMap
	old      state
	// fresh: nothing is known yet, the object's inputs are to be taken from the cluster.
	fresh bool
}

func (p *provider) reading(urn resource.URN, id string, olds, inputs resource.PropertyMap) (*reading, error) {
	namespace, name := splitIdentifier(id)
	if name == "" {
		return nil, fmt.Errorf("failed to read resource because of a failure to parse resource name from request ID: %s", id)
	}
	r := &reading{
		provider: p, urn: urn, id: id, name: name, inputs: normalize(toObject(inputs)), given: inputs, old: fromCheckpoint(olds),
	}
	// The engine keeps no inputs of an object that a program only read; the state has those of the first read.
	if r.inputs.GroupVersionKind().Empty() && !r.old.inputs.GroupVersionKind().Empty() {
		r.inputs = r.old.inputs
	}
	if !r.inputs.GroupVersionKind().Empty() {
		return r, nil
	}
	kind := r.old.live.GroupVersionKind()
	if kind.Empty() {
		token, err := kindOfType(urn)
		if err != nil {
			return nil, err
		}
		kind, r.fresh = token, true
	}
	r.inputs.SetGroupVersionKind(kind)
	if r.inputs.GetName() == "" {
		r.inputs.SetName(name)
	}
	if r.inputs.GetNamespace() == "" && namespace != "" {
		r.inputs.SetNamespace(namespace)
	}
	return r, nil
}

func (r *reading) run() (*unstructured.Unstructured, error) {
	client, err := r.provider.cluster.resource(r.inputs)
	if err != nil {
		return nil, err
	}
	live, err := client.Get(r.provider.context, r.name, metav1.GetOptions{})
	if err != nil || r.fresh || annotated(r.inputs, annotationSkipAwait) {
		return live, err
	}
	return live, await.Check(r.provider.context, r.provider.cluster.dynamic, live)
}

func (r *reading) response(live *unstructured.Unstructured, readErr error) (*pulumirpc.ReadResponse, error) {
	inputs := &unstructured.Unstructured{Object: prune(live.Object, r.inputs.Object)}
	if r.fresh {
		inputs = importedInputs(live)
	}
	manager, err := r.provider.fieldManager(r.old.fieldManager, r.inputs)
	if err != nil {
		return nil, err
	}
	recorded := state{inputs: inputs, live: live, initialAPIVersion: r.old.initialAPIVersion, fieldManager: manager}
	if recorded.initialAPIVersion == "" {
		recorded.initialAPIVersion = r.inputs.GetAPIVersion()
	}
	properties, err := marshal(checkpoint(recorded, r.given))
	if err != nil {
		return nil, err
	}
	checked := toProperties(inputs)
	markSecrets(checked, r.given)
	known, err := marshal(checked)
	if err != nil {
		return nil, err
	}
	if readErr != nil {
		return nil, initializationFailed(r.id, readErr, properties, known)
	}
	return &pulumirpc.ReadResponse{Id: r.id, Properties: properties, Inputs: known}, nil
}

// importedInputs are the fields of a live object that a program could have set.
func importedInputs(live *unstructured.Unstructured) *unstructured.Unstructured {
	inputs := live.DeepCopy()
	unstructured.RemoveNestedField(inputs.Object, "status")
	for _, field := range []string{"creationTimestamp", "generation", "managedFields", "resourceVersion", "uid"} {
		unstructured.RemoveNestedField(inputs.Object, "metadata", field)
	}
	for _, key := range []string{"deployment.kubernetes.io/revision", "kubectl.kubernetes.io/last-applied-configuration"} {
		unstructured.RemoveNestedField(inputs.Object, "metadata", "annotations", key)
	}
	return inputs
}

func (p *provider) readUnreachable(urn resource.URN, request *pulumirpc.ReadRequest) (*pulumirpc.ReadResponse, error) {
	p.log(diag.Warning, urn, "configured Kubernetes cluster is unreachable: "+p.unreachable)
	switch {
	case p.settings.deleteUnreachable:
		p.log(diag.Info, urn, "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. "+
			"Deleting the unreachable resource from Pulumi state")
		return gone, nil
	case p.settings.skipUpdateUnreachable:
		p.log(diag.Info, urn, "configured Kubernetes cluster is unreachable and the `skipUnreachable` option is enabled. "+
			"Returned data could not reflect the actual cluster configuration.")
		return &pulumirpc.ReadResponse{Id: request.GetId(), Properties: request.GetProperties(), Inputs: request.GetInputs()}, nil
	default:
		return nil, errors.New("failed to read resource state due to unreachable cluster. If the cluster was " +
			"deleted, you can remove this resource from Pulumi state by rerunning the operation with the " +
			"PULUMI_K8S_DELETE_UNREACHABLE environment variable set to \"true\"")
	}
}
