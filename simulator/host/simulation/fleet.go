package simulation

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/klog/v2"

	"tars-platform/simulator/host/spec"
)

const (
	// poolLabel names the pool of a node.
	poolLabel = "simulator.tars-platform/pool"
	// fleetEvery is the pause between two looks at what is wanted.
	fleetEvery = 200 * time.Millisecond
)

// fleet does what node groups and scale sets of a cloud do: it keeps every pool at the size of its plan, and all zones without their machines
// while they are lost.
type fleet struct {
	client kubernetes.Interface
	dir    string // of the cluster; empty when nothing is wanted of it
	static []spec.Node
	view   *view
	scaler *scaler
	plans  map[string]*poolPlan
	saved  string
	read   map[string]*readFile
	alive  map[string]bool // static nodes by name
	// evicted is when the pods of a node were last asked to go.
	evicted map[string]time.Time
}

// readFile is what a file of a pool held when it was read last.
type readFile struct {
	content string
	pool    *spec.Pool
}

func newFleet(client kubernetes.Interface, view *view, dir string, static []spec.Node) (*fleet, error) {
	made := &fleet{client: client, dir: dir, static: static, view: view, scaler: newScaler(view), plans: map[string]*poolPlan{},
		read: map[string]*readFile{}, alive: map[string]bool{}, evicted: map[string]time.Time{}}
	return made, readJSON(filepath.Join(dir, planFile), &made.plans)
}

func (f *fleet) run(ctx context.Context) {
	said := ""
	for {
		if err := f.tick(ctx); err != nil && ctx.Err() == nil && err.Error() != said {
			klog.ErrorS(err, "fleet: will try again")
			said = err.Error()
		}
		select {
		case <-ctx.Done():
			return
		case <-time.After(fleetEvery):
		}
	}
}

// tick brings everything one step closer to what is wanted.
func (f *fleet) tick(ctx context.Context) error {
	if err := f.view.look(); err != nil {
		return err
	}
	wanted, err := f.readWanted()
	if err != nil {
		return err
	}
	for name, pool := range wanted.pools {
		f.plans[name] = f.plans[name].follow(pool, wanted.lost)
	}
	if err := f.scaler.grow(wanted, f.plans); err != nil {
		return err
	}
	if err := f.scaler.shrink(ctx, f, wanted); err != nil {
		return err
	}
	if err := f.savePlans(); err != nil {
		return err
	}
	if err := f.keepStatic(ctx, wanted.lost); err != nil {
		return err
	}
	return f.keepPools(ctx, wanted)
}

// keepStatic takes the nodes of the spec away while their zone is lost.
func (f *fleet) keepStatic(ctx context.Context, lost map[string]bool) error {
	for i := range f.static {
		node := &f.static[i]
		alive, known := f.alive[node.Name]
		if known && alive != lost[node.Zone] || !known && !lost[node.Zone] {
			continue
		}
		if lost[node.Zone] {
			if err := f.terminate(ctx, node.Name); err != nil {
				return err
			}
		} else if err := ensureMachine(ctx, f.client, node, i); err != nil {
			return fmt.Errorf("node %s: %w", node.Name, err)
		}
		f.alive[node.Name] = !lost[node.Zone]
	}
	return nil
}

// terminate removes a node as the controller of a cloud does that finds no machine behind it.
func (f *fleet) terminate(ctx context.Context, name string) error {
	err := f.client.CoreV1().Nodes().Delete(ctx, name, metav1.DeleteOptions{})
	if err != nil && !apierrors.IsNotFound(err) {
		return fmt.Errorf("removing node %s: %w", name, err)
	}
	return nil
}

func (f *fleet) keepPools(ctx context.Context, wanted *wanted) error {
	nodes, err := f.view.pooledNodes()
	if err != nil {
		return err
	}
	names := slices.Collect(maps.Keys(nodes))
	names = slices.AppendSeq(names, maps.Keys(f.plans))
	slices.Sort(names)
	for _, name := range slices.Compact(names) {
		if err := f.keepPool(ctx, name, wanted, nodes[name]); err != nil {
			return fmt.Errorf("pool %s: %w", name, err)
		}
		if wanted.pools[name] == nil && len(nodes[name]) == 0 {
			delete(f.plans, name)
		}
	}
	return nil
}

// keepPool makes the nodes that a pool lacks and takes away what is too many, of another kind, or in a zone that is lost.
func (f *fleet) keepPool(ctx context.Context, name string, wanted *wanted, nodes []*corev1.Node) error {
	pool := wanted.pools[name]
	byZone := map[string][]*corev1.Node{}
	for _, node := range nodes {
		zone := node.Labels[corev1.LabelTopologyZone]
		byZone[zone] = append(byZone[zone], node)
	}
	for zone, found := range byZone {
		target := 0
		if pool != nil {
			target = f.plans[name].Zones[zone]
		}
		if err := f.keepZone(ctx, pool, found, target, wanted.lost[zone]); err != nil {
			return err
		}
	}
	if pool == nil {
		return nil
	}
	for _, zone := range without(pool.Zones, wanted.lost) {
		for range f.plans[name].Zones[zone] - len(byZone[zone]) {
			if err := f.addNode(ctx, pool, zone); err != nil {
				return err
			}
		}
	}
	return nil
}

func (f *fleet) keepZone(ctx context.Context, pool *spec.Pool, nodes []*corev1.Node, target int, lost bool) error {
	// Those on their way out go first, then what is of another kind, then the youngest.
	slices.SortFunc(nodes, func(a, b *corev1.Node) int {
		return cmp.Or(leaving(a, pool)-leaving(b, pool), numberOf(a)-numberOf(b))
	})
	for i, node := range nodes {
		var err error
		switch {
		case lost:
			err = f.terminate(ctx, node.Name)
		case i >= target || pool == nil || outdated(node, pool):
			err = f.drain(ctx, node)
		default:
			err = f.keepNode(ctx, pool, node)
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// addNode makes the pool's next node: the lowest number that no node has. The view is told at once, as a watch takes its time.
func (f *fleet) addNode(ctx context.Context, pool *spec.Pool, zone string) error {
	number, address, err := f.view.place(pool.Name)
	if err != nil {
		return err
	}
	node, err := pooledNode(pool, pool.Machine(number, zone), address)
	if err != nil {
		return err
	}
	klog.InfoS("adding a node", "node", node.Name, "zone", zone)
	if err := putNode(ctx, f.client, node); err != nil {
		return fmt.Errorf("node %s: %w", node.Name, err)
	}
	f.view.expect(node)
	return nil
}
