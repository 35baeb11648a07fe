package programs

import (
	"os"
	"slices"
	"testing"
)

func TestRunPicksByNameThenByFirstArgument(t *testing.T) {
	defer func(saved []string) { os.Args = saved }(os.Args)
	cases := []struct {
		name string
		args []string
		code int
		seen []string
	}{
		{"a link's name", []string{"/bin/one", "-x"}, 7, []string{"-x"}},
		{"the first argument", []string{"/bin/tars-host", "one", "-x"}, 7, []string{"-x"}},
		{"the link's name wins", []string{"one", "two"}, 7, []string{"two"}},
		{"neither", []string{"tars-host", "three"}, 2, nil},
		{"nothing at all", []string{"tars-host"}, 2, nil},
	}
	for _, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			var seen []string
			table := Table{"one": func(args []string) int { seen = args; return 7 }, "two": func([]string) int { return 8 }}
			if code := Run(table, c.args); code != c.code || !slices.Equal(seen, c.seen) {
				t.Errorf("got code %d and arguments %q, want %d and %q", code, seen, c.code, c.seen)
			}
		})
	}
}

func TestControlPlaneIsComplete(t *testing.T) {
	table := ControlPlane()
	for _, name := range []string{"etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok", "kubectl", "simulation"} {
		if table[name] == nil {
			t.Errorf("%s is not linked in", name)
		}
	}
}
