package operators

import (
	"context"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

const gatewayGroup = "gateway.networking.k8s.io"

var (
	gatewayV1       = schema.GroupVersion{Group: gatewayGroup, Version: "v1"}
	gatewayClasses  = gatewayV1.WithResource("gatewayclasses")
	gateways        = gatewayV1.WithResource("gateways")
	httpRoutes      = gatewayV1.WithResource("httproutes")
	grpcRoutes      = gatewayV1.WithResource("grpcroutes")
	referenceGrants = gatewayV1.WithResource("referencegrants")
)

// gatewayManager is istiod's name as a manager of fields, and that of its controller of gateways.
const gatewayManager = "istio.io/gateway-controller"

// gatewayClass is what istiod does for a class (gatewaycommon/classinfo.go).
type gatewayClass struct {
	name, controller, description string
	// serviceType is that of the Service before it; empty for a gateway that is elsewhere.
	serviceType string
	// suffixed names end with the class.
	suffixed bool
	// waypoint handles traffic inside of the mesh.
	waypoint bool
}

// builtinClasses are those that istiod makes when ambient mode is on, without its networks of several clusters.
var builtinClasses = []gatewayClass{
	{name: "istio", controller: gatewayManager, description: "The default Istio GatewayClass", serviceType: "LoadBalancer", suffixed: true},
	{name: "istio-waypoint", controller: "istio.io/mesh-controller", description: "The default Istio waypoint GatewayClass", serviceType: "ClusterIP", waypoint: true},
	{name: "istio-remote", controller: "istio.io/unmanaged-gateway", description: "Remote to this cluster. Does not deploy or affect configuration."},
}

// gatewayOperator is istiod's part for the Gateway API, after pilot/pkg/config/kube/gateway and gatewaycommon of istio 1.30.3.
func gatewayOperator() *operator {
	return &operator{
		name:       "gateway",
		controller: labels.Set{"app": "istiod"},
		subjects: []subject{
			{"GatewayClass", gatewayClasses, syncGatewayClass},
			{"Gateway", gateways, syncGateway},
			{"HTTPRoute", httpRoutes, routeSync(httpRoutes)},
			{"GRPCRoute", grpcRoutes, routeSync(grpcRoutes)},
		},
		looksAt: []schema.GroupVersionResource{services, endpointSlices, secrets, configMaps, namespaces, referenceGrants},
		begin:   makeGatewayClasses,
		rights: []rbacv1.PolicyRule{
			rule(gatewayGroup, []string{"create"}, "gatewayclasses"),
			rule("", []string{"get", "create", "patch"}, "services", "serviceaccounts"),
			rule("apps", []string{"get", "create", "patch"}, "deployments"),
			rule("autoscaling", []string{"get", "create", "patch"}, "horizontalpodautoscalers"),
			rule("policy", []string{"get", "create", "patch"}, "poddisruptionbudgets"),
		},
	}
}

func makeGatewayClasses(ctx context.Context, w *world) error {
	if w.store(gatewayClasses) == nil {
		return nil
	}
	for _, class := range builtinClasses {
		if w.get(gatewayClasses, "", class.name) != nil {
			continue
		}
		object := &unstructured.Unstructured{Object: map[string]any{
			"apiVersion": gatewayV1.String(), "kind": "GatewayClass",
			"metadata": map[string]any{"name": class.name},
			"spec":     map[string]any{"controllerName": class.controller, "description": class.description},
		}}
		if _, err := w.write(gatewayClasses, "").Create(ctx, object, metav1.CreateOptions{}); err != nil {
			return ignoreExisting(err)
		}
	}
	return nil
}

func syncGatewayClass(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	controller, _, _ := unstructured.NestedString(object.Object, "spec", "controllerName")
	if classOfController(controller) == nil {
		return nil
	}
	var status struct {
		Conditions        []condition `json:"conditions,omitempty"`
		SupportedFeatures []any       `json:"supportedFeatures,omitempty"`
	}
	if err := read(object, &status, "status"); err != nil {
		return err
	}
	status.Conditions = merged(status.Conditions, condition{Type: "Accepted", Status: conditionTrue, Reason: "Accepted",
		Message: "Handled by Istio controller", ObservedGeneration: object.GetGeneration()})
	return w.setStatus(ctx, gatewayClasses, object, status)
}

func classOfController(controller string) *gatewayClass {
	for index := range builtinClasses {
		if builtinClasses[index].controller == controller {
			return &builtinClasses[index]
		}
	}
	return nil
}

// classOf is how istiod handles a class; nil when it is another controller's. A class of its own need not be there yet.
func classOf(w *world, name string) *gatewayClass {
	if object := w.get(gatewayClasses, "", name); object != nil {
		controller, _, _ := unstructured.NestedString(object.Object, "spec", "controllerName")
		return classOfController(controller)
	}
	for index := range builtinClasses {
		if builtinClasses[index].name == name {
			return &builtinClasses[index]
		}
	}
	return nil
}

// gatewaySpec is what is read of a Gateway.
type gatewaySpec struct {
	GatewayClassName string
	Listeners        []listener
	Addresses        []struct {
		Type  *string
		Value string
	}
	Infrastructure *struct {
		Labels, Annotations map[string]string
		ParametersRef       *struct{ Group, Kind, Name string }
	}
}

type listener struct {
	Name     string
	Hostname string
	Port     int64
	Protocol string
	TLS      *struct {
		Mode            string
		CertificateRefs []reference
		Options         map[string]string
	}
	AllowedRoutes *struct {
		Namespaces *struct {
			From     string
			Selector *metav1.LabelSelector
		}
		Kinds []routeKind
	}
}

// reference names another object; what it leaves out goes without saying.
type reference struct {
	Group, Kind, Namespace *string
	Name                   string
	Port                   *int64
}

func (r reference) group(unsaid string) string     { return said(r.Group, unsaid) }
func (r reference) kind(unsaid string) string      { return said(r.Kind, unsaid) }
func (r reference) namespace(unsaid string) string { return said(r.Namespace, unsaid) }

func said(value *string, unsaid string) string {
	if value == nil {
		return unsaid
	}
	return *value
}

type routeKind struct {
	Group string `json:"group"`
	Kind  string `json:"kind"`
}

// managed says whether istiod makes the proxies: an address that is a name points to proxies that somebody else makes.
func (g *gatewaySpec) managed() bool {
	switch len(g.Addresses) {
	case 0:
		return true
	case 1:
		kind := g.Addresses[0].Type
		return kind == nil || *kind == "IPAddress"
	default:
		return false
	}
}

// proxyName is the name of what stands for a gateway.
func proxyName(gateway *unstructured.Unstructured, class *gatewayClass, spec *gatewaySpec) string {
	if name := gateway.GetAnnotations()["gateway.istio.io/name-override"]; name != "" {
		return name
	}
	return defaultProxyName(gateway, class, spec)
}

func defaultProxyName(gateway *unstructured.Unstructured, class *gatewayClass, spec *gatewaySpec) string {
	if class.suffixed {
		return gateway.GetName() + "-" + spec.GatewayClassName
	}
	return gateway.GetName()
}

func syncGateway(ctx context.Context, w *world, gateway *unstructured.Unstructured) error {
	spec := &gatewaySpec{}
	if err := read(gateway, spec, "spec"); err != nil {
		return err
	}
	class := classOf(w, spec.GatewayClassName)
	if class == nil || gateway.GetDeletionTimestamp() != nil {
		return nil
	}
	var made error
	if class.serviceType != "" && spec.managed() {
		made = makeProxy(ctx, w, gateway, class, spec)
	}
	// What could not be made shows in the status: the Service is not there.
	if err := showGateway(ctx, w, gateway, class, spec); err != nil {
		return err
	}
	return made
}
