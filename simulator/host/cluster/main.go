//go:build unix

// Package cluster runs a Kubernetes control plane with simulated nodes as child processes of a supervisor.
package cluster

import (
	"encoding/json"
	"errors"
	"flag"
	"fmt"
	"io"
	"os"
	"time"
)

const usage = `usage:
  tars-host cluster run --dir DIR --spec FILE [--kubeconfig PATH] [--stable] [--owner PID]
                                                                    run a cluster in the foreground; events on standard output
  tars-host cluster stop --dir DIR [--timeout 20s]                  stop it; done also when nothing runs
  tars-host cluster status --dir DIR                                tell, as JSON, whether it runs and where
`

// tokenVariable holds the token with which callers may log in.
const tokenVariable = "TARS_SIMULATOR_TOKEN"

// exitUsage is the code for a command line that makes no sense.
const exitUsage = 2

var commands = map[string]func(arguments []string, out io.Writer) int{"run": runCommand, "stop": stopCommand, "status": statusCommand}

// Main is the command `cluster`.
func Main(arguments []string) int {
	if len(arguments) == 0 || commands[arguments[0]] == nil {
		fmt.Fprint(os.Stderr, usage)
		return exitUsage
	}
	return commands[arguments[0]](arguments[1:], os.Stdout)
}

func runCommand(arguments []string, out io.Writer) int {
	options := RunOptions{Leash: os.Stdin, Out: out}
	set := newFlags("run", &options.Dir)
	set.StringVar(&options.Spec, "spec", "", "file that describes the cluster (JSON)")
	set.StringVar(&options.Kubeconfig, "kubeconfig", "", "where to write the kubeconfig; default: beside DIR")
	set.BoolVar(&options.Stable, "stable", false, "keep address and certificate authority over restarts")
	set.IntVar(&options.Owner, "owner", 0, "process without which the cluster ends, until DIR/kept is there")
	// Not a flag: command lines are for everybody to see.
	options.Token = os.Getenv(tokenVariable)
	if err := parse(set, arguments, "dir", "spec"); err != nil {
		return complain(err, exitUsage)
	}
	return Run(options)
}

func stopCommand(arguments []string, _ io.Writer) int {
	var dir string
	set := newFlags("stop", &dir)
	timeout := set.Duration("timeout", 20*time.Second, "how long to ask before killing")
	if err := parse(set, arguments, "dir"); err != nil {
		return complain(err, exitUsage)
	}
	if err := Stop(dir, *timeout); err != nil {
		return complain(err, exitFailed)
	}
	return exitDone
}

func statusCommand(arguments []string, out io.Writer) int {
	var dir string
	if err := parse(newFlags("status", &dir), arguments, "dir"); err != nil {
		return complain(err, exitUsage)
	}
	status, err := ReadStatus(dir)
	if err != nil {
		return complain(err, exitFailed)
	}
	if err := json.NewEncoder(out).Encode(status); err != nil {
		return complain(fmt.Errorf("writing the status: %w", err), exitFailed)
	}
	return exitDone
}

func newFlags(name string, dir *string) *flag.FlagSet {
	set := flag.NewFlagSet("tars-host cluster "+name, flag.ContinueOnError)
	set.SetOutput(io.Discard)
	set.StringVar(dir, "dir", "", "folder with the cluster's state")
	return set
}

// parse reads flags and insists on the required ones.
func parse(set *flag.FlagSet, arguments []string, required ...string) error {
	if err := set.Parse(arguments); err != nil {
		return fmt.Errorf("%s: %w\n%s", set.Name(), err, usage)
	}
	if set.NArg() > 0 {
		return fmt.Errorf("%s: unexpected argument %q\n%s", set.Name(), set.Arg(0), usage)
	}
	var missing []error
	for _, name := range required {
		if set.Lookup(name).Value.String() == "" {
			missing = append(missing, fmt.Errorf("%s: --%s is missing\n%s", set.Name(), name, usage))
		}
	}
	return errors.Join(missing...)
}

func complain(err error, code int) int {
	fmt.Fprintln(os.Stderr, err)
	return code
}
