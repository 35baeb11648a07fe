package simulation

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"tars-platform/simulator/host/spec"
)

// poolPlan says how many nodes a pool has in each zone. It outlives the program: what the scaler added stays.
type poolPlan struct {
	// Desired is what the cloud wanted last: only a change of it sets the size anew.
	Desired int            `json:"desired"`
	Zones   map[string]int `json:"zones"`
}

// follow brings a plan (nil for a new pool) in line with what is wanted.
func (p *poolPlan) follow(pool *spec.Pool, lost map[string]bool) *poolPlan {
	if p == nil {
		p = &poolPlan{Desired: -1, Zones: map[string]int{}}
	}
	size := p.total()
	for zone := range p.Zones {
		if !slices.Contains(pool.Zones, zone) {
			delete(p.Zones, zone)
		}
	}
	if p.Desired != pool.Nodes.Desired {
		size, p.Desired = pool.Nodes.Desired, pool.Nodes.Desired
	}
	p.resize(pool.Zones, max(size, pool.Nodes.Min))
	// What was added for a lost zone goes when the zone is back.
	for p.standing(lost) > pool.Nodes.Max {
		p.Zones[fullest(p.Zones, without(pool.Zones, lost))]--
	}
	return p
}

// resize spreads a change of size evenly: into the emptiest zones, out of the fullest.
func (p *poolPlan) resize(zones []string, size int) {
	for p.total() < size {
		p.Zones[emptiest(p.Zones, zones)]++
	}
	for p.total() > size {
		p.Zones[fullest(p.Zones, zones)]--
	}
}

func (p *poolPlan) total() int { return p.standing(nil) }

// standing counts the nodes outside of lost zones.
func (p *poolPlan) standing(lost map[string]bool) int {
	sum := 0
	for zone, count := range p.Zones {
		if !lost[zone] {
			sum += count
		}
	}
	return sum
}

func without(zones []string, lost map[string]bool) []string {
	return slices.DeleteFunc(slices.Clone(zones), func(zone string) bool { return lost[zone] })
}

// emptiest is the first of the zones with the fewest nodes, fullest the last with the most.
func emptiest(counts map[string]int, zones []string) string {
	return slices.MinFunc(zones, func(a, b string) int { return counts[a] - counts[b] })
}

func fullest(counts map[string]int, zones []string) string {
	reversed := slices.Clone(zones)
	slices.Reverse(reversed)
	return slices.MaxFunc(reversed, func(a, b string) int { return counts[a] - counts[b] })
}

// savePlans is done before nodes are made, so that a restart never makes more.
func (f *fleet) savePlans() error {
	content, err := json.Marshal(f.plans)
	if err != nil {
		return fmt.Errorf("plan of the pools: %w", err)
	}
	if string(content) == f.saved {
		return nil
	}
	file := filepath.Join(f.dir, planFile)
	if err := os.WriteFile(file+".new", content, 0o600); err != nil {
		return fmt.Errorf("plan of the pools: %w", err)
	}
	if err := os.Rename(file+".new", file); err != nil {
		return fmt.Errorf("plan of the pools: %w", err)
	}
	f.saved = string(content)
	return nil
}
