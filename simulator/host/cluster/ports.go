package cluster

import (
	"fmt"
	"net"
)

// ports a cluster listens on, all on loopback.
type ports struct{ apiServer, etcdClient, etcdPeer int }

// freePorts asks the system for ports nobody uses. All are held at once so that they differ, and let go just before use; in the moment between
// somebody else may take one, so the start is tried again with others when that happens.
func freePorts() (ports, error) {
	var found [3]int
	for i := range found {
		listener, err := net.Listen("tcp", net.JoinHostPort(loopback, "0"))
		if err != nil {
			return ports{}, fmt.Errorf("finding a free port on %s: %w", loopback, err)
		}
		defer listener.Close()
		address, ok := listener.Addr().(*net.TCPAddr)
		if !ok {
			return ports{}, fmt.Errorf("finding a free port on %s: unexpected address %v", loopback, listener.Addr())
		}
		found[i] = address.Port
	}
	return ports{apiServer: found[0], etcdClient: found[1], etcdPeer: found[2]}, nil
}

func url(port int) string { return fmt.Sprintf("https://%s:%d", loopback, port) }
