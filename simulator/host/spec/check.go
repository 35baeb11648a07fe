package spec

import (
	"fmt"
	"net/netip"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	"k8s.io/apimachinery/pkg/util/validation"
)

// Limits of a spec. A node's pods get a /24, so a pod network has 2^(24-bits) of them; kube-apiserver refuses service networks over /12.
const (
	nodeMaskBits         = 24
	widestServiceNetwork = 12
	narrowestService     = 24
	longestStartupMs     = 10 * 60 * 1000
	mostPods             = 250
)

var taintEffects = []string{string(corev1.TaintEffectNoSchedule), string(corev1.TaintEffectPreferNoSchedule), string(corev1.TaintEffectNoExecute)}

type checker struct{ problems []Problem }

func (c *checker) add(place string, value any, fix string) {
	text, isText := value.(string)
	if isText {
		text = strconv.Quote(text)
	} else {
		text = fmt.Sprint(value)
	}
	c.problems = append(c.problems, Problem{Place: place, Value: text, Fix: fix})
}

func (c *checker) name(place, value string) {
	for _, message := range validation.IsDNS1123Subdomain(value) {
		c.add(place, value, message)
	}
}

func (c *checker) labelValue(place, value string) {
	for _, message := range validation.IsValidLabelValue(value) {
		c.add(place, value, message)
	}
}

func (c *checker) unique(seen map[string]bool, place, value string) {
	if seen[value] {
		c.add(place, value, "is used twice; give each its own name")
	}
	seen[value] = true
}

// Check lists everything wrong with a completed spec.
func (s *Spec) Check() []Problem {
	c := &checker{}
	c.nodes(s.Nodes)
	c.storageClasses(s.StorageClasses)
	seen := map[string]bool{}
	for i, class := range s.IngressClasses {
		place := fmt.Sprintf("ingressClasses[%d]", i)
		c.name(place, class)
		c.unique(seen, place, class)
	}
	c.startup(s.PodStartup)
	c.networks(s)
	return c.problems
}

func (c *checker) nodes(nodes []Node) {
	seen := map[string]bool{}
	for i, node := range nodes {
		place := fmt.Sprintf("nodes[%d]", i)
		c.unique(seen, place+".name", node.Name)
		c.node(place, &node)
	}
}

func (c *checker) node(place string, node *Node) {
	c.name(place+".name", node.Name)
	c.place(place+".region", node.Region)
	c.place(place+".zone", node.Zone)
	c.labelValue(place+".instanceType", node.InstanceType)
	c.labelValue(place+".architecture", node.Architecture)
	c.amounts(place, Amounts{CPU: node.CPU, Memory: node.Memory, Storage: node.Storage})
	if node.Allocatable != nil {
		c.amounts(place+".allocatable", *node.Allocatable)
	}
	for device, count := range node.Devices {
		for _, message := range validation.IsQualifiedName(device) {
			c.add(place+".devices", device, message)
		}
		if count < 1 {
			c.add(place+".devices."+device, count, "must be at least 1; leave out what the machine does not have")
		}
	}
	if node.Pods < 1 || node.Pods > mostPods {
		c.add(place+".pods", node.Pods, fmt.Sprintf("must be 1 to %d: a node has 254 pod addresses", mostPods))
	}
	c.labels(place+".labels", node.Labels)
	c.taints(place+".taints", node.Taints)
}

func (c *checker) amounts(place string, amounts Amounts) {
	c.quantity(place+".cpu", amounts.CPU, "8")
	c.quantity(place+".memory", amounts.Memory, "32Gi")
	c.quantity(place+".storage", amounts.Storage, "100Gi")
}

func (c *checker) place(place, value string) {
	if value == "" {
		c.add(place, value, "say where the node stands; disks and spreading need it")
	}
	c.labelValue(place, value)
}

func (c *checker) quantity(place, value, example string) {
	quantity, err := resource.ParseQuantity(value)
	if err != nil || quantity.Sign() <= 0 {
		c.add(place, value, fmt.Sprintf("must be a positive Kubernetes quantity, for example %q", example))
	}
}

func (c *checker) labels(place string, labels map[string]string) {
	for key, value := range labels {
		for _, message := range validation.IsQualifiedName(key) {
			c.add(place, key, message)
		}
		c.labelValue(place+"."+key, value)
	}
}

func (c *checker) taints(place string, taints []corev1.Taint) {
	for i, taint := range taints {
		at := fmt.Sprintf("%s[%d]", place, i)
		for _, message := range validation.IsQualifiedName(taint.Key) {
			c.add(at+".key", taint.Key, message)
		}
		c.labelValue(at+".value", taint.Value)
		if !slices.Contains(taintEffects, string(taint.Effect)) {
			c.add(at+".effect", string(taint.Effect), "must be one of "+strings.Join(taintEffects, ", "))
		}
	}
}

func (c *checker) storageClasses(classes []StorageClass) {
	seen, defaults := map[string]bool{}, 0
	for i, class := range classes {
		place := fmt.Sprintf("storageClasses[%d]", i)
		c.name(place+".name", class.Name)
		c.unique(seen, place+".name", class.Name)
		if class.ReclaimPolicy != "Delete" && class.ReclaimPolicy != "Retain" {
			c.add(place+".reclaimPolicy", class.ReclaimPolicy, "must be Delete or Retain")
		}
		if class.Default {
			defaults++
		}
	}
	if defaults > 1 {
		c.add("storageClasses", fmt.Sprintf("%d defaults", defaults), "mark at most one class as default")
	}
}

func (c *checker) startup(startup PodStartup) {
	if startup.MinMs < 0 || startup.MaxMs < startup.MinMs || startup.MaxMs > longestStartupMs {
		c.add("podStartup", fmt.Sprintf("minMs %d, maxMs %d", startup.MinMs, startup.MaxMs),
			fmt.Sprintf("must be 0 <= minMs <= maxMs <= %d", longestStartupMs))
	}
}

func (c *checker) networks(s *Spec) {
	services, servicesOK := c.network("serviceCidr", s.ServiceCIDR, widestServiceNetwork, narrowestService)
	pods, podsOK := c.network("podCidr", s.PodCIDR, 8, nodeMaskBits)
	if servicesOK && podsOK && services.Overlaps(pods) {
		c.add("serviceCidr", s.ServiceCIDR, "must not overlap podCidr "+s.PodCIDR)
	}
	if !podsOK {
		return
	}
	if room := 1 << (nodeMaskBits - pods.Bits()); len(s.Nodes) > room {
		c.add("podCidr", s.PodCIDR, fmt.Sprintf("has room for %d nodes of a /%d each, the spec has %d", room, nodeMaskBits, len(s.Nodes)))
	}
}

func (c *checker) network(place, value string, widest, narrowest int) (netip.Prefix, bool) {
	prefix, err := netip.ParsePrefix(value)
	if err != nil || !prefix.Addr().Is4() || prefix != prefix.Masked() || prefix.Bits() < widest || prefix.Bits() > narrowest {
		c.add(place, value, fmt.Sprintf("must be an IPv4 network from /%d to /%d with no host bits, for example 10.4.0.0/14", widest, narrowest))
		return netip.Prefix{}, false
	}
	return prefix, true
}
