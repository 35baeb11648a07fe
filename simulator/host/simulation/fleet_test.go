package simulation

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/client-go/kubernetes/fake"

	"tars-platform/simulator/host/spec"
)

type fleetScene struct {
	*fleet
	client *fake.Clientset
}

func newFleetScene(t *testing.T, static []spec.Node, objects ...runtime.Object) *fleetScene {
	t.Helper()
	v, client := scene(t, objects...)
	made, err := newFleet(client, v, t.TempDir(), static)
	if err != nil {
		t.Fatal(err)
	}
	return &fleetScene{made, client}
}

func (s *fleetScene) write(t *testing.T, name string, value any) {
	t.Helper()
	content, err := json.Marshal(value)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.MkdirAll(filepath.Dir(filepath.Join(s.dir, name)), 0o700); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(s.dir, name), content, 0o600); err != nil {
		t.Fatal(err)
	}
}

// until looks again and again until the nodes, as `name zone`, are those.
func (s *fleetScene) until(t *testing.T, want ...string) {
	t.Helper()
	var names []string
	for deadline := time.Now().Add(10 * time.Second); time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if err := s.tick(t.Context()); err != nil {
			t.Fatal(err)
		}
		nodes, err := s.client.CoreV1().Nodes().List(t.Context(), metav1.ListOptions{})
		if err != nil {
			t.Fatal(err)
		}
		names = nil
		for _, node := range nodes.Items {
			names = append(names, node.Name+" "+node.Labels[corev1.LabelTopologyZone])
		}
		if slices.Sort(names); slices.Equal(names, want) {
			return
		}
	}
	t.Fatalf("got %v, want %v", names, want)
}

func TestFleetKeepsPools(t *testing.T) {
	s := newFleetScene(t, nil)
	s.write(t, "pools/general.json", sized(1, 3, 6, "a", "b"))
	s.until(t, "general-1 a", "general-2 a", "general-3 b")
	s.write(t, lostZonesFile, []string{"a"})
	s.until(t, "general-3 b")
	s.write(t, lostZonesFile, []string{})
	s.until(t, "general-1 a", "general-2 a", "general-3 b")
	s.write(t, "pools/general.json", sized(1, 2, 6, "a", "b"))
	s.until(t, "general-1 a", "general-3 b")
	again, err := newFleet(s.client, s.view, s.dir, nil)
	if err != nil || again.plans["general"].total() != 2 {
		t.Errorf("after a restart the plan is %v, %v", again.plans, err)
	}
	s.write(t, "pools/broken.json", "no pool")
	s.until(t, "general-1 a", "general-3 b")
	if err := os.Remove(filepath.Join(s.dir, "pools/general.json")); err != nil {
		t.Fatal(err)
	}
	s.until(t)
}

func TestFleetTakesStaticNodesAwayWithTheirZone(t *testing.T) {
	machine := *sized(0, 0, 0).Machine(1, "a")
	other := machine
	other.Name, other.Zone = "other", "b"
	s := newFleetScene(t, []spec.Node{machine, other})
	s.write(t, lostZonesFile, []string{"a"})
	if err := ensureMachines(t.Context(), s.client, s.static); err != nil {
		t.Fatal(err)
	}
	s.until(t, "other b")
	s.write(t, lostZonesFile, []string{})
	s.until(t, "general-1 a", "other b")
}

func TestFleetGivesNodesThePoolsLabelsAndTaints(t *testing.T) {
	s := newFleetScene(t, nil)
	pool := sized(1, 1, 1, "a")
	s.write(t, "pools/general.json", pool)
	s.until(t, "general-1 a")
	pool.Labels["team"], pool.Taints = "one", []corev1.Taint{{Key: "k", Value: "v", Effect: corev1.TaintEffectNoSchedule}}
	s.write(t, "pools/general.json", pool)
	deadline := time.Now().Add(10 * time.Second)
	for {
		s.until(t, "general-1 a")
		node, err := s.client.CoreV1().Nodes().Get(t.Context(), "general-1", metav1.GetOptions{})
		if err != nil {
			t.Fatal(err)
		}
		if node.Labels["team"] == "one" && len(node.Spec.Taints) == 1 {
			return
		}
		if time.Now().After(deadline) {
			t.Fatalf("labels %v, taints %v", node.Labels, node.Spec.Taints)
		}
	}
}

func TestDrainAsksPodsToGoAndWaitsForThem(t *testing.T) {
	pool := sized(0, 0, 1, "a")
	node, err := pooledNode(pool, pool.Machine(1, "a"), "198.18.0.10")
	if err != nil {
		t.Fatal(err)
	}
	isController := true
	onNode := func(name, owner string) *corev1.Pod {
		pod := homeless(name, "1")
		pod.Spec.NodeName = node.Name
		pod.OwnerReferences = []metav1.OwnerReference{{Kind: owner, Name: "o", Controller: &isController}}
		return pod
	}
	s := newFleetScene(t, nil, node, onNode("web", "ReplicaSet"), onNode("agent", "DaemonSet"))
	s.write(t, "pools/general.json", pool)
	asked := func() (pods []string) {
		for _, action := range s.client.Actions() {
			if action.GetSubresource() == "eviction" {
				raw, _ := json.Marshal(action)
				for _, name := range []string{"web", "agent"} {
					if strings.Contains(string(raw), name) {
						pods = append(pods, name)
					}
				}
			}
		}
		return pods
	}
	for deadline := time.Now().Add(10 * time.Second); len(asked()) == 0 && time.Now().Before(deadline); time.Sleep(10 * time.Millisecond) {
		if err := s.tick(t.Context()); err != nil {
			t.Fatal(err)
		}
	}
	if got := asked(); !slices.Equal(got, []string{"web"}) {
		t.Fatalf("asked %v to go", got)
	}
	kept, err := s.client.CoreV1().Nodes().Get(t.Context(), node.Name, metav1.GetOptions{})
	if err != nil || !kept.Spec.Unschedulable {
		t.Fatalf("the node is gone or open: %v", err)
	}
	if err := s.client.CoreV1().Pods("n").Delete(t.Context(), "web", metav1.DeleteOptions{}); err != nil {
		t.Fatal(err)
	}
	s.until(t)
}
