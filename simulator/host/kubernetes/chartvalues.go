package kubernetes

import (
	"errors"
	"fmt"
	"os"

	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"helm.sh/helm/v4/pkg/chart/v2/loader"
	"sigs.k8s.io/yaml"
)

// chartValues merges the values files, in order, and then the values.
func chartValues(args componentArgs) (map[string]any, error) {
	merged := map[string]any{}
	for _, item := range args.list("valueYamlFiles") {
		content, err := assetText(item)
		if err != nil {
			return nil, err
		}
		layer := map[string]any{}
		if err := yaml.Unmarshal([]byte(content), &layer); err != nil {
			return nil, fmt.Errorf("valueYamlFiles: %w", err)
		}
		merged = loader.MergeMaps(merged, layer)
	}
	given, _ := args.values["values"].(map[string]any)
	plain, err := plainValue(given)
	if err != nil {
		return nil, err
	}
	values, _ := plain.(map[string]any)
	return loader.MergeMaps(merged, values), nil
}

// plainValue replaces assets inside values by their text, as Helm's --set-file does.
func plainValue(value any) (any, error) {
	switch value := value.(type) {
	case map[string]any:
		plain := make(map[string]any, len(value))
		for key, element := range value {
			converted, err := plainValue(element)
			if err != nil {
				return nil, err
			}
			plain[key] = converted
		}
		return plain, nil
	case []any:
		plain := make([]any, len(value))
		for index, element := range value {
			converted, err := plainValue(element)
			if err != nil {
				return nil, err
			}
			plain[index] = converted
		}
		return plain, nil
	case pulumi.Archive:
		return nil, errors.New("Archive values are not supported as a Helm value") //nolint:staticcheck // official text
	case pulumi.Asset:
		return assetText(value)
	default:
		return value, nil
	}
}

func assetText(value any) (string, error) {
	asset, ok := value.(pulumi.Asset)
	switch {
	case !ok:
		return "", fmt.Errorf("expected an asset, found %T", value)
	case asset.Path() != "":
		content, err := os.ReadFile(asset.Path())
		if err != nil {
			return "", fmt.Errorf("failed to read file %q: %w", asset.Path(), err)
		}
		return string(content), nil
	case asset.URI() != "":
		return readManifest(asset.URI())
	default:
		return asset.Text(), nil
	}
}
