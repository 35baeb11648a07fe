package spec

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

const node = `{"name":"a","region":"r","zone":"r-a","cpu":"8","memory":"32Gi","storage":"100Gi"}`

func read(t *testing.T, content string) (*Spec, error) {
	t.Helper()
	file := filepath.Join(t.TempDir(), "spec.json")
	if err := os.WriteFile(file, []byte(content), 0o600); err != nil {
		t.Fatal(err)
	}
	return Read(file)
}

func TestReadCompletesWhatIsLeftOut(t *testing.T) {
	spec, err := read(t, `{"nodes":[`+node+`],"storageClasses":[{"name":"standard"}]}`)
	if err != nil {
		t.Fatal(err)
	}
	if spec.ServiceCIDR != "10.4.0.0/14" || spec.PodCIDR != "10.0.0.0/14" || spec.PodStartup.MaxMs <= spec.PodStartup.MinMs {
		t.Errorf("networks or start-up not completed: %+v", spec)
	}
	if spec.Nodes[0].Pods != 110 || spec.Nodes[0].Architecture != "amd64" || spec.StorageClasses[0].ReclaimPolicy != "Delete" {
		t.Errorf("node or class not completed: %+v", spec)
	}
}

func TestReadReportsEveryProblemAtOnce(t *testing.T) {
	_, err := read(t, `{"nods":[],"nodes":[`+node+`,`+node+`,{"name":"B_","region":"","zone":"z","cpu":"many","memory":"-1","storage":"0","pods":900,
		"labels":{"bad key":"x"},"taints":[{"key":"k","effect":"Sometimes"}]}],
		"storageClasses":[{"name":"s","default":true,"reclaimPolicy":"Shred"},{"name":"s","default":true}],
		"ingressClasses":["nginx","nginx"],"podStartup":{"minMs":5,"maxMs":1},"serviceCidr":"10.0.0.0/16","podCidr":"10.0.0.0/14"}`)
	var problems *Problems
	if !errors.As(err, &problems) {
		t.Fatalf("got %v, want problems", err)
	}
	for _, place := range []string{"key: ", "nodes[1].name", "nodes[2].name", "nodes[2].region", "nodes[2].cpu", "nodes[2].memory", "nodes[2].storage",
		"nodes[2].pods", "nodes[2].labels", "nodes[2].taints[0].effect", "storageClasses[0].reclaimPolicy", "storageClasses[1].name", "storageClasses: ",
		"ingressClasses[1]", "podStartup", "serviceCidr"} {
		if !strings.Contains(err.Error(), "\n  "+place) {
			t.Errorf("no problem reported at %q in:\n%v", place, err)
		}
	}
	if !strings.Contains(err.Error(), `"many"`) || !strings.Contains(err.Error(), `for example "8"`) {
		t.Errorf("value or fix is missing in:\n%v", err)
	}
}

func TestReadRefuses(t *testing.T) {
	cases := map[string]struct{ content, says string }{
		"no JSON":          {`nodes:`, "not JSON"},
		"wrong type":       {`{"nodes":"three"}`, "not JSON of the expected shape"},
		"host bits":        {`{"nodes":[` + node + `],"podCidr":"10.0.0.1/14"}`, "no host bits"},
		"IPv6":             {`{"nodes":[` + node + `],"serviceCidr":"fd00::/112"}`, "IPv4"},
		"too many nodes":   {`{"nodes":[` + node + `,` + strings.Replace(node, `"a"`, `"b"`, 1) + `],"podCidr":"10.0.0.0/24"}`, "room for 1 nodes"},
		"case of a key":    {`{"Nodes":[` + node + `],"nodes":[` + node + `]}`, "unknown field"},
		"unknown node key": {`{"nodes":[{"disk":"1Gi",` + node[1:] + `]}`, "disk"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			if _, err := read(t, c.content); err == nil || !strings.Contains(err.Error(), c.says) {
				t.Errorf("got %v, want an error with %q", err, c.says)
			}
		})
	}
	if _, err := Read(filepath.Join(t.TempDir(), "none.json")); err == nil || !strings.Contains(err.Error(), "--spec") {
		t.Errorf("missing file: got %v, want the flag to be named", err)
	}
}

const pool = `{"name":"gpu","machineType":"g5.xlarge","region":"r","zones":["r-a","r-b"],"capacity":{"cpu":"4","memory":"16Gi","storage":"100Gi","pods":58},
	"devices":{"nvidia.com/gpu":1},"allocatable":{"cpu":"3920m","memory":"14Gi","storage":"90Gi"},"nodes":{"min":0,"max":4,"desired":2},
	"labels":{"node-type":"gpu"},"taints":[{"key":"nvidia.com/gpu","value":"present","effect":"NoSchedule"}]}`

func TestParsePool(t *testing.T) {
	read, err := ParsePool("gpu.json", []byte(pool))
	if err != nil {
		t.Fatal(err)
	}
	machine := read.Machine(3, "r-b")
	if machine.Name != "gpu-3" || machine.Zone != "r-b" || machine.InstanceType != "g5.xlarge" || machine.Devices["nvidia.com/gpu"] != 1 {
		t.Errorf("got %+v", machine)
	}
	for from, says := range map[string]string{
		`"desired":2`: "must be 0 <= min <= desired <= max", `["r-a","r-b"]`: "at least one zone", `"pods":58`: "1 to 250", `"cpu":"3920m"`: "allocatable.cpu",
		`"nvidia.com/gpu":1`: "at least 1", `"region":"r"`: "unknown field",
	} {
		to := map[string]string{`"desired":2`: `"desired":5`, `["r-a","r-b"]`: `[]`, `"pods":58`: `"pods":300`, `"cpu":"3920m"`: `"cpu":"much"`,
			`"nvidia.com/gpu":1`: `"nvidia.com/gpu":0`, `"region":"r"`: `"area":"r"`}[from]
		if _, err := ParsePool("gpu.json", []byte(strings.Replace(pool, from, to, 1))); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: got %v, want an error with %q", to, err, says)
		}
	}
}
