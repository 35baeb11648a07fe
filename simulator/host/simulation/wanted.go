package simulation

import (
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"k8s.io/klog/v2"

	"tars-platform/simulator/host/spec"
)

// Files in a cluster's folder with which a simulated cloud says what it wants; each is replaced as a whole.
const (
	poolsFolder   = "pools"           // one file a pool, NAME.json
	lostZonesFile = "lost-zones.json" // list of the zones whose machines are down
	planFile      = "plan.json"       // the fleet's own memory
)

// wanted is what the cloud wants at one moment.
type wanted struct {
	pools map[string]*spec.Pool
	lost  map[string]bool
}

// readWanted reads a cluster's folder. A pool that cannot be used is said once, and left as it is.
func (f *fleet) readWanted() (*wanted, error) {
	found := &wanted{pools: map[string]*spec.Pool{}, lost: map[string]bool{}}
	var zones []string
	if err := readJSON(filepath.Join(f.dir, lostZonesFile), &zones); err != nil {
		return nil, err
	}
	for _, zone := range zones {
		found.lost[zone] = true
	}
	entries, err := os.ReadDir(filepath.Join(f.dir, poolsFolder))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("pools: %w", err)
	}
	for _, entry := range entries {
		name, isPool := strings.CutSuffix(entry.Name(), ".json")
		if !isPool {
			continue
		}
		pool, err := f.readPool(filepath.Join(f.dir, poolsFolder, entry.Name()))
		if err != nil {
			return nil, err
		}
		if pool != nil {
			found.pools[name] = pool
		}
	}
	return found, nil
}

// readPool gives nil for a file that was just removed, and the last good pool for one that cannot be used.
func (f *fleet) readPool(file string) (*spec.Pool, error) {
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, fmt.Errorf("pool: %w", err)
	}
	last := f.read[file]
	if last != nil && last.content == string(content) {
		return last.pool, nil
	}
	pool, err := spec.ParsePool(file, content)
	if err != nil {
		klog.ErrorS(err, "the pool stays as it was")
		if last != nil {
			pool = last.pool
		}
	}
	f.read[file] = &readFile{content: string(content), pool: pool}
	return pool, nil
}

// readJSON leaves the value alone where there is no such file.
func readJSON(file string, value any) error {
	content, err := os.ReadFile(file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil
	}
	if err == nil {
		err = json.Unmarshal(content, value)
	}
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	return nil
}
