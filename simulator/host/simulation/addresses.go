package simulation

import (
	"errors"
	"fmt"
	"net/netip"
)

// Addresses that no machine has. Those of machines come from the range for benchmarks (RFC 2544), those that clients would use from ranges for
// documentation (RFC 5737), so that nothing real is ever meant.
var (
	machineNetwork  = netip.MustParsePrefix("198.18.0.0/15")
	ingressNetwork  = netip.MustParsePrefix("192.0.2.0/24")
	balancerNetwork = netip.MustParsePrefix("198.51.100.0/24")
)

// errNoAddress means that the range is used up.
var errNoAddress = errors.New("no address is left")

func machineAddress(index int) string { return nth(machineNetwork, index+10).String() }

// ingressAddress is that of the ingress controller for the class at a place in the spec's list.
func ingressAddress(index int) string { return nth(ingressNetwork, index+10).String() }

func nth(network netip.Prefix, n int) netip.Addr {
	bytes := network.Addr().As4()
	value := uint32(bytes[0])<<24 | uint32(bytes[1])<<16 | uint32(bytes[2])<<8 | uint32(bytes[3])
	value += uint32(n)
	return netip.AddrFrom4([4]byte{byte(value >> 24), byte(value >> 16), byte(value >> 8), byte(value)})
}

// pool hands out the host addresses of a network, the lowest free one first. A key keeps its address until it is released.
type pool struct {
	network netip.Prefix
	byKey   map[string]netip.Addr
	byAddr  map[netip.Addr]string
}

func newPool(network netip.Prefix) *pool {
	return &pool{network: network, byKey: map[string]netip.Addr{}, byAddr: map[netip.Addr]string{}}
}

// claim gives the key the address it asks for, or says why not. An address is also claimed this way when an object already shows it.
func (p *pool) claim(key, wanted string) error {
	address, err := netip.ParseAddr(wanted)
	if err != nil || !p.network.Contains(address) || address == p.network.Addr() || address == p.last() {
		return fmt.Errorf("%q is no host address of %s", wanted, p.network)
	}
	if user, used := p.byAddr[address]; used && user != key {
		return fmt.Errorf("%s belongs to %s", address, user)
	}
	p.release(key)
	p.byKey[key], p.byAddr[address] = address, key
	return nil
}

// allocate gives the key's address, a new one if it has none.
func (p *pool) allocate(key string) (netip.Addr, error) {
	if address, has := p.byKey[key]; has {
		return address, nil
	}
	for address := p.network.Addr().Next(); address != p.last(); address = address.Next() {
		if _, used := p.byAddr[address]; !used {
			p.byKey[key], p.byAddr[address] = address, key
			return address, nil
		}
	}
	return netip.Addr{}, fmt.Errorf("%w in %s; %d are in use", errNoAddress, p.network, len(p.byKey))
}

func (p *pool) release(key string) {
	delete(p.byAddr, p.byKey[key])
	delete(p.byKey, key)
}

func (p *pool) last() netip.Addr { return nth(p.network, 1<<(32-p.network.Bits())-1) }
