package cluster

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"time"
)

// Record is what DIR/cluster.json says while a cluster is ready.
type Record struct {
	PID        int            `json:"pid"`
	APIServer  string         `json:"apiServer"`
	Kubeconfig string         `json:"kubeconfig"`
	StartedAt  time.Time      `json:"startedAt"`
	Components map[string]int `json:"components"` // process ids
}

func (c *cluster) writeRecord() error {
	record := Record{PID: os.Getpid(), APIServer: url(c.ports.apiServer), Kubeconfig: c.layout.kubeconfig, StartedAt: c.begin.UTC(),
		Components: map[string]int{}}
	for _, running := range c.processes {
		record.Components[running.name] = running.command.Process.Pid
	}
	content, err := json.MarshalIndent(record, "", "  ")
	if err != nil {
		return fmt.Errorf("cluster record: %w", err)
	}
	return writeAtomically(c.layout.record(), append(content, '\n'))
}

// readRecord gives nil when there is none.
func readRecord(l layout) (*Record, error) {
	content, err := os.ReadFile(l.record())
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("cluster record: %w", err)
	}
	record := &Record{}
	if err := json.Unmarshal(content, record); err != nil {
		return nil, fmt.Errorf("cluster record %s: %w; remove the file", l.record(), err)
	}
	return record, nil
}

func removeRecord(l layout) error {
	if err := os.Remove(l.record()); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("cluster record: %w", err)
	}
	return nil
}
