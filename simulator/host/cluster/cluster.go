package cluster

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"slices"
	"strings"
	"time"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"tars-platform/simulator/host/operators"
	"tars-platform/simulator/host/simulation"
	"tars-platform/simulator/host/spec"
)

// startTimeout bounds a start. Measured: 4 s on two cores; the rest is for a machine that is busy with something else.
const startTimeout = 3 * time.Minute

// grace is how long a component may take to stop before it is killed. An idle API server takes about one second.
const grace = 5 * time.Second

// cluster is one attempt to run a spec.
type cluster struct {
	layout      layout
	spec        *spec.Spec
	lock        *lock
	report      *reporter
	identity    *identity // nil when each start may be known by another address
	token       string    // with which callers log in; empty when only certificates count
	ports       ports
	credentials *credentials
	leash       *os.File // the reading end, standard input of every component
	leashHolder *os.File // the writing end, which only this process has
	processes   []*process
	begin       time.Time
	http        *http.Client
	client      kubernetes.Interface
}

// componentDied is the end of a component that nobody asked for.
type componentDied struct{ name, state, log, tail string }

func (e *componentDied) Error() string {
	return fmt.Sprintf("%s ended by itself (%s); the end of its log:\n%s", e.name, e.state, e.tail)
}

// portTaken tells whether somebody else took a port between its choice and its use.
func (e *componentDied) portTaken() bool { return strings.Contains(e.tail, "address already in use") }

// prepare writes everything the components read.
func (c *cluster) prepare() error {
	var err error
	if err = c.layout.create(); err != nil {
		return err
	}
	if c.leash, c.leashHolder, err = os.Pipe(); err != nil {
		return fmt.Errorf("leash: %w", err)
	}
	if c.ports, err = freePorts(); err != nil {
		return err
	}
	if c.identity != nil {
		c.ports.apiServer = c.identity.Port
	}
	if c.credentials, err = newCredentials(c.spec, c.identity); err != nil {
		return err
	}
	if c.token != "" {
		if err = c.credentials.addToken(c.token); err != nil {
			return err
		}
	}
	if err = c.credentials.write(c.layout); err != nil {
		return err
	}
	if err = ensureEncryption(c.layout); err != nil {
		return err
	}
	if err = c.writeInputs(); err != nil {
		return err
	}
	return c.connect()
}

// writeInputs writes the components' configuration and kubeconfigs.
func (c *cluster) writeInputs() error {
	description, err := json.Marshal(c.spec)
	if err != nil {
		return fmt.Errorf("cluster spec: %w", err)
	}
	audit, err := json.Marshal(auditPolicy())
	if err != nil {
		return fmt.Errorf("audit policy: %w", err)
	}
	stages, err := simulation.Stages(c.spec.PodStartup)
	if err != nil {
		return err
	}
	authentication, err := json.Marshal(authenticationConfiguration())
	if err != nil {
		return fmt.Errorf("authentication: %w", err)
	}
	for name, content := range map[string][]byte{"spec.json": description, "audit.json": audit, "stages.yaml": stages, authenticationFile: authentication} {
		if err := writeAtomically(c.layout.path("run", name), content); err != nil {
			return err
		}
	}
	for name, pair := range c.credentials.clients {
		path := c.componentKubeconfig(name)
		if name == "admin" {
			path = c.layout.kubeconfig
		}
		if err := writeKubeconfig(path, kubeconfig(url(c.ports.apiServer), c.credentials.authority, pair)); err != nil {
			return err
		}
	}
	return nil
}

func (c *cluster) connect() error {
	config, err := restConfig(kubeconfig(url(c.ports.apiServer), c.credentials.authority, c.credentials.clients["admin"]))
	if err != nil {
		return err
	}
	config.Timeout, config.QPS = probeTimeout, -1 // no throttling: polls are spaced already
	if c.http, err = rest.HTTPClientFor(config); err != nil {
		return fmt.Errorf("administrator's client: %w", err)
	}
	if c.client, err = kubernetes.NewForConfigAndClient(config, c.http); err != nil {
		return fmt.Errorf("administrator's client: %w", err)
	}
	return nil
}

// start brings the waves up. The context ends when a component dies.
func (c *cluster) start(ctx context.Context, died context.CancelCauseFunc) error {
	ctx, cancel := context.WithTimeoutCause(ctx, startTimeout, fmt.Errorf("the cluster was not ready after %s", startTimeout))
	defer cancel()
	if err := c.startWave(ctx, died, storeWave); err != nil {
		return err
	}
	if err := c.poll(ctx, "roles", grantRoles); err != nil {
		return err
	}
	if err := c.poll(ctx, "heartbeats", forgetHeartbeats); err != nil {
		return err
	}
	return c.startWave(ctx, died, controllerWave)
}

func (c *cluster) startWave(ctx context.Context, died context.CancelCauseFunc, wave []component) error {
	for _, member := range wave {
		started, err := c.startProcess(member.name, member.arguments(c))
		if err != nil {
			return err
		}
		c.processes = append(c.processes, started)
		c.report.step(member.name, "started")
		go watch(started, died)
	}
	for _, member := range wave {
		if err := c.poll(ctx, member.name, member.ready); err != nil {
			return err
		}
		c.report.step(member.name, "ready")
	}
	return nil
}

// watch reports the end of a component. When the run is already ending for another reason, that reason stands.
func watch(p *process, died context.CancelCauseFunc) {
	<-p.ended
	died(&componentDied{name: p.name, state: p.state, log: p.log, tail: tail(p.log)})
}

// poll asks until the answer is yes or the context ends; then its cause and the last answer are the error.
func (c *cluster) poll(ctx context.Context, name string, ready func(context.Context, *cluster) error) error {
	for ready != nil {
		answer := ready(ctx, c)
		if answer == nil {
			break
		}
		if err := pause(ctx, pollEvery); err != nil {
			return fmt.Errorf("waiting for %s: %w (last answer: %v)", name, err, answer)
		}
	}
	return nil
}

// stop ends all components in order. Those that a failed start never reached are not there.
func (c *cluster) stop() {
	for _, name := range stopOrder {
		for _, running := range slices.Backward(c.processes) {
			if running.name == name {
				running.stop(grace)
			}
		}
	}
	if c.leashHolder != nil {
		c.leashHolder.Close()
		c.leash.Close()
	}
}

// auditPolicy records who did what to which object, without contents, and leaves out heartbeats and reads of the simulator's own parts, which
// would be most of it: https://kubernetes.io/docs/tasks/debug/debug-cluster/audit/
func auditPolicy() map[string]any {
	return map[string]any{
		"apiVersion": "audit.k8s.io/v1",
		"kind":       "Policy",
		"omitStages": []string{"RequestReceived"},
		"rules": []any{
			map[string]any{"level": "None", "resources": []any{map[string]any{"group": "coordination.k8s.io", "resources": []string{"leases"}}}},
			map[string]any{"level": "None", "verbs": []string{"get", "list", "watch"}, "users": []string{
				simulation.MachinesUser, simulation.CloudUser, operators.User, "system:kube-scheduler", "system:kube-controller-manager", "system:apiserver"}},
			map[string]any{"level": "None", "nonResourceURLs": []string{"/readyz*", "/livez*", "/healthz*", "/openapi/*"}},
			map[string]any{"level": "Metadata"},
		},
	}
}
