//go:build unix

package cluster

import (
	"context"
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
	"time"
)

func TestLockIsHeldOnceAndNamesItsHolder(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	if running, err := held(path); running || err != nil {
		t.Fatalf("no lock yet: %v, %v", running, err)
	}
	taken, err := takeLock(context.Background(), path)
	if err != nil {
		t.Fatal(err)
	}
	if readHolder(path) != os.Getpid() {
		t.Errorf("signed by %d", readHolder(path))
	}
	if running, err := held(path); !running || err != nil {
		t.Errorf("held: %v, %v", running, err)
	}
	if _, err := takeLock(context.Background(), path); err == nil || !strings.Contains(err.Error(), "another cluster") {
		t.Errorf("second holder: %v", err)
	}
	if err := taken.release(); err != nil {
		t.Fatal(err)
	}
	if running, _ := held(path); running {
		t.Error("still held after release")
	}
}

func TestLockWaitsForOrphans(t *testing.T) {
	path := filepath.Join(t.TempDir(), "lock")
	orphan, err := tryLock(path, syscall.LOCK_EX) // not signed: no supervisor lives
	if err != nil {
		t.Fatal(err)
	}
	impatient, cancel := context.WithTimeout(context.Background(), 3*pollEvery)
	defer cancel()
	if _, err := takeLock(impatient, path); !errors.Is(err, context.DeadlineExceeded) {
		t.Errorf("did not wait: %v", err)
	}
	time.AfterFunc(3*pollEvery, func() { orphan.release() })
	taken, err := takeLock(context.Background(), path)
	if err != nil {
		t.Fatalf("did not get the lock after the orphan's end: %v", err)
	}
	if err := taken.release(); err != nil {
		t.Fatal(err)
	}
}

func TestStopAndStatusOfNothing(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "never")
	if err := Stop(dir, time.Second); err != nil {
		t.Error(err)
	}
	status, err := ReadStatus(dir)
	if err != nil || status.Running || status.Record != nil {
		t.Errorf("%+v, %v", status, err)
	}
}

func TestStatusDoesNotBelieveTheRecordOfTheDead(t *testing.T) {
	place, err := newLayout(t.TempDir(), "")
	if err != nil {
		t.Fatal(err)
	}
	if err := writeAtomically(place.record(), []byte(`{"pid":1}`)); err != nil {
		t.Fatal(err)
	}
	if status, err := ReadStatus(place.dir); err != nil || status.Running || status.Record != nil {
		t.Errorf("%+v, %v", status, err)
	}
}
