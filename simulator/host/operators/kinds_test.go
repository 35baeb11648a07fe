package operators_test

import (
	"encoding/json"
	"os"
	"reflect"
	"testing"

	"tars-platform/simulator/host/operators"
	"tars-platform/simulator/host/standins"
)

func TestTheTableOfKindsNamesTheOperators(t *testing.T) {
	content, err := os.ReadFile("../../standins/kinds.json")
	if err != nil {
		t.Fatal(err)
	}
	table := map[string]map[string]string{}
	if err := json.Unmarshal(content, &table); err != nil {
		t.Fatal(err)
	}
	acting := map[string]map[string]string{}
	for group, kinds := range table {
		for kind, operator := range kinds {
			if operator == standins.Passive {
				continue
			}
			if acting[group] == nil {
				acting[group] = map[string]string{}
			}
			acting[group][kind] = operator
		}
	}
	if want := operators.Kinds(); !reflect.DeepEqual(acting, want) {
		t.Errorf("kinds.json says %v, the operators act on %v", acting, want)
	}
}
