//go:build unix

package cluster

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"syscall"
	"time"
)

// The lock of a cluster is a flock on DIR/lock. The supervisor takes it and every component inherits the open file, so it is free exactly when
// no process of the cluster is left, whatever happened to the supervisor.

// heirsLinger is how long components may need to notice that their supervisor is gone.
const heirsLinger = 10 * time.Second

// pollEvery is the pause between two looks at something that cannot be waited for.
const pollEvery = 50 * time.Millisecond

// errHeld means that a process of the cluster still lives.
var errHeld = errors.New("the cluster's lock is held")

type lock struct{ file *os.File }

// holder is what the supervisor writes into the lock's file.
type holder struct {
	PID int `json:"pid"`
}

// takeLock takes the lock for the rest of the process's life. When only orphans of a killed supervisor hold it, it waits for their end.
func takeLock(ctx context.Context, path string) (*lock, error) {
	deadline := time.Now().Add(heirsLinger)
	for {
		taken, err := tryLock(path, syscall.LOCK_EX)
		if err == nil {
			return taken, taken.sign()
		}
		if !errors.Is(err, errHeld) {
			return nil, err
		}
		pid := readHolder(path)
		if pid != 0 && alive(pid) || time.Now().After(deadline) {
			return nil, fmt.Errorf("another cluster (process %d) is running on %s; stop it with `cluster stop` or give another folder", pid, path)
		}
		if err := pause(ctx, pollEvery); err != nil {
			return nil, err
		}
	}
}

// tryLock takes the lock in the given mode or fails with errHeld.
func tryLock(path string, mode int) (*lock, error) {
	file, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE, 0o600)
	if err != nil {
		return nil, fmt.Errorf("cluster lock: %w", err)
	}
	err = syscall.Flock(int(file.Fd()), mode|syscall.LOCK_NB)
	if err == nil {
		return &lock{file: file}, nil
	}
	file.Close()
	if errors.Is(err, syscall.EWOULDBLOCK) {
		return nil, errHeld
	}
	return nil, fmt.Errorf("cluster lock %s: %w", path, err)
}

// held tells whether a process of the cluster lives. A folder without a lock never had one.
func held(path string) (bool, error) {
	if _, err := os.Stat(path); errors.Is(err, os.ErrNotExist) {
		return false, nil
	}
	taken, err := tryLock(path, syscall.LOCK_SH)
	if errors.Is(err, errHeld) {
		return true, nil
	}
	if err != nil {
		return false, err
	}
	return false, taken.release()
}

func (l *lock) sign() error {
	content, err := json.Marshal(holder{PID: os.Getpid()})
	if err == nil {
		err = l.file.Truncate(0)
	}
	if err == nil {
		_, err = l.file.WriteAt(content, 0)
	}
	if err != nil {
		return fmt.Errorf("cluster lock %s: %w", l.file.Name(), err)
	}
	return nil
}

func (l *lock) release() error {
	if err := l.file.Close(); err != nil {
		return fmt.Errorf("cluster lock: %w", err)
	}
	return nil
}

// readHolder gives the process that signed the lock, or 0 while nobody did.
func readHolder(path string) int {
	file, err := os.Open(path)
	if err != nil {
		return 0
	}
	defer file.Close()
	var signed holder
	if err := json.NewDecoder(io.LimitReader(file, 1024)).Decode(&signed); err != nil {
		return 0 // between taking and signing
	}
	return signed.PID
}

func alive(pid int) bool {
	err := syscall.Kill(pid, 0)
	return err == nil || errors.Is(err, syscall.EPERM)
}

func pause(ctx context.Context, duration time.Duration) error {
	select {
	case <-ctx.Done():
		return context.Cause(ctx)
	case <-time.After(duration):
		return nil
	}
}
