package kubernetes

import (
	"fmt"
	"reflect"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// changes collects the property differences between an object as applied and as wanted, by Pulumi property path.
type changes struct {
	replacing [][]string
	found     map[string]*pulumirpc.PropertyDiff
}

// compare lists every difference; those that touch a replacing field are marked so.
func compare(before, after map[string]any, replacing [][]string) map[string]*pulumirpc.PropertyDiff {
	c := &changes{replacing: replacing, found: map[string]*pulumirpc.PropertyDiff{}}
	c.maps(nil, before, after)
	return c.found
}

func (c *changes) maps(path []any, before, after map[string]any) {
	for key, old := range before {
		at := extend(path, key)
		if value, found := after[key]; !found || value == nil {
			if old != nil {
				c.record(at, nil, pulumirpc.PropertyDiff_DELETE)
			}
		} else {
			c.values(at, old, value)
		}
	}
	for key, value := range after {
		if _, found := before[key]; !found && value != nil {
			c.record(extend(path, key), value, pulumirpc.PropertyDiff_ADD)
		}
	}
}

func (c *changes) lists(path []any, before, after []any) {
	for index := range max(len(before), len(after)) {
		at := extend(path, index)
		switch {
		case index >= len(before):
			c.record(at, after[index], pulumirpc.PropertyDiff_ADD)
		case index >= len(after):
			c.record(at, nil, pulumirpc.PropertyDiff_DELETE)
		default:
			c.values(at, before[index], after[index])
		}
	}
}

func (c *changes) values(path []any, before, after any) {
	switch value := after.(type) {
	case map[string]any:
		if old, same := before.(map[string]any); same {
			c.maps(path, old, value)
			return
		}
	case []any:
		if old, same := before.([]any); same {
			c.lists(path, old, value)
			return
		}
	default:
		if reflect.DeepEqual(before, after) || equalNumbers(before, after) {
			return
		}
	}
	c.record(path, after, pulumirpc.PropertyDiff_UPDATE)
}

var replacements = map[pulumirpc.PropertyDiff_Kind]pulumirpc.PropertyDiff_Kind{
	pulumirpc.PropertyDiff_ADD:    pulumirpc.PropertyDiff_ADD_REPLACE,
	pulumirpc.PropertyDiff_DELETE: pulumirpc.PropertyDiff_DELETE_REPLACE,
	pulumirpc.PropertyDiff_UPDATE: pulumirpc.PropertyDiff_UPDATE_REPLACE,
}

func (c *changes) record(path []any, value any, kind pulumirpc.PropertyDiff_Kind) {
	deleted := kind == pulumirpc.PropertyDiff_DELETE
	for _, pattern := range c.replacing {
		if touches(pattern, path, value) {
			kind = replacements[kind]
			break
		}
	}
	c.found[propertyPath(path)] = &pulumirpc.PropertyDiff{Kind: kind, InputDiff: deleted}
}

func extend(path []any, element any) []any {
	return append(append(make([]any, 0, len(path)+1), path...), element)
}

// equalNumbers compares an integer with a float, which JSON does not tell apart.
func equalNumbers(a, b any) bool {
	left, leftOK := number(a)
	right, rightOK := number(b)
	return leftOK && rightOK && left == right
}

func number(value any) (float64, bool) {
	switch value := value.(type) {
	case int64:
		return float64(value), true
	case int:
		return float64(value), true
	case float64:
		return value, true
	default:
		return 0, false
	}
}

// propertyPath spells a path as the engine does: a.b[0]["c.d"].
func propertyPath(path []any) string {
	var text strings.Builder
	for _, element := range path {
		switch element := element.(type) {
		case int:
			fmt.Fprintf(&text, "[%d]", element)
		case string:
			switch {
			case strings.ContainsAny(element, `."[]`):
				fmt.Fprintf(&text, `["%s"]`, strings.ReplaceAll(element, `"`, `\"`))
			case text.Len() == 0:
				text.WriteString(element)
			default:
				text.WriteString("." + element)
			}
		}
	}
	return text.String()
}

// withoutIgnored drops the differences that ignoreChanges covers.
func withoutIgnored(found map[string]*pulumirpc.PropertyDiff, ignored []string) error {
	for _, text := range ignored {
		ignore, err := resource.ParsePropertyPath(text)
		if err != nil {
			return fmt.Errorf("failed to parse ignore path: %w", err)
		}
		for key := range found {
			path, err := resource.ParsePropertyPath(key)
			if err != nil {
				return fmt.Errorf("failed to parse diff path: %w", err)
			}
			if ignore.Contains(path) {
				delete(found, key)
			}
		}
	}
	return nil
}
