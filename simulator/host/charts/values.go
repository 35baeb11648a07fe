package charts

import (
	"encoding/json"
	"fmt"
	"maps"
	"slices"
	"strings"

	"helm.sh/helm/v4/pkg/chart/common/util"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
)

// judgeValues says which values nobody reads, and whether the chart is another one each time that it is rendered.
func judgeValues(place string, asked question, files map[string]string) ([]string, error) {
	again, err := render(place, asked)
	if err != nil {
		return nil, err
	}
	if !maps.Equal(files, again) {
		// What a missing key changes could not be told from what changes by itself.
		return []string{"it renders otherwise each time: every preview would show changes (look for generated keys and passwords)"}, nil
	}
	loaded, err := loader.Load(place)
	if err != nil {
		return nil, err
	}
	defaults, err := util.MergeValues(loaded, map[string]any{})
	if err != nil {
		return nil, err
	}
	maps.Copy(defaults, inner(defaults, istioDefaults))
	schema, err := readSchema(loaded.Schema)
	if err != nil {
		return nil, err
	}
	var problems []string
	for _, key := range undocumented(asked.Values, defaults, schema) {
		read, err := isRead(key, place, asked, files)
		if err != nil {
			return nil, err
		}
		if !read {
			problems = append(problems, fmt.Sprintf("no template reads the value %s, and neither values.yaml nor a schema has it", strings.Join(key, ".")))
		}
	}
	return problems, nil
}

// istioDefaults is the key under which Istio's charts have their defaults, so that its profiles come between these and what is given:
// https://github.com/istio/istio/blob/1.30.3/manifests/charts/ztunnel/values.yaml
const istioDefaults = "_internal_defaults_do_not_set"

// inner is the map at a key; nil, which has no keys, where there is none.
func inner(values map[string]any, key string) map[string]any {
	found, _ := values[key].(map[string]any)
	return found
}

// undocumented are the keys that neither the defaults nor the schema of a chart have. What has no keys there takes any.
func undocumented(given, defaults map[string]any, schema *schema) [][]string {
	var keys [][]string
	for _, name := range slices.Sorted(maps.Keys(given)) {
		known, documented := defaults[name]
		part, described := schema.property(name)
		if !documented && !described {
			keys = append(keys, []string{name})
			continue
		}
		below, isMap := given[name].(map[string]any)
		knownBelow, _ := known.(map[string]any)
		if !isMap || len(knownBelow) == 0 && !part.hasKeys() {
			continue
		}
		for _, key := range undocumented(below, knownBelow, part) {
			keys = append(keys, append([]string{name}, key...))
		}
	}
	return keys
}

// isRead reports whether a template does anything with a value: parts of a pod, such as its security context, are often taken whole.
func isRead(key []string, place string, asked question, files map[string]string) (bool, error) {
	asked.Values = copyOf(asked.Values)
	remove(asked.Values, key)
	without, err := render(place, asked)
	if err != nil {
		// A chart that cannot do without a value has read it.
		return true, nil //nolint:nilerr // the failure is the answer
	}
	return !maps.Equal(files, without), nil
}

func remove(values map[string]any, key []string) {
	for _, name := range key[:len(key)-1] {
		values, _ = values[name].(map[string]any)
	}
	delete(values, key[len(key)-1])
}

// copyOf is a copy that shares nothing: Helm fills values in place.
func copyOf(values map[string]any) map[string]any {
	copied := make(map[string]any, len(values))
	for name, value := range values {
		if inner, isMap := value.(map[string]any); isMap {
			copied[name] = copyOf(inner)
		} else {
			copied[name] = value
		}
	}
	return copied
}

// schema is one object of a values.schema.json. Nil describes nothing.
type schema struct {
	root  map[string]any
	parts []map[string]any
}

func readSchema(text []byte) (*schema, error) {
	if len(text) == 0 {
		return nil, nil
	}
	var root map[string]any
	if err := json.Unmarshal(text, &root); err != nil {
		return nil, fmt.Errorf("values.schema.json: %w", err)
	}
	return schemaOf(root, root), nil
}

// schemaOf gathers what a node says, its references within the file and its alternatives included.
func schemaOf(root, node map[string]any) *schema {
	gathered := &schema{root: root}
	gathered.add(node, map[string]bool{})
	return gathered
}

func (s *schema) add(node map[string]any, seen map[string]bool) {
	s.parts = append(s.parts, node)
	if reference, _ := node["$ref"].(string); reference != "" && !seen[reference] {
		seen[reference] = true
		if target := s.target(reference); target != nil {
			s.add(target, seen)
		}
	}
	for _, word := range []string{"allOf", "anyOf", "oneOf"} {
		alternatives, _ := node[word].([]any)
		for _, alternative := range alternatives {
			if inner, isObject := alternative.(map[string]any); isObject {
				s.add(inner, seen)
			}
		}
	}
}

// target follows a reference such as #/$defs/helm-values.
func (s *schema) target(reference string) map[string]any {
	parts := strings.Split(strings.TrimPrefix(reference, "#/"), "/")
	if !strings.HasPrefix(reference, "#/") {
		return nil
	}
	at := s.root
	for _, part := range parts {
		at, _ = at[strings.NewReplacer("~1", "/", "~0", "~").Replace(part)].(map[string]any)
	}
	return at
}

// property is what the schema says of a key.
func (s *schema) property(name string) (*schema, bool) {
	if s == nil {
		return nil, false
	}
	for _, part := range s.parts {
		properties, _ := part["properties"].(map[string]any)
		if inner, found := properties[name].(map[string]any); found {
			return schemaOf(s.root, inner), true
		}
	}
	return nil, false
}

func (s *schema) hasKeys() bool {
	if s == nil {
		return false
	}
	return slices.ContainsFunc(s.parts, func(part map[string]any) bool {
		properties, _ := part["properties"].(map[string]any)
		return len(properties) > 0
	})
}
