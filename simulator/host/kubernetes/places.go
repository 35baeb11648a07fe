package kubernetes

import (
	"context"
	"sync"

	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	pulumiprovider "github.com/pulumi/pulumi/sdk/v3/go/pulumi/provider"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
	"k8s.io/apimachinery/pkg/runtime/schema"

	"tars-platform/simulator/host/standins"
)

// places puts the run's stand-ins where they belong and tells the engine of each, once. Without a table it does nothing.
type places struct {
	table *standins.Table
	host  *pulumiprovider.HostClient
	lock  sync.Mutex
	told  map[string]bool
}

func newPlaces(table *standins.Table, host *pulumiprovider.HostClient) *places {
	return &places{table: table, host: host, told: map[string]bool{}}
}

// construct changes the request for a component that reads from elsewhere.
func (p *places) construct(ctx context.Context, request *pulumirpc.ConstructRequest) error {
	if p == nil || p.table == nil {
		return nil
	}
	uses, err := p.table.Place(request)
	for _, use := range uses {
		p.tell(ctx, use.String())
	}
	return err
}

// check refuses a custom resource that nobody would act on.
func (p *places) check(ctx context.Context, kind schema.GroupVersionKind) error {
	if p == nil || p.table == nil || !custom(kind) {
		return nil
	}
	operator, err := p.table.Operator(schema.GroupKind{Group: kind.Group, Kind: trimPatch(kind.Kind)})
	if err == nil && operator != standins.Passive {
		p.tell(ctx, standins.Use{What: "operator " + operator, For: "what acts on " + kind.Group}.String())
	}
	return err
}

func (p *places) tell(ctx context.Context, message string) {
	p.lock.Lock()
	defer p.lock.Unlock()
	if p.told[message] || p.host == nil {
		return
	}
	p.told[message] = true
	// The engine is the only reader: when it has gone there is nobody left to tell.
	_ = p.host.Log(ctx, diag.Info, "", message)
}
