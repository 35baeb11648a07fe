//go:build unix

package cluster

import (
	"bufio"
	"context"
	"errors"
	"io"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"tars-platform/simulator/host/spec"
)

// Reasons for which a run ends on purpose.
var (
	errAsked  = errors.New("asked to stop")
	errLeash  = errors.New("whoever started the cluster is gone")
	portTries = 3 // starts with other ports before giving up
)

// RunOptions say what to run and where.
type RunOptions struct {
	Dir        string // state: etcd's data, certificates, logs
	Spec       string // file
	Kubeconfig string // where to write the user's; default: beside Dir
	Leash      io.Reader
	Out        io.Writer
	// Stable keeps address and authority over restarts.
	Stable bool
	// Owner is the process without which the cluster ends, unless it is kept; 0 is none.
	Owner int
	// Token lets callers log in; empty lets nobody.
	Token string
}

// Exit codes of a run.
const (
	exitDone        = 0
	exitFailed      = 1
	exitInterrupted = 130
)

// Run is the supervisor: it brings the cluster up, watches over it and takes it down. It returns the exit code.
func Run(options RunOptions) int {
	report := newReporter(options.Out)
	ctx, cancel := context.WithCancelCause(context.Background())
	defer cancel(nil)
	go followSignals(cancel)
	go followLeash(options.Leash, cancel)
	switch err := runLocked(ctx, options, report); {
	case errors.Is(err, errAsked):
		return exitDone
	case errors.Is(err, errLeash):
		return exitInterrupted
	default:
		report.fail(err)
		return exitFailed
	}
}

// runLocked returns why the run ended.
func runLocked(ctx context.Context, options RunOptions, report *reporter) error {
	description, err := spec.Read(options.Spec)
	if err != nil {
		return err
	}
	place, err := newLayout(options.Dir, options.Kubeconfig)
	if err != nil {
		return err
	}
	if err := place.create(); err != nil {
		return err
	}
	taken, err := takeLock(ctx, place.lock())
	if err != nil {
		return err
	}
	defer taken.release()
	ctx, cancel := context.WithCancelCause(ctx)
	defer cancel(nil)
	go followOwner(ctx, options.Owner, place.path(keptFile), cancel)
	var known *identity
	if options.Stable {
		if known, err = ensureIdentity(place); err != nil {
			return err
		}
	}
	if err := removeRecord(place); err != nil { // of a supervisor that was killed
		return err
	}
	for try := 1; ; try++ {
		attempt := &cluster{layout: place, spec: description, lock: taken, report: report, begin: time.Now(),
			identity: known, token: options.Token}
		err := attempt.run(ctx)
		var died *componentDied
		if try == portTries || !errors.As(err, &died) || !died.portTaken() {
			return err
		}
	}
}

// run is one attempt from start to end.
func (c *cluster) run(ctx context.Context) error {
	ctx, died := context.WithCancelCause(ctx)
	defer died(nil)
	defer c.stop()
	if err := c.prepare(); err != nil {
		return err
	}
	if err := c.start(ctx, died); err != nil {
		return err
	}
	if err := c.writeRecord(); err != nil {
		return err
	}
	defer removeRecord(c.layout)
	c.report.send(event{Event: "ready", APIServer: url(c.ports.apiServer), Kubeconfig: c.layout.kubeconfig, PID: os.Getpid()})
	<-ctx.Done()
	return context.Cause(ctx)
}

func followSignals(cancel context.CancelCauseFunc) {
	asked := make(chan os.Signal, 1)
	signal.Notify(asked, syscall.SIGTERM, syscall.SIGINT, syscall.SIGHUP)
	// A reader of the events that went away must not kill the supervisor. Ignoring the signal would be inherited by the components.
	signal.Notify(make(chan os.Signal, 1), syscall.SIGPIPE)
	<-asked
	cancel(errAsked)
}

// followLeash ends the run when the leash ends before the line "keep". It reads on afterwards so that the other side can always write.
func followLeash(leash io.Reader, cancel context.CancelCauseFunc) {
	lines, kept := bufio.NewScanner(leash), false
	for lines.Scan() {
		kept = kept || strings.TrimSpace(lines.Text()) == "keep"
	}
	if !kept {
		cancel(errLeash)
	}
}
