package kubernetes

import (
	"github.com/pulumi/pulumi/sdk/v3/go/common/diag"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
)

// log shows a message with the resource and keeps it in the run's output. The message must hold no property value.
func (p *provider) log(severity diag.Severity, urn resource.URN, message string) {
	if p.host == nil {
		return
	}
	// The engine is the only reader: when it has gone there is nobody left to tell.
	_ = p.host.Log(p.context, severity, urn, message)
}

// status shows a message beside the resource while it is being worked on.
func (p *provider) status(severity diag.Severity, urn resource.URN, message string) {
	if p.host == nil {
		return
	}
	_ = p.host.LogStatus(p.context, severity, urn, message)
}

// progress tells the engine about one resource, each message once.
type progress struct {
	provider *provider
	urn      resource.URN
	seen     map[string]bool
}

func (p *provider) progressOf(urn resource.URN) *progress {
	return &progress{provider: p, urn: urn, seen: map[string]bool{}}
}

// Info reports how far a wait has come.
func (r *progress) Info(message string) { r.once(diag.Info, message) }

// Warning reports a reason why a wait is not over.
func (r *progress) Warning(message string) { r.once(diag.Warning, message) }

func (r *progress) once(severity diag.Severity, message string) {
	if message == "" || r.seen[message] {
		return
	}
	r.seen[message] = true
	r.provider.status(severity, r.urn, message)
}
