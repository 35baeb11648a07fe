package kubernetes

import (
	"fmt"
	"sync"

	"k8s.io/apimachinery/pkg/api/meta"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/apimachinery/pkg/version"
	"k8s.io/client-go/discovery"
	"k8s.io/client-go/discovery/cached/memory"
	"k8s.io/client-go/dynamic"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/restmapper"

	"tars-platform/simulator/host/kubernetes/await"
)

// cluster is a connection to one API server: what kinds it serves, and clients for their objects.
type cluster struct {
	config    *rest.Config
	discovery discovery.CachedDiscoveryInterface
	mapper    *restmapper.DeferredDiscoveryRESTMapper
	dynamic   dynamic.Interface
	feeds     *await.Feeds
	version   *version.Info

	definitions definitions
}

// newCluster connects; the error says why the API server cannot be used.
func newCluster(config *rest.Config) (*cluster, error) {
	disco, err := discovery.NewDiscoveryClientForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("failed to initialize discovery client: %w", err)
	}
	client, err := dynamic.NewForConfig(config)
	if err != nil {
		return nil, fmt.Errorf("failed to initialize dynamic client: %w", err)
	}
	info, err := disco.ServerVersion()
	if err != nil {
		return nil, fmt.Errorf("unable to load schema information from the API server: %w", err)
	}
	cached := memory.NewMemCacheClient(disco)
	return &cluster{
		config: config, discovery: cached, mapper: restmapper.NewDeferredDiscoveryRESTMapper(cached),
		dynamic: client, feeds: await.NewFeeds(client), version: info,
	}, nil
}

// resource is a client for an object's kind and namespace. Kinds are looked up afresh once when they are unknown, because
// a definition may have been created since.
func (c *cluster) resource(object *unstructured.Unstructured) (dynamic.ResourceInterface, error) {
	kind := object.GroupVersionKind()
	mapping, err := c.mapping(kind)
	if err != nil {
		return nil, err
	}
	if mapping.Scope.Name() == meta.RESTScopeNameNamespace {
		return c.dynamic.Resource(mapping.Resource).Namespace(namespaceOrDefault(object.GetNamespace())), nil
	}
	return c.dynamic.Resource(mapping.Resource), nil
}

func (c *cluster) mapping(kind schema.GroupVersionKind) (*meta.RESTMapping, error) {
	mapping, err := c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	if err != nil {
		c.mapper.Reset()
		mapping, err = c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	}
	return mapping, err
}

// serves says whether the API server knows a kind now.
func (c *cluster) serves(kind schema.GroupVersionKind) bool {
	_, err := c.mapper.RESTMapping(kind.GroupKind(), kind.Version)
	return err == nil
}

// forget drops what is known about kinds, after a definition changed.
func (c *cluster) forget() { c.mapper.Reset() }

// definitions remembers the CustomResourceDefinitions that the program declares, so that the scope of their kinds is known
// before they exist.
type definitions struct {
	lock   sync.Mutex
	scopes map[schema.GroupKind]string
}

func (d *definitions) add(definition *unstructured.Unstructured) {
	kind, scope := definedKind(definition)
	d.lock.Lock()
	defer d.lock.Unlock()
	if d.scopes == nil {
		d.scopes = map[schema.GroupKind]string{}
	}
	d.scopes[kind] = scope
}

func (d *definitions) scope(kind schema.GroupKind) (string, bool) {
	d.lock.Lock()
	defer d.lock.Unlock()
	scope, found := d.scopes[kind]
	return scope, found
}

// definedKind is the kind and scope ("Namespaced" or "Cluster") that a CustomResourceDefinition declares.
func definedKind(definition *unstructured.Unstructured) (schema.GroupKind, string) {
	group, _, _ := unstructured.NestedString(definition.Object, "spec", "group")
	name, _, _ := unstructured.NestedString(definition.Object, "spec", "names", "kind")
	scope, _, _ := unstructured.NestedString(definition.Object, "spec", "scope")
	return schema.GroupKind{Group: group, Kind: name}, scope
}

// namespaced says whether objects of a kind live in a namespace; known is false when nobody can tell yet. The order is
// the official one: built-in kinds, definitions in the program, the API server.
func (p *provider) namespaced(kind schema.GroupVersionKind, beside ...*unstructured.Unstructured) (namespaced, known bool) {
	if builtIn(kind.GroupVersion()) {
		return !clusterScoped[trimPatch(kind.Kind)], true
	}
	for _, object := range beside {
		if isDefinition(object) {
			if defined, scope := definedKind(object); defined == kind.GroupKind() {
				return scope == "Namespaced", true
			}
		}
	}
	if p.cluster == nil {
		return false, false
	}
	if scope, found := p.cluster.definitions.scope(kind.GroupKind()); found {
		return scope == "Namespaced", true
	}
	mapping, err := p.cluster.mapping(kind)
	if err != nil {
		return false, false
	}
	return mapping.Scope.Name() == meta.RESTScopeNameNamespace, true
}
