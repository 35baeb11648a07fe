package kubernetes

import (
	"context"
	"errors"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"

	"tars-platform/simulator/host/kubernetes/await"
)

// Delete removes the object and waits until it is gone. One that is already gone is no error.
func (p *provider) Delete(_ context.Context, request *pulumirpc.DeleteRequest) (*emptypb.Empty, error) {
	urn := resource.URN(request.GetUrn())
	if p.cluster == nil {
		return &emptypb.Empty{}, p.deleteUnreachable(urn)
	}
	properties, err := unmarshal(request.GetProperties())
	if err != nil {
		return nil, err
	}
	recorded := fromCheckpoint(properties)
	_, name := splitIdentifier(request.GetId())
	last, err := p.delete(urn, recorded, name, request.GetTimeout())
	if err == nil || meta.IsNoMatchError(err) || apierrors.IsNotFound(err) {
		return &emptypb.Empty{}, nil
	}
	if last == nil {
		return nil, err
	}
	recorded.live = last
	remaining, marshalErr := marshal(checkpoint(recorded, properties))
	if marshalErr != nil {
		return nil, marshalErr
	}
	return nil, initializationFailed(identifier(last), err, remaining, nil)
}

// delete returns the object as last seen when it was asked to go and did not.
func (p *provider) delete(
	urn resource.URN, recorded state, name string, timeout float64,
) (*unstructured.Unstructured, error) {
	client, err := p.cluster.resource(recorded.live)
	if err != nil {
		return nil, err
	}
	if p.settings.serverSideApply && isPatch(urn, recorded.inputs.GetKind()) {
		return nil, explainSoleManager(p.relinquish(client, recorded.live, recorded.fieldManager))
	}
	policy := propagation(recorded.inputs)
	if err := client.Delete(p.context, name, metav1.DeleteOptions{PropagationPolicy: &policy}); err != nil {
		return nil, err
	}
	if annotated(recorded.inputs, annotationSkipAwait) && await.SkipsDeletion(recorded.inputs) {
		return nil, nil
	}
	mapping, err := p.cluster.mapping(objectKind(recorded.live))
	if err != nil {
		return nil, err
	}
	if isDefinition(recorded.live) {
		defer p.cluster.forget()
	}
	return await.Gone(p.context, await.Deletion{
		Client: client, Feed: p.cluster.feeds.Feed(mapping.Resource, recorded.live.GetNamespace()), Object: recorded.live,
		Limit: timeoutOf(timeout, recorded.inputs, await.DefaultTimeout), Log: deletionLog{p.progressOf(urn)},
	})
}

// deletionLog shows the warning about finalizers also after the run.
type deletionLog struct{ *progress }

func (l deletionLog) Warning(message string) { l.provider.log(diag.Warning, l.urn, message) }

func explainSoleManager(err error) error {
	cause, found := apierrors.StatusCause(err, metav1.CauseTypeFieldValueRequired)
	if !found {
		return err
	}
	return fmt.Errorf("this Patch resource is currently managing a required field, so it can't be deleted "+
		"directly. Either set the `retainOnDelete` resource option, or transfer ownership of the "+
		"field before deleting: %s", cause.Field)
}

func (p *provider) deleteUnreachable(urn resource.URN) error {
	p.log(diag.Warning, urn, "configured Kubernetes cluster is unreachable: "+p.unreachable)
	if p.settings.deleteUnreachable {
		p.log(diag.Info, urn, "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. "+
			"Deleting the unreachable resource from Pulumi state")
		return nil
	}
	return errors.New("configured Kubernetes cluster is unreachable. If the cluster was deleted, " +
		"you can remove this resource from Pulumi state by rerunning the operation with the " +
		"PULUMI_K8S_DELETE_UNREACHABLE environment variable set to \"true\"")
}
