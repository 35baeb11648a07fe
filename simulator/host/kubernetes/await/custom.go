package await

import (
	"encoding/json"
	"errors"
	"fmt"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/client-go/util/jsonpath"
)

// expectation is one expression of a waitFor annotation.
type expectation func(*unstructured.Unstructured) (met bool, progress string)

// custom is the rule of a waitFor annotation: one expression, or a JSON array of expressions that all must hold.
// https://www.pulumi.com/registry/packages/kubernetes/#pulumicomwaitfor
func custom(annotation string) (*Rule, error) {
	var expressions []string
	if json.Unmarshal([]byte(annotation), &expressions) != nil {
		expressions = []string{annotation}
	}
	if len(expressions) == 0 {
		return nil, errors.New("at least one condition must be specified")
	}
	var expectations []expectation
	for _, expression := range expressions {
		expected, err := parse(expression)
		if err != nil {
			return nil, err
		}
		expectations = append(expectations, expected)
	}
	return &Rule{generic: true, judge: func(view View) Verdict {
		verdict := Verdict{Ready: true}
		for _, expected := range expectations {
			if met, progress := expected(view.Object); !met {
				verdict.Ready, verdict.Progress = false, progress
			}
		}
		return verdict
	}}, nil
}

func parse(expression string) (expectation, error) {
	if text, found := strings.CutPrefix(expression, "jsonpath="); found {
		return parsePath(text)
	}
	if text, found := strings.CutPrefix(expression, "condition="); found {
		kind, wanted, given := strings.Cut(text, "=")
		if !given {
			wanted = "True"
		}
		return hasCondition(kind, wanted), nil
	}
	return nil, fmt.Errorf(`expected a "jsonpath=" or "condition=" prefix, got %q`, expression)
}

func hasCondition(kind, wanted string) expectation {
	return func(object *unstructured.Unstructured) (bool, string) {
		if stale(object) {
			return false, "Waiting for the controller to see the object"
		}
		for _, condition := range conditions(object) {
			if strings.EqualFold(condition.kind, kind) {
				return strings.EqualFold(condition.status, wanted),
					fmt.Sprintf("Resource has condition %s=%s (want %s)", kind, condition.status, wanted)
			}
		}
		return false, fmt.Sprintf("Waiting for condition %s=%s", kind, wanted)
	}
}

// stale says whether a controller that reports generations has not seen this one.
func stale(object *unstructured.Unstructured) bool {
	seen := integer(object, -1, "status", "observedGeneration")
	return seen >= 0 && seen < object.GetGeneration()
}

var braces = regexp.MustCompile(`^\{\s*(.*?)\s*\}$`)

// parsePath reads {.path} or {.path}=value, in the strict syntax of kubectl get -o jsonpath.
func parsePath(text string) (expectation, error) {
	if text == "" {
		return nil, errors.New("expected a non-empty JSONPath expression")
	}
	// The value follows the closing brace, so that == inside the path is no separator.
	path, wanted := text, ""
	if at := strings.LastIndex(text, "}="); at >= 0 {
		path, wanted = text[:at+1], text[at+2:]
		if wanted == "" {
			return nil, fmt.Errorf("%s= requires a value", path)
		}
	}
	if strings.HasPrefix(path, "'") {
		return nil, fmt.Errorf("%s should omit shell quotes", path)
	}
	if !braces.MatchString(path) {
		return nil, fmt.Errorf("%s should be wrapped in brackets { ... }", path)
	}
	if err := jsonpath.New("waitFor").Parse(path); err != nil {
		return nil, fmt.Errorf("parsing %q: %w", path, err)
	}
	return func(object *unstructured.Unstructured) (bool, string) { return matches(object, path, wanted) }, nil
}

func matches(object *unstructured.Unstructured, path, wanted string) (bool, string) {
	waiting := strings.TrimSuffix("Waiting for "+path+"="+wanted, "=")
	if stale(object) {
		return false, waiting
	}
	query := jsonpath.New("waitFor").AllowMissingKeys(true)
	if err := query.Parse(path); err != nil {
		return false, err.Error()
	}
	results, err := query.FindResults(object.Object)
	if err != nil || len(results) == 0 || len(results[0]) == 0 {
		return false, waiting
	}
	found := fmt.Sprint(results[0][0].Interface())
	return wanted == "" || found == wanted, fmt.Sprintf("%s (found %q)", waiting, found)
}
