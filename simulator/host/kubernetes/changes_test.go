package kubernetes

import (
	"maps"
	"slices"
	"testing"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

type fields = map[string]any

func TestCompare(t *testing.T) {
	selector := split([]string{"spec.selector", "spec.containers.*.image"})
	cases := map[string]struct {
		before, after fields
		want          map[string]pulumirpc.PropertyDiff_Kind
	}{
		"equal": {fields{"a": int64(1)}, fields{"a": 1.0}, nil},
		"added": {fields{}, fields{"a": "1"}, map[string]pulumirpc.PropertyDiff_Kind{"a": pulumirpc.PropertyDiff_ADD}},
		"removed": {fields{"a": fields{"b": "1"}}, fields{"a": fields{}},
			map[string]pulumirpc.PropertyDiff_Kind{"a.b": pulumirpc.PropertyDiff_DELETE}},
		"null is absent": {fields{}, fields{"a": nil}, nil},
		"other type":     {fields{"a": "1"}, fields{"a": []any{}}, map[string]pulumirpc.PropertyDiff_Kind{"a": pulumirpc.PropertyDiff_UPDATE}},
		"quoted key": {fields{"a": fields{"b.c/d": "1"}}, fields{"a": fields{"b.c/d": "2"}},
			map[string]pulumirpc.PropertyDiff_Kind{`a["b.c/d"]`: pulumirpc.PropertyDiff_UPDATE}},
		"list grows": {fields{"a": []any{"1"}}, fields{"a": []any{"1", "2"}},
			map[string]pulumirpc.PropertyDiff_Kind{"a[1]": pulumirpc.PropertyDiff_ADD}},
		"list shrinks": {fields{"a": []any{"1", "2"}}, fields{"a": []any{"1"}},
			map[string]pulumirpc.PropertyDiff_Kind{"a[1]": pulumirpc.PropertyDiff_DELETE}},
		"unknown": {fields{"a": "1"}, fields{"a": resource.Computed{}},
			map[string]pulumirpc.PropertyDiff_Kind{"a": pulumirpc.PropertyDiff_UPDATE}},
		"inside a replacing field": {
			fields{"spec": fields{"selector": fields{"app": "1"}}}, fields{"spec": fields{"selector": fields{"app": "2"}}},
			map[string]pulumirpc.PropertyDiff_Kind{"spec.selector.app": pulumirpc.PropertyDiff_UPDATE_REPLACE}},
		"around a replacing field": {fields{}, fields{"spec": fields{"selector": fields{}}},
			map[string]pulumirpc.PropertyDiff_Kind{"spec": pulumirpc.PropertyDiff_ADD_REPLACE}},
		"beside a replacing field": {fields{"spec": fields{"selectors": "1"}}, fields{"spec": fields{"selectors": "2"}},
			map[string]pulumirpc.PropertyDiff_Kind{"spec.selectors": pulumirpc.PropertyDiff_UPDATE}},
		"replacing field of an element": {
			fields{"spec": fields{"containers": []any{fields{"image": "1"}}}}, fields{"spec": fields{"containers": []any{fields{"image": "2"}}}},
			map[string]pulumirpc.PropertyDiff_Kind{"spec.containers[0].image": pulumirpc.PropertyDiff_UPDATE_REPLACE}},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			found := map[string]pulumirpc.PropertyDiff_Kind{}
			for path, difference := range compare(c.before, c.after, selector) {
				found[path] = difference.GetKind()
			}
			if !maps.Equal(found, c.want) {
				t.Errorf("found %v, want %v", found, c.want)
			}
		})
	}
}

func TestWithoutIgnored(t *testing.T) {
	found := compare(fields{"spec": fields{"replicas": 1, "paused": false}}, fields{"spec": fields{"replicas": 2, "paused": true}}, nil)
	if err := withoutIgnored(found, []string{"spec.replicas"}); err != nil {
		t.Fatal(err)
	}
	if keys := slices.Collect(maps.Keys(found)); !slices.Equal(keys, []string{"spec.paused"}) {
		t.Errorf("left %v, want spec.paused only", keys)
	}
	if withoutIgnored(found, []string{"a["}) == nil {
		t.Error("a path that does not parse was accepted")
	}
}
