//go:build unix

package cluster

import (
	"fmt"
	"os"
	"os/exec"
	"strings"
	"syscall"
	"time"

	"tars-platform/simulator/host/programs"
)

// process is one running component.
type process struct {
	name    string
	log     string
	command *exec.Cmd
	ended   chan struct{} // closed when it ended; state is set then
	state   string
}

// startProcess runs a program of this binary as a child that ends with the leash, keeps the lock and writes to its own log.
func (c *cluster) startProcess(name string, arguments []string) (*process, error) {
	path := c.layout.log(name)
	if err := keepPrevious(path); err != nil {
		return nil, err
	}
	log, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return nil, fmt.Errorf("%s: log: %w", name, err)
	}
	defer log.Close() // the child has its own copy
	self, err := os.Executable()
	if err != nil {
		return nil, fmt.Errorf("%s: finding this binary: %w", name, err)
	}
	command := exec.Command(self, arguments...)
	command.Args[0] = name
	command.Env = c.environment()
	command.Dir = c.layout.path("run")
	command.Stdin, command.Stdout, command.Stderr = c.leash, log, log
	command.ExtraFiles = []*os.File{c.lock.file}
	// A group of its own, so that Ctrl-C in a terminal reaches only the supervisor, which stops components in order.
	command.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	if err := command.Start(); err != nil {
		return nil, fmt.Errorf("%s: starting: %w", name, err)
	}
	started := &process{name: name, log: path, command: command, ended: make(chan struct{})}
	go started.wait()
	return started, nil
}

// environment gives components nothing of the user's settings: no kubeconfig, no proxy, no configuration in the home folder.
func (c *cluster) environment() []string {
	return []string{
		"PATH=" + os.Getenv("PATH"),
		"TMPDIR=" + c.layout.path("run"),
		"HOME=" + c.layout.path("run"),
		"KWOK_WORKDIR=" + c.layout.path("run"),
		programs.LeashVariable + "=stdin",
	}
}

func (p *process) wait() {
	_ = p.command.Wait() // what it says is in ProcessState
	p.state = p.command.ProcessState.String()
	close(p.ended)
}

// stop asks, then forces, and returns when the process is gone.
func (p *process) stop(grace time.Duration) {
	_ = p.command.Process.Signal(syscall.SIGTERM) // fails only when it has ended
	select {
	case <-p.ended:
	case <-time.After(grace):
		_ = p.command.Process.Kill()
		<-p.ended
	}
}

// keepPrevious moves the log of the run before aside, to be looked at after a failure that a restart followed.
func keepPrevious(path string) error {
	if err := os.Rename(path, path+".1"); err != nil && !os.IsNotExist(err) {
		return fmt.Errorf("keeping the log of the run before: %w", err)
	}
	return nil
}

// Size of the part of a log that goes into a message.
const (
	tailBytes = 4096
	tailLines = 8
)

// tail gives the last lines of a log.
func tail(path string) string {
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Sprintf("(its log cannot be read: %v)", err)
	}
	if len(content) > tailBytes {
		content = content[len(content)-tailBytes:]
	}
	lines := strings.Split(strings.TrimSpace(string(content)), "\n")
	if len(lines) > tailLines {
		lines = lines[len(lines)-tailLines:]
	}
	return strings.Join(lines, "\n")
}
