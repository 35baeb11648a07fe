//go:build unix

package cluster_test

import (
	"bufio"
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"

	"tars-platform/simulator/host/cluster"
	"tars-platform/simulator/host/programs"
)

// TestMain makes the test binary the multi-call binary: the supervisor runs components with its own executable, which is this one.
func TestMain(m *testing.M) {
	table := programs.ControlPlane()
	table["cluster"] = cluster.Main
	if _, called := table[filepath.Base(os.Args[0])]; called {
		os.Exit(programs.Run(table, os.Args))
	}
	os.Exit(m.Run())
}

const description = `{
	"nodes": [
		{"name":"a","region":"r","zone":"r-1","instanceType":"m","cpu":"8","memory":"32Gi","storage":"100Gi","labels":{"role":"general"}},
		{"name":"b","region":"r","zone":"r-2","cpu":"8","memory":"32Gi","storage":"100Gi","taints":[{"key":"gpu","effect":"NoSchedule"}]}
	],
	"storageClasses": [{"name":"standard","default":true},{"name":"kept","reclaimPolicy":"Retain"}],
	"ingressClasses": ["nginx"],
	"podStartup": {"minMs":50,"maxMs":150}
}`

// patience bounds every wait of these tests; it is no measurement.
const patience = 2 * time.Minute

// supervisor is a running `cluster run`.
type supervisor struct {
	dir     string
	command *exec.Cmd
	leash   *os.File
	events  *bufio.Scanner
	errors  *bytes.Buffer
}

type line struct{ Event, Name, State, APIServer, Kubeconfig, Message, Log string }

func launch(t *testing.T, dir string) *supervisor {
	t.Helper()
	file := filepath.Join(filepath.Dir(dir), "spec.json")
	if err := os.WriteFile(file, []byte(description), 0o600); err != nil {
		t.Fatal(err)
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	command := exec.Command(self, "run", "--dir", dir, "--spec", file)
	command.Args[0] = "cluster"
	errors := &bytes.Buffer{}
	command.Stdin, command.Stderr = read, errors
	out, err := command.StdoutPipe()
	if err != nil {
		t.Fatal(err)
	}
	if err := command.Start(); err != nil {
		t.Fatal(err)
	}
	read.Close()
	s := &supervisor{dir: dir, command: command, leash: write, events: bufio.NewScanner(out), errors: errors}
	t.Cleanup(func() {
		write.Close()
		if err := cluster.Stop(dir, patience); err != nil {
			t.Error(err)
		}
	})
	return s
}

// next reads events up to the first that is no step.
func (s *supervisor) next(t *testing.T) line {
	t.Helper()
	for s.events.Scan() {
		var event line
		if err := json.Unmarshal(s.events.Bytes(), &event); err != nil {
			t.Fatalf("%q is no event: %v", s.events.Text(), err)
		}
		if event.Event != "step" {
			return event
		}
	}
	t.Fatalf("no more events; standard error: %s", s.errors)
	return line{}
}

func (s *supervisor) ready(t *testing.T) *rest.Config {
	t.Helper()
	event := s.next(t)
	if event.Event != "ready" {
		t.Fatalf("not ready: %+v", event)
	}
	config, err := clientcmd.BuildConfigFromFlags("", event.Kubeconfig)
	if err != nil {
		t.Fatal(err)
	}
	config.QPS = -1
	return config
}

// wait gives the exit code.
func (s *supervisor) wait() int {
	_ = s.command.Wait() // a code other than 0 is an error here, and the answer
	return s.command.ProcessState.ExitCode()
}

func clientOf(t *testing.T, config *rest.Config) kubernetes.Interface {
	t.Helper()
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		t.Fatal(err)
	}
	return client
}

// eventually repeats a check until it passes.
func eventually(t *testing.T, what string, check func() error) {
	t.Helper()
	deadline := time.Now().Add(patience)
	for {
		err := check()
		if err == nil {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("%s: %v", what, err)
		}
		time.Sleep(50 * time.Millisecond)
	}
}

func nothingLeft(t *testing.T, dir string, pids []int) {
	t.Helper()
	eventually(t, "the end of all processes", func() error {
		for _, pid := range pids {
			if syscall.Kill(pid, 0) == nil && !zombie(pid) {
				return fmt.Errorf("process %d lives", pid)
			}
		}
		status, err := cluster.ReadStatus(dir)
		if err == nil && status.Running {
			err = fmt.Errorf("the lock is held")
		}
		return err
	})
}

// zombie tells whether a process is dead and only waits for its parent to notice, which in a container may never come.
func zombie(pid int) bool {
	stat, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	return err == nil && strings.Contains(string(stat), ") Z ")
}

func pidsOf(t *testing.T, dir string) []int {
	t.Helper()
	status, err := cluster.ReadStatus(dir)
	if err != nil || !status.Running || status.Record == nil {
		t.Fatalf("status of a ready cluster: %+v, %v", status, err)
	}
	pids := []int{status.PID}
	for _, pid := range status.Components {
		pids = append(pids, pid)
	}
	if len(pids) != 7 {
		t.Fatalf("components: %v", status.Components)
	}
	return pids
}

func TestClusterLives(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cluster")
	first := launch(t, dir)
	config := first.ready(t)
	if _, err := first.leash.WriteString("keep\n"); err != nil {
		t.Fatal(err)
	}
	first.leash.Close() // harmless after "keep"; the rest of the test is the proof
	client := clientOf(t, config)
	pids := pidsOf(t, dir)
	t.Run("nodes", func(t *testing.T) { checkNodes(t, client) })
	t.Run("workload with a disk", func(t *testing.T) { checkWorkload(t, client) })
	t.Run("init containers in order", func(t *testing.T) { checkInitOrder(t, client) })
	t.Run("job completes", func(t *testing.T) { checkJob(t, client) })
	t.Run("addresses", func(t *testing.T) { checkAddresses(t, client) })
	t.Run("nobody anonymous", func(t *testing.T) { checkAnonymous(t, config) })
	t.Run("loopback only", func(t *testing.T) { checkListeners(t, pids) })
	t.Run("second run refused", func(t *testing.T) { checkSecondRun(t, dir) })
	t.Run("secrets encrypted", func(t *testing.T) { checkEncryption(t, client, dir) })
	t.Run("private files", func(t *testing.T) { checkModes(t, dir) })
	t.Run("stop", func(t *testing.T) {
		if err := cluster.Stop(dir, patience); err != nil {
			t.Fatal(err)
		}
		if code := first.wait(); code != 0 {
			t.Errorf("exit code %d: %s", code, first.errors)
		}
		nothingLeft(t, dir, pids)
		if _, err := http.Get(config.Host); err == nil {
			t.Error("the port still answers")
		}
	})
	t.Run("restart keeps objects", func(t *testing.T) { checkRestart(t, dir, config) })
}

func TestKilledSupervisorLeavesNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cluster")
	killed := launch(t, dir)
	killed.ready(t)
	pids := pidsOf(t, dir)
	if err := killed.command.Process.Kill(); err != nil {
		t.Fatal(err)
	}
	killed.wait()
	nothingLeft(t, dir, pids)
	next := launch(t, dir) // and nothing is in the way of the next start
	next.ready(t)
}

func TestLeashEndsTheRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cluster")
	for _, during := range []string{"the start", "the run"} {
		s := launch(t, dir)
		var pids []int
		if during == "the run" {
			s.ready(t)
			pids = pidsOf(t, dir)
		} else if !s.events.Scan() {
			t.Fatal("no first event")
		}
		s.leash.Close()
		if code := s.wait(); code != 130 {
			t.Errorf("during %s: exit code %d, want 130", during, code)
		}
		nothingLeft(t, dir, pids)
		if _, err := os.Stat(filepath.Join(dir, "cluster.json")); !os.IsNotExist(err) {
			t.Errorf("during %s: cluster.json is left", during)
		}
	}
}

func TestDeadComponentEndsTheRun(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cluster")
	s := launch(t, dir)
	s.ready(t)
	pids := pidsOf(t, dir)
	status, err := cluster.ReadStatus(dir)
	if err != nil {
		t.Fatal(err)
	}
	if err := syscall.Kill(status.Components["kube-scheduler"], syscall.SIGKILL); err != nil {
		t.Fatal(err)
	}
	event := s.next(t)
	if event.Event != "failed" || !strings.Contains(event.Message, "kube-scheduler") || filepath.Base(event.Log) != "kube-scheduler.log" {
		t.Errorf("got %+v", event)
	}
	if code := s.wait(); code != 1 {
		t.Errorf("exit code %d, want 1", code)
	}
	nothingLeft(t, dir, pids)
}

func TestBadSpecStartsNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "cluster")
	var out bytes.Buffer
	read, write, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer write.Close()
	code := cluster.Run(cluster.RunOptions{Dir: dir, Spec: filepath.Join(t.TempDir(), "none.json"), Leash: read, Out: &out})
	if code != 1 || !strings.Contains(out.String(), `"event":"failed"`) || !strings.Contains(out.String(), "none.json") {
		t.Errorf("code %d, %s", code, out.String())
	}
}

var background = context.Background()

func podReady(pod *corev1.Pod) bool {
	for _, condition := range pod.Status.Conditions {
		if condition.Type == corev1.PodReady {
			return condition.Status == corev1.ConditionTrue
		}
	}
	return false
}

func (s *supervisor) host(t *testing.T) string {
	t.Helper()
	status, err := cluster.ReadStatus(s.dir)
	if err != nil || status.Record == nil {
		t.Fatalf("status: %+v, %v", status, err)
	}
	return status.APIServer
}
