package kubernetes

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// untyped hands an object to the engine as it is.
type untyped map[string]any

// ElementType makes untyped an input.
func (untyped) ElementType() reflect.Type { return reflect.TypeFor[map[string]any]() }

// prepare expands lists, checks that every object says what it is, and gives namespaced ones their namespace.
func (p *provider) prepare(objects []*unstructured.Unstructured, args componentArgs) ([]*unstructured.Unstructured, error) {
	objects, err := expandLists(objects)
	if err != nil {
		return nil, err
	}
	namespace := args.text("namespace")
	if namespace == "" {
		namespace = p.settings.namespace
	}
	for _, object := range objects {
		kind := objectKind(object)
		if kind.Kind == "" || kind.GroupVersion().Empty() {
			return nil, fmt.Errorf("Kubernetes resources require a kind and apiVersion: `%s`", excerpt(object)) //nolint:staticcheck // official text
		}
		if object.GetName() == "" {
			return nil, fmt.Errorf("Kubernetes resources require a .metadata.name: `%s`", excerpt(object)) //nolint:staticcheck // official text
		}
		object.SetGroupVersionKind(kind)
		if object.GetNamespace() != "" {
			continue
		}
		if namespaced, known := p.namespaced(kind, objects...); known && namespaced {
			object.SetNamespace(namespace)
		}
	}
	return objects, nil
}

func expandLists(objects []*unstructured.Unstructured) ([]*unstructured.Unstructured, error) {
	var expanded []*unstructured.Unstructured
	for _, object := range objects {
		if !object.IsList() {
			expanded = append(expanded, object)
			continue
		}
		list, err := object.ToList()
		if err != nil {
			return nil, fmt.Errorf("YAML object is invalid: `%s`: %w", excerpt(object), err)
		}
		items := make([]*unstructured.Unstructured, len(list.Items))
		for index := range list.Items {
			items[index] = &list.Items[index]
		}
		inner, err := expandLists(items)
		if err != nil {
			return nil, err
		}
		expanded = append(expanded, inner...)
	}
	return expanded, nil
}

// excerpt names an object in an error: its kind and metadata, never its data, and at most 100 characters.
func excerpt(object *unstructured.Unstructured) string {
	text := fmt.Sprintf("%s %s %v", object.GetAPIVersion(), object.GetKind(), object.Object["metadata"])
	if runes := []rune(text); len(runes) > 100 {
		return string(runes[:97]) + "..."
	}
	return text
}

// register registers the objects as children, each after what it depends on.
func register(
	ctx *pulumi.Context, parent *componentState, objects []*unstructured.Unstructured, args componentArgs,
) (pulumi.ArrayOutput, error) {
	dependencies, order, err := dependencyOrder(objects)
	if err != nil {
		return pulumi.ArrayOutput{}, err
	}
	prefix := args.name
	if given, found := args.values["resourcePrefix"].(string); found {
		prefix = given
	}
	children := make(map[int]pulumi.Resource, len(objects))
	resources := pulumi.Array{}
	for _, index := range order {
		options := []pulumi.ResourceOption{pulumi.Parent(parent)}
		var needed []pulumi.Resource
		for _, dependency := range dependencies[index] {
			needed = append(needed, children[dependency])
		}
		if len(needed) > 0 {
			options = append(options, pulumi.DependsOn(needed))
		}
		child, err := registerChild(ctx, objects[index], prefix, args, options)
		if err != nil {
			return pulumi.ArrayOutput{}, err
		}
		children[index] = child
		resources = append(resources, pulumi.NewResourceOutput(child))
	}
	return resources.ToArrayOutputWithContext(ctx.Context()), nil
}

func registerChild(
	ctx *pulumi.Context, object *unstructured.Unstructured, prefix string, args componentArgs, options []pulumi.ResourceOption,
) (pulumi.Resource, error) {
	if args.flag("skipAwait") {
		setMetadata(object, "annotations", annotationSkipAwait, "true")
	}
	switch policy := annotation(object, annotationResourcePolicy); policy {
	case "":
	case "keep":
		options = append(options, pulumi.RetainOnDelete(true))
	default:
		args.warn(fmt.Sprintf("Unsupported Helm resource policy %q", policy))
	}
	fields := untyped(object.Object)
	if isCore(object, "Secret") {
		for _, key := range []string{"data", "stringData"} {
			if value, found := fields[key]; found {
				fields[key] = pulumi.ToSecret(value)
			}
		}
	}
	child := &pulumi.CustomResourceState{}
	return child, ctx.RegisterResource(childType(object), childName(object, prefix), fields, child, options...)
}

// annotationResourcePolicy tells Helm, and Pulumi, to leave an object when its chart goes.
// https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource
const annotationResourcePolicy = "helm.sh/resource-policy"

// childType is the type token of an object: kubernetes:apps/v1:Deployment, and core/v1 for the core group.
func childType(object *unstructured.Unstructured) string {
	version := object.GetAPIVersion()
	if !strings.Contains(version, "/") {
		version = "core/" + version
	}
	return fmt.Sprintf("%s:%s:%s", packageName, version, object.GetKind())
}

// childName is prefix:namespace/name, without the parts that are empty.
func childName(object *unstructured.Unstructured, prefix string) string {
	name := identifier(object)
	if prefix == "" {
		return name
	}
	return prefix + ":" + name
}
