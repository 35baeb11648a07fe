package simulation

import (
	"bytes"
	_ "embed"
	"fmt"
	"text/template"

	"tars-platform/simulator/host/spec"
)

// stagesTemplate is kwok's configuration: what happens to nodes and pods, when. Its own templates are in {{ }}, ours in << >>.
//
//go:embed stages.yaml
var stagesTemplate string

// delay is a range in milliseconds.
type delay struct{ Min, Max int64 }

// shares of the start-up time, in per cent: pulling and creating, starting, and the readiness probe. An init container takes as long as
// creating does.
const (
	createShare = 20
	startShare  = 40
	readyShare  = 40
)

// Stages writes kwok's configuration for the given start-up times.
func Stages(startup spec.PodStartup) ([]byte, error) {
	share := func(percent int64) delay { return delay{startup.MinMs * percent / 100, startup.MaxMs * percent / 100} }
	parsed, err := template.New("stages").Delims("<<", ">>").Parse(stagesTemplate)
	if err != nil {
		return nil, fmt.Errorf("stages of pods: %w", err)
	}
	var stages bytes.Buffer
	err = parsed.Execute(&stages, map[string]delay{"Create": share(createShare), "Start": share(startShare), "Ready": share(readyShare)})
	if err != nil {
		return nil, fmt.Errorf("stages of pods: %w", err)
	}
	return stages.Bytes(), nil
}
