package kubernetes

import (
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"os"
	"path/filepath"
	"regexp"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/util/yaml"
	"sigs.k8s.io/kustomize/api/krusty"
	"sigs.k8s.io/kustomize/kyaml/filesys"
)

// configFileObjects are the objects of yaml/v2 ConfigFile: one file or URL.
func configFileObjects(_ *provider, args componentArgs) ([]*unstructured.Unstructured, error) {
	text, err := readManifest(args.text("file"))
	if err != nil {
		return nil, err
	}
	return decode(text)
}

// configGroupObjects are the objects of yaml/v2 ConfigGroup: files, with patterns, then literal YAML, then literal objects.
func configGroupObjects(_ *provider, args componentArgs) ([]*unstructured.Unstructured, error) {
	var texts []string
	for _, item := range args.list("files") {
		pattern, _ := item.(string)
		files, err := expandPattern(pattern)
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			text, err := readManifest(file)
			if err != nil {
				return nil, err
			}
			texts = append(texts, text)
		}
	}
	var objects []*unstructured.Unstructured
	for _, text := range append(texts, args.text("yaml")) {
		decoded, err := decode(text)
		if err != nil {
			return nil, err
		}
		objects = append(objects, decoded...)
	}
	for _, item := range args.list("objs") {
		fields, ok := item.(map[string]any)
		if !ok {
			return nil, fmt.Errorf("each of objs must be an object, found %T", item)
		}
		objects = append(objects, &unstructured.Unstructured{Object: fields})
	}
	return objects, nil
}

// directoryObjects are the objects of kustomize/v2 Directory.
func directoryObjects(_ *provider, args componentArgs) ([]*unstructured.Unstructured, error) {
	built, err := krusty.MakeKustomizer(krusty.MakeDefaultOptions()).Run(filesys.MakeFsOnDisk(), args.text("directory"))
	if err != nil {
		return nil, fmt.Errorf("kustomize failed for directory %q: %w", args.text("directory"), err)
	}
	text, err := built.AsYaml()
	if err != nil {
		return nil, err
	}
	return decode(string(text))
}

// wildcards finds the special characters of filepath.Match that are not escaped.
var wildcards = regexp.MustCompile(`(?:^|[^\\])[*?\[]`)

func expandPattern(pattern string) ([]string, error) {
	if isRemote(pattern) || !wildcards.MatchString(pattern) {
		return []string{pattern}, nil
	}
	files, err := filepath.Glob(pattern)
	if err != nil {
		return nil, fmt.Errorf("expanding glob: %w", err)
	}
	return files, nil
}

func isRemote(file string) bool {
	address, err := url.Parse(file)
	return err == nil && (address.Scheme == "http" || address.Scheme == "https")
}

func readManifest(file string) (string, error) {
	if !isRemote(file) {
		content, err := os.ReadFile(file)
		if err != nil {
			return "", fmt.Errorf("reading YAML file from disk: %w", err)
		}
		return string(content), nil
	}
	response, err := http.Get(file) //nolint:gosec,noctx // the address is the program's own input
	if err != nil {
		return "", fmt.Errorf("fetching YAML over network: %w", err)
	}
	content, err := io.ReadAll(response.Body)
	if err := errors.Join(err, response.Body.Close()); err != nil {
		return "", fmt.Errorf("reading YAML over network: %w", err)
	}
	if response.StatusCode != http.StatusOK {
		return "", fmt.Errorf("fetching YAML over network: %s answered %s", file, response.Status)
	}
	return string(content), nil
}

// decode reads YAML documents, leaving out empty ones.
func decode(text string) ([]*unstructured.Unstructured, error) {
	// The decoder guesses between YAML and JSON from this many bytes.
	const sniffed = 128
	decoder := yaml.NewYAMLOrJSONDecoder(strings.NewReader(text), sniffed)
	var objects []*unstructured.Unstructured
	for {
		var fields map[string]any
		err := decoder.Decode(&fields)
		if errors.Is(err, io.EOF) {
			return objects, nil
		}
		if err != nil {
			return nil, fmt.Errorf("decoding YAML: %w", err)
		}
		if len(fields) > 0 {
			objects = append(objects, &unstructured.Unstructured{Object: fields})
		}
	}
}
