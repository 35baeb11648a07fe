package simulation

import (
	"errors"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"sigs.k8s.io/yaml"

	"tars-platform/simulator/host/operators"
	"tars-platform/simulator/host/spec"
)

func TestAllocatable(t *testing.T) {
	cases := []struct{ cpu, memory, storage, wantCPU, wantMemory, wantStorage string }{
		// 60+10+10+10 m; 25 % of 4, 20 % of 4, 10 % of 8, 6 % of 16 GiB and 100 MiB.
		{"8", "32Gi", "100Gi", "7910m", "30432359875", "96636764160"},
		{"1", "1Gi", "10Gi", "940m", "700448768", "9663676420"},
		{"2", "512Mi", "10Gi", "1930m", "164626432", "9663676420"},
	}
	for _, c := range cases {
		capacity, err := Capacity(&spec.Node{Name: "n", CPU: c.cpu, Memory: c.memory, Storage: c.storage, Pods: 110})
		if err != nil {
			t.Fatal(err)
		}
		got := Allocatable(capacity)
		for name, want := range map[corev1.ResourceName]string{
			corev1.ResourceCPU: c.wantCPU, corev1.ResourceMemory: c.wantMemory, corev1.ResourceEphemeralStorage: c.wantStorage, corev1.ResourcePods: "110",
		} {
			quantity := got[name]
			if quantity.AsDec().String() != quantityOf(t, want) {
				t.Errorf("%s of %s/%s: got %s, want %s", name, c.cpu, c.memory, quantity.AsDec(), want)
			}
		}
	}
}

func quantityOf(t *testing.T, text string) string {
	t.Helper()
	quantity, err := resource.ParseQuantity(text)
	if err != nil {
		t.Fatal(err)
	}
	return quantity.AsDec().String()
}

func TestAllocatableGrowsWithCapacityAndNeverExceedsIt(t *testing.T) {
	last := int64(0)
	for gib := int64(1); gib < 2000; gib++ {
		kept := reservedMemory(gib * gibibyte)
		if kept < last || kept >= gib*gibibyte {
			t.Fatalf("%d GiB keep %d bytes, one less keeps %d", gib, kept, last)
		}
		last = kept
	}
}

func TestPool(t *testing.T) {
	p := newPool(balancerNetwork)
	first, err := p.allocate("a/one")
	if err != nil || first.String() != "198.51.100.1" {
		t.Fatalf("got %v, %v", first, err)
	}
	if again, _ := p.allocate("a/one"); again != first {
		t.Errorf("the same key got %s, then %s", first, again)
	}
	if err := p.claim("a/two", "198.51.100.1"); err == nil {
		t.Error("an address in use was given away")
	}
	for _, foreign := range []string{"10.0.0.1", "198.51.100.0", "198.51.100.255", "nonsense"} {
		if err := p.claim("a/two", foreign); err == nil {
			t.Errorf("%s was accepted", foreign)
		}
	}
	if err := p.claim("a/two", "198.51.100.2"); err != nil {
		t.Error(err)
	}
	if third, _ := p.allocate("a/three"); third.String() != "198.51.100.3" {
		t.Errorf("got %s, want the lowest free address", third)
	}
	p.release("a/one")
	if reused, _ := p.allocate("a/four"); reused != first {
		t.Errorf("got %s, want the released %s", reused, first)
	}
}

func TestPoolRunsOut(t *testing.T) {
	p := newPool(balancerNetwork)
	for i := range 254 {
		if _, err := p.allocate(strings.Repeat("x", i+1)); err != nil {
			t.Fatalf("address %d: %v", i, err)
		}
	}
	if _, err := p.allocate("one more"); !errors.Is(err, errNoAddress) {
		t.Errorf("got %v, want %v", err, errNoAddress)
	}
}

func TestStagesAreValidAndCarryTheDelays(t *testing.T) {
	stages, err := Stages(spec.PodStartup{MinMs: 1000, MaxMs: 2000})
	if err != nil {
		t.Fatal(err)
	}
	delays := map[string]struct{ Min, Max int64 }{}
	for _, document := range strings.Split(string(stages), "\n---\n") {
		var stage struct {
			Kind     string
			Metadata struct{ Name string }
			Spec     struct {
				Delay struct{ DurationMilliseconds, JitterDurationMilliseconds int64 }
			}
		}
		if err := yaml.Unmarshal([]byte(document), &stage); err != nil || stage.Kind != "Stage" {
			t.Fatalf("not a stage: %v\n%s", err, document)
		}
		delays[stage.Metadata.Name] = struct{ Min, Max int64 }{stage.Spec.Delay.DurationMilliseconds, stage.Spec.Delay.JitterDurationMilliseconds}
	}
	var total struct{ Min, Max int64 }
	for _, name := range []string{"pod-create", "pod-run", "pod-ready"} {
		total.Min, total.Max = total.Min+delays[name].Min, total.Max+delays[name].Max
	}
	if total.Min != 1000 || total.Max != 2000 {
		t.Errorf("a pod takes %+v, want 1000 to 2000", total)
	}
}

func TestRolesAreNarrow(t *testing.T) {
	for user, rules := range Roles() {
		for _, rule := range rules {
			for _, value := range append(append([]string{}, rule.Verbs...), append(rule.Resources, rule.APIGroups...)...) {
				if value == "secrets" && user == operators.User {
					continue // certificates and copies of secrets are what these make
				}
				if value == "*" || value == "secrets" || value == "escalate" || value == "bind" || value == "impersonate" {
					t.Errorf("%s may %v %v", user, rule.Verbs, rule.Resources)
				}
			}
		}
	}
}
