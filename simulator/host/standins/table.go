// Package standins says what takes the place of what a simulator run cannot reach or cannot run: charts, upstream manifests, and the operators that act
// on custom resources.
package standins

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/apimachinery/pkg/runtime/schema"
	"sigs.k8s.io/yaml"
)

// Variable names the file of the run's table. Without it nothing is stood in for and every kind is taken.
const Variable = "TARS_SIMULATOR_STANDINS"

// Passive is what the table of kinds says of a kind that nobody has to act on: the object being there is all there is to see.
const Passive = "passive"

// file is the run's table as the session writes it.
type file struct {
	// Charts is a folder; each folder in it is a chart.
	Charts string `json:"charts"`
	// Kinds is a file: group -> kind -> stand-in operator, or "passive".
	Kinds string `json:"kinds"`
	// Definitions has, by the address of an upstream manifest, the file on this machine that holds the same objects.
	Definitions map[string]string `json:"definitions"`
	// Mirrors are the prefixes of chart references that can be reached.
	Mirrors []string `json:"mirrors"`
}

// chart is a chart by what its source calls it; the version is without the "v" that some put before it.
type chart struct{ name, version string }

// Table is what stands in for what.
type Table struct {
	charts      map[chart]string
	kinds       map[string]map[string]string
	definitions map[string]string
	mirrors     []string
}

// FromEnvironment reads the run's table; nil when the run has none.
func FromEnvironment() (*Table, error) {
	path := os.Getenv(Variable)
	if path == "" {
		return nil, nil
	}
	return Load(path)
}

// Load reads a table and the charts and kinds that it names.
func Load(path string) (*Table, error) {
	var described file
	if err := readJSON(path, &described); err != nil {
		return nil, err
	}
	charts, err := readCharts(described.Charts)
	if err != nil {
		return nil, err
	}
	kinds := map[string]map[string]string{}
	if err := readJSON(described.Kinds, &kinds); err != nil {
		return nil, err
	}
	return &Table{charts: charts, kinds: kinds, definitions: described.Definitions, mirrors: described.Mirrors}, nil
}

func readJSON(path string, value any) error {
	content, err := os.ReadFile(path)
	if err != nil {
		return fmt.Errorf("table of stand-ins: %w", err)
	}
	if err := json.Unmarshal(content, value); err != nil {
		return fmt.Errorf("table of stand-ins: %s: %w", path, err)
	}
	return nil
}

// readCharts finds the charts of a folder by what their Chart.yaml says; a folder that is not there has none.
func readCharts(folder string) (map[chart]string, error) {
	entries, err := os.ReadDir(folder)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("stand-in charts: %w", err)
	}
	charts := map[chart]string{}
	for _, entry := range entries {
		if !entry.IsDir() {
			continue
		}
		place := filepath.Join(folder, entry.Name())
		found, err := readChart(place)
		if err != nil {
			return nil, err
		}
		if other, taken := charts[found]; taken {
			return nil, fmt.Errorf("stand-in charts: %s and %s are both %s %s", other, place, found.name, found.version)
		}
		charts[found] = place
	}
	return charts, nil
}

func readChart(folder string) (chart, error) {
	var described struct{ Name, Version string }
	path := filepath.Join(folder, "Chart.yaml")
	content, err := os.ReadFile(path)
	if err != nil {
		return chart{}, fmt.Errorf("stand-in charts: %w", err)
	}
	if err := yaml.Unmarshal(content, &described); err != nil {
		return chart{}, fmt.Errorf("stand-in charts: %s: %w", path, err)
	}
	if described.Name == "" || described.Version == "" {
		return chart{}, fmt.Errorf("stand-in charts: %s has no name or no version", path)
	}
	return chart{described.Name, strings.TrimPrefix(described.Version, "v")}, nil
}

// Operator is who acts on objects of a kind in the simulator: a stand-in operator, or Passive. A kind that the table does not have is an error: an
// object that nobody acts on would look as if it worked.
func (t *Table) Operator(kind schema.GroupKind) (string, error) {
	if operator := t.kinds[kind.Group][kind.Kind]; operator != "" {
		return operator, nil
	}
	return "", fmt.Errorf("the simulator has no stand-in for the custom resource kind %s of %s, so nothing would act on it\n"+
		"  fix: add it to simulator/standins/kinds.json: as %q when nothing has to act on it, else with the operator in simulator/host/operators that does",
		kind.Kind, kind.Group, Passive)
}
