// Package charts renders Helm charts for people who want to know what is in them before an update has it: which objects, which hooks, which
// values nobody reads. No cluster is asked.
package charts

import (
	"bufio"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"
)

// question is one line of input: a chart as a program declares it.
type question struct {
	// Chart is what Helm takes: a file, a folder, a name in the repository, or an address of a registry.
	Chart   string `json:"chart"`
	Version string `json:"version"`
	// Repo is the address of the repository; empty for files and registries.
	Repo      string         `json:"repo"`
	Release   string         `json:"release"`
	Namespace string         `json:"namespace"`
	Values    map[string]any `json:"values"`
	// Wanted is what the chart must call itself.
	Wanted identity `json:"wanted"`
}

type identity struct {
	Name    string `json:"name"`
	Version string `json:"version"`
}

// answer is one line of output. Either the chart cannot be had, or it was looked at.
type answer struct {
	// Unreachable says why the chart cannot be had.
	Unreachable string `json:"unreachable,omitempty"`
	// Problems are what is wrong with the chart or with its values.
	Problems []string         `json:"problems"`
	Objects  []map[string]any `json:"objects"`
	Hooks    []hook           `json:"hooks"`
	// PodSecurity is the strictest level that lets all its pods in; empty when it has none.
	PodSecurity string `json:"podSecurity,omitempty"`
}

type hook struct {
	Kind   string   `json:"kind"`
	Name   string   `json:"name"`
	Events []string `json:"events"`
}

// patience is how long a chart may take to arrive.
const patience = time.Minute

// Main answers each line of standard input with a line on standard output. It ends with 1 at the first line that makes no sense.
func Main(args []string) int {
	if len(args) > 0 {
		fmt.Fprintln(os.Stderr, "chart-render: takes no arguments; it reads JSON lines from standard input")
		return 2
	}
	out := os.Stdout
	// Helm tells there what it downloads.
	os.Stdout = os.Stderr
	if err := run(os.Stdin, out); err != nil {
		fmt.Fprintf(os.Stderr, "chart-render: %v\n", err)
		return 1
	}
	return 0
}

func run(in io.Reader, out io.Writer) error {
	encoder := json.NewEncoder(out)
	reader := bufio.NewReader(in)
	for number := 1; ; number++ {
		line, readErr := reader.ReadBytes('\n')
		if len(line) > 0 {
			var asked question
			if err := json.Unmarshal(line, &asked); err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
			if err := encoder.Encode(look(asked)); err != nil {
				return fmt.Errorf("line %d: %w", number, err)
			}
		}
		if errors.Is(readErr, io.EOF) {
			return nil
		}
		if readErr != nil {
			return readErr
		}
	}
}

// look fetches a chart and looks at what it makes of its values.
func look(asked question) answer {
	place, err := within(patience, func() (string, error) { return locate(asked) })
	if err != nil {
		return answer{Unreachable: err.Error(), Problems: []string{}, Objects: []map[string]any{}, Hooks: []hook{}}
	}
	return examine(place, asked)
}

// within gives up waiting: what is still under way then ends with the process.
func within[T any](patience time.Duration, work func() (T, error)) (T, error) {
	type outcome struct {
		value T
		err   error
	}
	done := make(chan outcome, 1)
	go func() {
		value, err := work()
		done <- outcome{value, err}
	}()
	select {
	case ended := <-done:
		return ended.value, ended.err
	case <-time.After(patience):
		var none T
		return none, fmt.Errorf("no answer within %s", patience)
	}
}
