package kubernetes

import (
	"fmt"
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// annotationDependsOn names objects of the same set that must come first: group/kind/name or
// group/namespaces/namespace/kind/name, separated by commas.
// https://github.com/kubernetes-sigs/cli-utils#resource-ordering
const annotationDependsOn = "config.kubernetes.io/depends-on"

// dependencyOrder finds what each object of a set needs of the others (its namespace, its kind's definition, what its
// annotation names) and an order in which everything comes after what it needs, otherwise as given.
func dependencyOrder(objects []*unstructured.Unstructured) (dependencies map[int][]int, order []int, err error) {
	dependencies = map[int][]int{}
	for index, object := range objects {
		needed, err := dependenciesOf(object, objects)
		if err != nil {
			return nil, nil, err
		}
		dependencies[index] = needed
	}
	placed := map[int]bool{}
	for len(order) < len(objects) {
		before := len(order)
		for index := range objects {
			if !placed[index] && !slices.ContainsFunc(dependencies[index], func(needed int) bool { return !placed[needed] }) {
				placed[index] = true
				order = append(order, index)
			}
		}
		if len(order) == before {
			return nil, nil, fmt.Errorf("cyclic dependency among objects with the annotation %s", annotationDependsOn)
		}
	}
	return dependencies, order, nil
}

func dependenciesOf(object *unstructured.Unstructured, objects []*unstructured.Unstructured) ([]int, error) {
	var needed []int
	for index, other := range objects {
		if other == object {
			continue
		}
		isNamespace := isCore(other, "Namespace") && other.GetName() == object.GetNamespace()
		if isNamespace || definesKindOf(other, object) {
			needed = append(needed, index)
		}
	}
	for _, reference := range strings.Split(annotation(object, annotationDependsOn), ",") {
		if reference = strings.TrimSpace(reference); reference == "" {
			continue
		}
		index := slices.IndexFunc(objects, func(other *unstructured.Unstructured) bool { return refersTo(reference, other) })
		if index < 0 {
			return nil, fmt.Errorf("%s %q depends on %q, which is not in the same set of objects",
				object.GetKind(), object.GetName(), reference)
		}
		needed = append(needed, index)
	}
	return needed, nil
}

func definesKindOf(definition, object *unstructured.Unstructured) bool {
	if !isDefinition(definition) {
		return false
	}
	kind, _ := definedKind(definition)
	return kind == objectKind(object).GroupKind() && kind != (schema.GroupKind{})
}

func refersTo(reference string, object *unstructured.Unstructured) bool {
	kind := objectKind(object)
	full := strings.Join([]string{kind.Group, kind.Kind, object.GetName()}, "/")
	if namespace := object.GetNamespace(); namespace != "" {
		full = strings.Join([]string{kind.Group, "namespaces", namespace, kind.Kind, object.GetName()}, "/")
	}
	return reference == full
}
