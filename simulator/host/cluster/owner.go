//go:build unix

package cluster

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"
)

// ownerEvery is the pause between two looks at the owner.
const ownerEvery = 500 * time.Millisecond

// keptFile in a cluster's folder says that the cluster stays without its owner.
const keptFile = "kept"

// followOwner ends the run when its owner ends before the cluster is kept. The owner is not who started the run: a cluster that a plugin starts
// outlives the plugin, but not the session that the plugin worked for.
func followOwner(ctx context.Context, owner int, kept string, cancel context.CancelCauseFunc) {
	if owner == 0 {
		return
	}
	began := beganAt(owner)
	for pause(ctx, ownerEvery) == nil {
		// In this order: an owner that keeps the cluster and ends has done both before this look.
		lives := alive(owner) && beganAt(owner) == began
		if _, err := os.Stat(kept); err == nil {
			return
		}
		if !lives {
			cancel(errLeash)
			return
		}
	}
}

// beganAt tells a process from a later one with its number (field 22 of proc_pid_stat(5)); empty where there is no /proc. A process that only waits
// for its parent to notice its end has ended.
func beganAt(pid int) string {
	content, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", pid))
	if err != nil {
		return ""
	}
	fields := strings.Fields(string(content[strings.LastIndex(string(content), ")")+1:]))
	if len(fields) < 20 || fields[0] == "Z" {
		return "ended"
	}
	return fields[19]
}
