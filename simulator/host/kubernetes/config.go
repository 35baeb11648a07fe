package kubernetes

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"reflect"
	"slices"
	"time"

	"github.com/pulumi/pulumi/sdk/v3/go/common/providers"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/structpb"
	"k8s.io/client-go/rest"
)

// identityKeys are the inputs that decide which cluster a provider talks to.
var identityKeys = []resource.PropertyKey{"kubeconfig", "context", "cluster"}

// CheckConfig enforces strict mode; everything else is checked when the provider is configured.
func (p *provider) CheckConfig(_ context.Context, request *pulumirpc.CheckRequest) (*pulumirpc.CheckResponse, error) {
	inputs, err := unmarshalConfig(request.GetNews())
	if err != nil {
		return nil, fmt.Errorf("CheckConfig failed because of malformed resource inputs: %w", err)
	}
	response := &pulumirpc.CheckResponse{Inputs: request.GetNews()}
	urn := resource.URN(request.GetUrn())
	if strictMode(inputs) && providers.IsProviderType(urn.Type()) {
		response.Failures = strictFailures(urn, inputs)
	}
	return response, nil
}

func unmarshalConfig(properties *structpb.Struct) (resource.PropertyMap, error) {
	return plugin.UnmarshalProperties(properties, plugin.MarshalOptions{KeepUnknowns: true})
}

// strictMode is the provider's own input, else the project's `kubernetes:strictMode`.
func strictMode(inputs resource.PropertyMap) bool {
	if value := inputs["strictMode"]; value.IsString() {
		return value.StringValue() == "true"
	} else if value.IsBool() {
		return value.BoolValue()
	}
	var project map[string]any
	if json.Unmarshal([]byte(os.Getenv("PULUMI_CONFIG")), &project) != nil {
		return false
	}
	return project["strictMode"] == "true"
}

func strictFailures(urn resource.URN, inputs resource.PropertyMap) []*pulumirpc.CheckFailure {
	var failures []*pulumirpc.CheckFailure
	if providers.IsDefaultProvider(urn) {
		failures = append(failures, &pulumirpc.CheckFailure{Reason: "strict mode prohibits default provider"})
	}
	for _, key := range []resource.PropertyKey{"kubeconfig", "context"} {
		value := inputs[key]
		if !value.IsComputed() && (!value.IsString() || value.StringValue() == "") && !value.IsObject() {
			failures = append(failures, &pulumirpc.CheckFailure{
				Property: string(key),
				Reason:   fmt.Sprintf("strict mode requires Provider %q argument", key),
			})
		}
	}
	return failures
}

// DiffConfig decides whether a changed provider is another cluster. A clusterIdentifier that stays the same says it is
// not, one that changes says it is; adding or removing it decides nothing.
func (p *provider) DiffConfig(_ context.Context, request *pulumirpc.DiffRequest) (*pulumirpc.DiffResponse, error) {
	olds, err := unmarshalConfig(request.GetOlds())
	if err != nil {
		return nil, err
	}
	news, err := unmarshalConfig(request.GetNews())
	if err != nil {
		return nil, fmt.Errorf("DiffConfig failed because of malformed resource inputs: %w", err)
	}
	return diffConfig(olds, news)
}

func diffConfig(olds, news resource.PropertyMap) (*pulumirpc.DiffResponse, error) {
	changes := olds.Diff(news)
	if changes == nil {
		return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_NONE}, nil
	}
	const identifier = resource.PropertyKey("clusterIdentifier")
	var diffs, replaces []string
	for _, key := range changes.ChangedKeys() {
		diffs = append(diffs, string(key))
	}
	if changes.Updated(identifier) {
		replaces = append(replaces, string(identifier))
	}
	moved, err := clusterMoved(olds, news, diffs)
	if err != nil {
		return nil, err
	}
	replaces = append(replaces, moved...)
	if changes.Same(identifier) && news.HasValue(identifier) {
		replaces = nil
	}
	return &pulumirpc.DiffResponse{Changes: pulumirpc.DiffResponse_DIFF_SOME, Diffs: diffs, Replaces: replaces}, nil
}

// clusterMoved returns the identity inputs that changed, when they select another cluster or cannot be known yet.
func clusterMoved(olds, news resource.PropertyMap, diffs []string) ([]string, error) {
	for _, key := range identityKeys {
		if value := news[key]; value.ContainsUnknowns() {
			return []string{string(key)}, nil
		}
	}
	before, err := kubeconfigProperty(olds["kubeconfig"])
	if err != nil {
		return nil, err
	}
	after, err := kubeconfigProperty(news["kubeconfig"])
	if err != nil {
		return nil, err
	}
	from, to := activeCluster(before, olds), activeCluster(after, news)
	if from == nil || to == nil || reflect.DeepEqual(from, to) {
		return nil, nil
	}
	var moved []string
	for _, key := range identityKeys {
		if slices.Contains(diffs, string(key)) {
			moved = append(moved, string(key))
		}
	}
	return moved, nil
}

// Configure connects to the cluster. A cluster that cannot be reached is not an error here: previews go on without it, and
// the operations that need it say why they cannot run.
func (p *provider) Configure(_ context.Context, request *pulumirpc.ConfigureRequest) (*pulumirpc.ConfigureResponse, error) {
	//nolint:staticcheck // the engine still sends the flattened variables, and only they carry environment defaults
	settings, err := readSettings(request.GetVariables())
	if err != nil {
		return nil, err
	}
	p.settings = settings
	if err := p.connect(); err != nil {
		p.cluster, p.unreachable = nil, err.Error()
	}
	return &pulumirpc.ConfigureResponse{
		AcceptSecrets: true, SupportsPreview: true, SupportsAutonamingConfiguration: true,
	}, nil
}

func (p *provider) connect() error {
	config, err := clientConfig(p.settings)
	if err != nil {
		return err
	}
	if namespace, _, err := config.Namespace(); err == nil {
		p.settings.namespace = namespace
	}
	restConfig, err := config.ClientConfig()
	if err != nil {
		return fmt.Errorf("unable to load Kubernetes client configuration from kubeconfig file. Make sure you have: \n\n"+
			" \t • set up the provider as per "+
			"https://www.pulumi.com/registry/packages/kubernetes/installation-configuration/ \n\n %w", err)
	}
	restConfig.QPS, restConfig.Burst = *p.settings.client.QPS, *p.settings.client.Burst
	if seconds := p.settings.client.Timeout; seconds != nil {
		restConfig.Timeout = time.Duration(*seconds) * time.Second
	}
	restConfig.WarningHandler = rest.NoWarnings{}
	restConfig.UserAgent = "pulumi-kubernetes/" + pluginVersion + " (simulator)"
	p.cluster, err = newCluster(restConfig)
	return err
}

// required is the connected cluster, or the reason why there is none.
func (p *provider) required() (*cluster, error) {
	if p.cluster == nil {
		return nil, fmt.Errorf("configured Kubernetes cluster is unreachable: %s", p.unreachable)
	}
	return p.cluster, nil
}
