package cluster

import (
	"encoding/json"
	"errors"
	"io"
	"sync"
	"time"
)

// event is one line on standard output.
type event struct {
	Event      string `json:"event"` // step, ready or failed
	Name       string `json:"name,omitempty"`
	State      string `json:"state,omitempty"` // of a step: started or ready
	APIServer  string `json:"apiServer,omitempty"`
	Kubeconfig string `json:"kubeconfig,omitempty"`
	PID        int    `json:"pid,omitempty"`
	Message    string `json:"message,omitempty"`
	Log        string `json:"log,omitempty"`
	ElapsedMs  int64  `json:"elapsedMs"` // since the start of the supervisor
}

type reporter struct {
	mutex sync.Mutex
	out   *json.Encoder
	begin time.Time
}

func newReporter(out io.Writer) *reporter {
	return &reporter{out: json.NewEncoder(out), begin: time.Now()}
}

// send writes an event. A reader that went away is no reason to stop a cluster, so a failed write is left to the leash to notice.
func (r *reporter) send(e event) {
	r.mutex.Lock()
	defer r.mutex.Unlock()
	e.ElapsedMs = time.Since(r.begin).Milliseconds()
	_ = r.out.Encode(e)
}

func (r *reporter) step(name, state string) { r.send(event{Event: "step", Name: name, State: state}) }

// fail tells why a run ended, and which log says more.
func (r *reporter) fail(err error) {
	failed := event{Event: "failed", Message: err.Error()}
	var died *componentDied
	if errors.As(err, &died) {
		failed.Log = died.log
	}
	r.send(failed)
}
