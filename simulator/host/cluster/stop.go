//go:build unix

package cluster

import (
	"context"
	"fmt"
	"syscall"
	"time"
)

// killTimeout is how long killed processes may take to be gone.
const killTimeout = 10 * time.Second

// Stop ends the cluster of a folder and returns when none of its processes is left. It is no error when nothing runs. After the timeout it
// stops asking and kills.
func Stop(dir string, timeout time.Duration) error {
	place, err := newLayout(dir, "")
	if err != nil {
		return err
	}
	stopped, err := signalUntilFree(place, syscall.SIGTERM, timeout)
	if err != nil {
		return err
	}
	if !stopped {
		stopped, err = signalUntilFree(place, syscall.SIGKILL, killTimeout)
	}
	if err != nil {
		return err
	}
	if !stopped {
		return fmt.Errorf("processes of the cluster in %s survived being killed for %s; see who holds %s", place.dir, killTimeout, place.lock())
	}
	return removeRecord(place)
}

// signalUntilFree signals the supervisor, when killing also the components it recorded, and tells whether the lock became free in time.
func signalUntilFree(place layout, signal syscall.Signal, timeout time.Duration) (bool, error) {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	signalled := map[int]bool{}
	for {
		running, err := held(place.lock())
		if err != nil || !running {
			return err == nil, err
		}
		for _, pid := range processesOf(place, signal == syscall.SIGKILL) {
			if !signalled[pid] {
				_ = syscall.Kill(pid, signal) // gone already is as good
				signalled[pid] = true
			}
		}
		if pause(ctx, pollEvery) != nil {
			return false, nil
		}
	}
}

// processesOf may be asked only while the lock is held: then the process ids in the files are those of the cluster.
func processesOf(place layout, components bool) []int {
	var pids []int
	if pid := readHolder(place.lock()); pid != 0 {
		pids = append(pids, pid)
	}
	record, err := readRecord(place)
	if !components || err != nil || record == nil {
		return pids
	}
	for _, pid := range record.Components {
		pids = append(pids, pid)
	}
	return pids
}
