// Package kubernetes is the simulator's Kubernetes provider: a Pulumi resource provider over client-go that talks to a
// real API server and behaves as Pulumi's own plugin does for what a program of this project uses.
//
// README.md beside this file says what is covered and where it differs from the official plugin.
package kubernetes

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"

	"github.com/go-logr/logr"
	pulumiprovider "github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"google.golang.org/protobuf/types/known/emptypb"
	"k8s.io/klog/v2"

	"tars-platform/simulator/host/standins"
)

const (
	// packageName is the provider's package, the first part of every type token.
	packageName = "kubernetes"
	// pluginVersion is the SDK release (npm @pulumi/kubernetes) whose behaviour the plugin follows.
	pluginVersion = "4.34.2"
	// tokenVariable holds the run's token; without it the plugin does not start.
	tokenVariable = "TARS_SIMULATOR_TOKEN"
	// commandName is how the engine looks the plugin up, and the multi-call binary's subcommand.
	commandName = "pulumi-resource-kubernetes"
	// exitPrerequisite is the project's exit code for a missing prerequisite.
	exitPrerequisite = 4
)

// Main serves the provider until the engine goes away. The engine's address is the only argument; the port is the first
// line on standard output. It refuses to run outside a simulator run: exit code 4.
func Main() {
	if os.Getenv(tokenVariable) == "" {
		fmt.Fprintf(os.Stderr, "%s: this plugin belongs to a simulator run and %s is not set. "+
			"Start the stack with the simulator, or install Pulumi's own plugin: pulumi plugin install resource kubernetes\n",
			commandName, tokenVariable)
		os.Exit(exitPrerequisite)
	}
	if at := slices.Index(os.Args, commandName); at == 1 {
		os.Args = slices.Delete(os.Args, 1, 2)
	}
	go exitWithEngine()
	// client-go logs lost and forbidden watches; the engine would print them as the plugin's own words. Waits report what matters.
	klog.SetLogger(logr.Discard())
	err := pulumiprovider.Main(packageName, func(host *pulumiprovider.HostClient) (pulumirpc.ResourceProviderServer, error) {
		table, err := standins.FromEnvironment()
		if err != nil {
			return nil, err
		}
		return newProvider(host, newPlaces(table, host)), nil
	})
	if err != nil {
		fmt.Fprintf(os.Stderr, "%s: %v\n", commandName, err)
		os.Exit(1)
	}
}

// exitWithEngine ends the plugin when the engine is gone. The engine holds the other end of standard input for as long as it
// lives; it puts its plugins in process groups of their own, so nothing else tells them that it was killed.
func exitWithEngine() {
	_, _ = io.Copy(io.Discard, os.Stdin)
	os.Exit(1)
}

// provider is one configured instance. The engine configures it once and then calls it from many goroutines.
type provider struct {
	pulumirpc.UnimplementedResourceProviderServer

	host     *pulumiprovider.HostClient
	context  context.Context
	cancel   context.CancelFunc
	settings settings
	// cluster is nil when the cluster cannot be reached; unreachable then says why.
	cluster     *cluster
	unreachable string
	places      *places
}

func newProvider(host *pulumiprovider.HostClient, places *places) *provider {
	ctx, cancel := context.WithCancel(context.Background())
	return &provider{host: host, context: ctx, cancel: cancel, places: places}
}

// GetPluginInfo returns the SDK release whose behaviour the plugin follows.
func (p *provider) GetPluginInfo(context.Context, *emptypb.Empty) (*pulumirpc.PluginInfo, error) {
	return &pulumirpc.PluginInfo{Version: pluginVersion}, nil
}

// GetSchema returns an empty package: programs use the SDK from npm, never a generated one.
func (p *provider) GetSchema(_ context.Context, request *pulumirpc.GetSchemaRequest) (*pulumirpc.GetSchemaResponse, error) {
	if version := request.GetVersion(); version != 0 {
		return nil, fmt.Errorf("unsupported schema version %d", version)
	}
	return &pulumirpc.GetSchemaResponse{Schema: fmt.Sprintf(`{"name":%q,"version":%q}`, packageName, pluginVersion)}, nil
}

// Cancel ends every wait; operations under way return what they have observed.
func (p *provider) Cancel(context.Context, *emptypb.Empty) (*emptypb.Empty, error) {
	p.cancel()
	return &emptypb.Empty{}, nil
}

// Attach connects to an engine that found the plugin already running.
func (p *provider) Attach(_ context.Context, request *pulumirpc.PluginAttach) (*emptypb.Empty, error) {
	host, err := pulumiprovider.NewHostClient(request.GetAddress())
	if err != nil {
		return nil, err
	}
	p.host = host
	return &emptypb.Empty{}, nil
}
