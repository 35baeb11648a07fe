package cluster

import (
	"fmt"
	"os"
	"path/filepath"
)

// layout knows where a cluster keeps its files.
type layout struct {
	dir        string // absolute
	kubeconfig string // of the user
}

func newLayout(dir, kubeconfig string) (layout, error) {
	absolute, err := filepath.Abs(dir)
	if err != nil {
		return layout{}, fmt.Errorf("cluster folder %s: %w", dir, err)
	}
	if kubeconfig == "" {
		kubeconfig = filepath.Join(filepath.Dir(absolute), "kubeconfig")
	}
	kubeconfig, err = filepath.Abs(kubeconfig)
	if err != nil {
		return layout{}, fmt.Errorf("kubeconfig %s: %w", kubeconfig, err)
	}
	return layout{dir: absolute, kubeconfig: kubeconfig}, nil
}

func (l layout) path(parts ...string) string {
	return filepath.Join(append([]string{l.dir}, parts...)...)
}
func (l layout) pki(name string) string      { return l.path("pki", name) }
func (l layout) log(component string) string { return l.path("logs", component+".log") }
func (l layout) lock() string                { return l.path("lock") }
func (l layout) record() string              { return l.path("cluster.json") }

// create makes the folders. What only the components may read is closed to others.
func (l layout) create() error {
	for _, folder := range []string{l.dir, l.path("logs"), l.path("etcd"), l.path("run"), filepath.Dir(l.kubeconfig)} {
		if err := os.MkdirAll(folder, 0o700); err != nil {
			return fmt.Errorf("cluster folder: %w; give a folder you may write to with --dir", err)
		}
	}
	return nil
}

// writeAtomically replaces a file in one step, so that a reader sees the old or the new content and an interruption leaves nothing half made.
func writeAtomically(path string, content []byte) error {
	temporary, err := os.CreateTemp(filepath.Dir(path), "."+filepath.Base(path)+".*") // mode 0600
	if err != nil {
		return fmt.Errorf("writing %s: %w", path, err)
	}
	_, err = temporary.Write(content)
	if err == nil {
		err = temporary.Sync()
	}
	if closing := temporary.Close(); err == nil {
		err = closing
	}
	if err == nil {
		err = os.Rename(temporary.Name(), path)
	}
	if err != nil {
		os.Remove(temporary.Name())
		return fmt.Errorf("writing %s: %w", path, err)
	}
	return nil
}
