package standins

import (
	"fmt"
	"maps"
	"net/url"
	"os"
	"path"
	"slices"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"github.com/pulumi/pulumi/sdk/v3/go/common/resource/plugin"
	pulumirpc "github.com/pulumi/pulumi/sdk/v3/proto/go"
)

// Use is one stand-in that took a place.
type Use struct {
	// What stands in, such as `chart istiod 1.30.3`.
	What string
	// For is the source in whose place it is.
	For string
}

// String is what the log of a run says; simulator/session/events.ts reads it.
func (u Use) String() string { return fmt.Sprintf("stand-in: %s in place of %s", u.What, u.For) }

// keep marshals inputs without losing anything that the engine said about them.
var keep = plugin.MarshalOptions{KeepUnknowns: true, KeepSecrets: true, KeepResources: true, KeepOutputValues: true}

// placements change the inputs of the components that read from elsewhere.
var placements = map[string]func(*Table, resource.PropertyMap) ([]Use, error){
	"kubernetes:helm.sh/v4:Chart":    (*Table).placeChart,
	"kubernetes:yaml/v2:ConfigFile":  (*Table).placeFile,
	"kubernetes:yaml/v2:ConfigGroup": (*Table).placeFiles,
}

// Place puts stand-ins in the place of whatever remote sources the component of a request reads, and returns which. What it has nothing for is an error.
func (t *Table) Place(request *pulumirpc.ConstructRequest) ([]Use, error) {
	place, found := placements[request.GetType()]
	if !found {
		return nil, nil
	}
	inputs, err := plugin.UnmarshalProperties(request.GetInputs(), keep)
	if err != nil {
		return nil, fmt.Errorf("inputs of %s: %w", request.GetName(), err)
	}
	uses, err := place(t, inputs)
	if err != nil || len(uses) == 0 {
		return nil, err
	}
	if request.Inputs, err = plugin.MarshalProperties(inputs, keep); err != nil {
		return nil, fmt.Errorf("inputs of %s: %w", request.GetName(), err)
	}
	return uses, nil
}

// placeChart leaves a folder and what a mirror of the stack has as they are.
func (t *Table) placeChart(inputs resource.PropertyMap) ([]Use, error) {
	reference, known := text(inputs["chart"])
	if !known {
		return nil, nil
	}
	repository := ""
	if options := plain(inputs["repositoryOpts"]); options.IsObject() {
		repository, _ = text(options.ObjectValue()["repo"])
	}
	if repository == "" && isFolder(reference) {
		return nil, nil
	}
	source := strings.TrimSuffix(repository, "/") + "/" + reference
	if repository == "" {
		source = reference
	}
	if slices.ContainsFunc(t.mirrors, func(prefix string) bool { return strings.HasPrefix(source, strings.TrimSuffix(prefix, "/")+"/") }) {
		return nil, nil
	}
	version, _ := text(inputs["version"])
	wanted := chart{path.Base(reference), strings.TrimPrefix(version, "v")}
	place, found := t.charts[wanted]
	if !found {
		return nil, t.missingChart(wanted, source)
	}
	inputs["chart"] = resource.NewStringProperty(place)
	delete(inputs, "repositoryOpts")
	delete(inputs, "version")
	return []Use{{What: fmt.Sprintf("chart %s %s", wanted.name, version), For: source}}, nil
}

// isFolder recognises a chart on this machine, be it there or only meant to be: Helm says which is not.
func isFolder(reference string) bool {
	if strings.HasPrefix(reference, ".") || strings.HasPrefix(reference, "/") {
		return true
	}
	_, err := os.Stat(reference)
	return err == nil && !isRemote(reference)
}

func (t *Table) missingChart(wanted chart, source string) error {
	var versions []string
	for _, have := range slices.SortedFunc(maps.Keys(t.charts), func(a, b chart) int { return strings.Compare(a.version, b.version) }) {
		if have.name == wanted.name {
			versions = append(versions, have.version)
		}
	}
	instead := ""
	if len(versions) > 0 {
		instead = fmt.Sprintf("; it has version %s of it", strings.Join(versions, " and "))
	}
	version := wanted.version
	if version == "" {
		version = "(no version given)"
	}
	return fmt.Errorf("the simulator has no stand-in for the chart %s %s of %s%s\n"+
		"  fix: add a chart of this name and version to simulator/standins/charts, or name a mirror that can be reached in the stack's setting charts.mirror",
		wanted.name, version, source, instead)
}

func (t *Table) placeFile(inputs resource.PropertyMap) ([]Use, error) {
	return t.placeAddress(inputs["file"], func(local resource.PropertyValue) { inputs["file"] = local })
}

// placeFiles takes `files` as the SDK sends it: a list, or one name.
func (t *Table) placeFiles(inputs resource.PropertyMap) ([]Use, error) {
	files := plain(inputs["files"])
	if !files.IsArray() {
		return t.placeAddress(files, func(local resource.PropertyValue) { inputs["files"] = local })
	}
	list := slices.Clone(files.ArrayValue())
	var uses []Use
	for index, item := range list {
		used, err := t.placeAddress(item, func(local resource.PropertyValue) { list[index] = local })
		if err != nil {
			return nil, err
		}
		uses = append(uses, used...)
	}
	inputs["files"] = resource.NewArrayProperty(list)
	return uses, nil
}

func (t *Table) placeAddress(value resource.PropertyValue, set func(resource.PropertyValue)) ([]Use, error) {
	address, known := text(value)
	if !known || !isRemote(address) {
		return nil, nil
	}
	local, found := t.definitions[address]
	if !found {
		return nil, fmt.Errorf("the simulator has nothing in place of %s\n"+
			"  fix: add a row with this address to simulator/standins/definitions.json", address)
	}
	set(resource.NewStringProperty(local))
	return []Use{{What: "definitions " + path.Base(address), For: address}}, nil
}

// isRemote recognises addresses, among them those of OCI registries.
func isRemote(reference string) bool {
	address, err := url.Parse(reference)
	return err == nil && address.Host != ""
}

// text is a string input, whether or not it came as an output or a secret; false while it is not known, and for anything else.
func text(value resource.PropertyValue) (string, bool) {
	found := plain(value)
	if !found.IsString() {
		return "", false
	}
	return found.StringValue(), true
}

func plain(value resource.PropertyValue) resource.PropertyValue {
	switch {
	case value.IsSecret():
		return plain(value.SecretValue().Element)
	case value.IsOutput() && value.OutputValue().Known:
		return plain(value.OutputValue().Element)
	default:
		return value
	}
}
