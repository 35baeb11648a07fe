package kubernetes

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"

	jsonpatch "gopkg.in/evanphx/json-patch.v4"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/dynamic"
)

// Update applies the new inputs and waits until the object is ready again.
func (p *provider) Update(_ context.Context, request *pulumirpc.UpdateRequest) (*pulumirpc.UpdateResponse, error) {
	urn := resource.URN(request.GetUrn())
	asGiven := &pulumirpc.UpdateResponse{Properties: request.GetNews()}
	if p.cluster == nil && request.GetPreview() {
		return asGiven, nil
	}
	cluster, err := p.required()
	if err != nil {
		return nil, err
	}
	olds, err := unmarshal(request.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := unmarshal(request.GetNews())
	if err != nil {
		return nil, fmt.Errorf("update failed because malformed resource inputs: %w", err)
	}
	old, object := fromCheckpoint(olds), normalize(toObject(news))
	if request.GetPreview() && (hasUnknowns(object.Object) || !cluster.serves(objectKind(object))) {
		return asGiven, nil
	}
	manager, err := p.fieldManager(old.fieldManager, object)
	if err != nil {
		return nil, err
	}
	update := update{
		write: write{provider: p, cluster: cluster, urn: urn, manager: manager, preview: request.GetPreview(), log: p.progressOf(urn)},
		old:   old, object: object, ignored: request.GetIgnoreChanges(), timeout: request.GetTimeout(),
	}
	live, updateErr := update.run()
	if updateErr != nil && request.GetPreview() && apierrors.IsForbidden(updateErr) {
		return asGiven, nil
	}
	return update.response(live, updateErr, news)
}

type update struct {
	write
	old     state
	object  *unstructured.Unstructured
	ignored []string
	timeout float64
}

func (u update) run() (*unstructured.Unstructured, error) {
	client, err := u.cluster.resource(u.object)
	if err != nil {
		return nil, err
	}
	before, err := client.Get(u.provider.context, u.old.live.GetName(), metav1.GetOptions{})
	if err != nil {
		return nil, err
	}
	live, err := u.send(client, before)
	if err != nil || u.preview {
		return live, err
	}
	return u.await(u.object, live, before, u.timeout)
}

func (u update) send(client dynamic.ResourceInterface, before *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	switch {
	case isDefinition(u.object):
		// A definition is replaced whole: merging lists of versions and columns would keep what the program dropped.
		u.object.SetResourceVersion(before.GetResourceVersion())
		return client.Update(u.provider.context, u.object, metav1.UpdateOptions{FieldManager: u.manager, DryRun: u.dryRun()})
	case !u.provider.settings.serverSideApply:
		return u.merge(client, before)
	}
	if !isPatch(u.urn, u.object.GetKind()) {
		taken, err := u.takeOver(client, before)
		if err != nil {
			return nil, err
		}
		before = taken
	}
	if err := keepIgnored(u.object, before, u.ignored, u.manager); err != nil {
		return nil, err
	}
	return u.apply(client, u.object, before)
}

// merge sends only what changed between the inputs, for providers with server-side apply turned off.
func (u update) merge(client dynamic.ResourceInterface, before *unstructured.Unstructured) (*unstructured.Unstructured, error) {
	if err := keepIgnored(u.object, before, u.ignored, u.manager); err != nil {
		return nil, err
	}
	from, err := json.Marshal(prune(u.old.live.Object, normalize(u.old.inputs).Object))
	if err != nil {
		return nil, err
	}
	to, err := json.Marshal(u.object.Object)
	if err != nil {
		return nil, err
	}
	patch, err := jsonpatch.CreateMergePatch(from, to)
	if err != nil {
		return nil, err
	}
	return client.Patch(u.provider.context, before.GetName(), types.MergePatchType, patch,
		metav1.PatchOptions{FieldManager: u.manager, DryRun: u.dryRun()})
}

func (u update) response(
	live *unstructured.Unstructured, updateErr error, inputs resource.PropertyMap,
) (*pulumirpc.UpdateResponse, error) {
	if meta.IsNoMatchError(updateErr) {
		return nil, fmt.Errorf("update of resource %q failed because the Kubernetes API server "+
			"reported that the apiVersion for this resource does not exist. "+
			"Verify that any required CRDs have been created: %w", u.urn, updateErr)
	}
	if updateErr != nil && live == nil {
		current, err := u.current()
		if err != nil {
			return nil, errors.Join(fmt.Errorf("update of resource %q failed: %w", u.urn, updateErr),
				fmt.Errorf("unable to get cluster state: %w", err))
		}
		live = current
	}
	recorded := state{inputs: u.object, live: live, initialAPIVersion: u.old.initialAPIVersion, fieldManager: u.manager}
	if recorded.initialAPIVersion == "" {
		recorded.initialAPIVersion = u.old.inputs.GetAPIVersion()
	}
	properties, err := marshal(checkpoint(recorded, inputs))
	if err != nil {
		return nil, err
	}
	if updateErr != nil {
		return nil, initializationFailed(identifier(live), fmt.Errorf("the Kubernetes API server reported that %q failed to "+
			"fully initialize or become live: %w", identifier(live), updateErr), properties, nil)
	}
	return &pulumirpc.UpdateResponse{Properties: properties}, u.dropOldManager(live)
}

func (u update) current() (*unstructured.Unstructured, error) {
	client, err := u.cluster.resource(u.old.live)
	if err != nil {
		return nil, err
	}
	return client.Get(u.provider.context, u.old.live.GetName(), metav1.GetOptions{})
}

// dropOldManager gives up the fields of the previous manager after its name changed.
func (u update) dropOldManager(live *unstructured.Unstructured) error {
	previous := u.old.fieldManager
	if u.preview || !u.provider.settings.serverSideApply || previous == "" || previous == u.manager {
		return nil
	}
	client, err := u.cluster.resource(live)
	if err != nil {
		return err
	}
	return u.provider.relinquish(client, live, previous)
}
