package kubernetes

import (
	"context"
	"fmt"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/internals"
	pulumiprovider "github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// component is one of the component resources: a source of objects that become its children.
type component func(p *provider, args componentArgs) ([]*unstructured.Unstructured, error)

// components are the types that Construct knows.
var components = map[string]component{
	"kubernetes:helm.sh/v4:Chart":       chartObjects,
	"kubernetes:yaml/v2:ConfigFile":     configFileObjects,
	"kubernetes:yaml/v2:ConfigGroup":    configGroupObjects,
	"kubernetes:kustomize/v2:Directory": directoryObjects,
}

// componentState is what a component resource returns: its children.
type componentState struct {
	pulumi.ResourceState
	Resources pulumi.ArrayOutput `pulumi:"resources"`
}

// componentArgs are the inputs of a component, all known.
type componentArgs struct {
	name   string
	values map[string]any
	warn   func(string)
}

func (a componentArgs) text(key string) string { value, _ := a.values[key].(string); return value }

func (a componentArgs) flag(key string) bool { value, _ := a.values[key].(bool); return value }

func (a componentArgs) list(key string) []any { value, _ := a.values[key].([]any); return value }

// Construct renders a component's objects and registers each as a child.
func (p *provider) Construct(ctx context.Context, request *pulumirpc.ConstructRequest) (*pulumirpc.ConstructResponse, error) {
	if _, err := p.required(); err != nil {
		return nil, err
	}
	if err := p.places.construct(ctx, request); err != nil {
		return nil, err
	}
	objects, found := components[request.GetType()]
	if !found {
		return nil, fmt.Errorf("unknown resource type %q", request.GetType())
	}
	return pulumiprovider.Construct(ctx, request, p.host.EngineConn(), func(
		ctx *pulumi.Context, kind, name string, inputs pulumiprovider.ConstructInputs, options pulumi.ResourceOption,
	) (*pulumiprovider.ConstructResult, error) {
		state := &componentState{}
		if err := ctx.RegisterComponentResource(kind, name, state, options); err != nil {
			return nil, err
		}
		if err := p.populate(ctx, state, objects, name, inputs); err != nil {
			return nil, err
		}
		return pulumiprovider.NewConstructResult(state)
	})
}

func (p *provider) populate(
	ctx *pulumi.Context, state *componentState, objects component, name string, inputs pulumiprovider.ConstructInputs,
) error {
	warn := func(message string) {
		// Only the engine reads the log; without it the run is over.
		_ = ctx.Log.Warn(message, &pulumi.LogArgs{Resource: state})
	}
	given, err := inputs.Map()
	if err != nil {
		return fmt.Errorf("setting args: %w", err)
	}
	resolved, err := internals.UnsafeAwaitOutput(ctx.Context(), given.ToMapOutput())
	if err != nil {
		return fmt.Errorf("unwrapping args: %w", err)
	}
	values, known := resolved.Value.(map[string]any)
	if !resolved.Known || !known {
		warn("Input properties have unknown values. Preview is incomplete.")
		return nil
	}
	args := componentArgs{name: name, values: values, warn: warn}
	rendered, err := objects(p, args)
	if err != nil {
		return err
	}
	rendered, err = p.prepare(rendered, args)
	if err != nil {
		return err
	}
	state.Resources, err = register(ctx, state, rendered, args)
	return err
}
