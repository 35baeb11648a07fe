package kubernetes

import (
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/client-go/tools/clientcmd"
	clientapi "k8s.io/client-go/tools/clientcmd/api"
)

// parseKubeconfig reads a kubeconfig given as a path (with or without a leading ~) or as its content.
func parseKubeconfig(pathOrContent string) (*clientapi.Config, error) {
	path := pathOrContent
	if path == "~" || strings.HasPrefix(path, "~/") {
		home, err := os.UserHomeDir()
		if err != nil {
			return nil, err
		}
		path = filepath.Join(home, strings.TrimPrefix(path, "~"))
	}
	if _, err := os.Stat(path); err != nil {
		return clientcmd.Load([]byte(pathOrContent))
	}
	content, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	return clientcmd.Load(content)
}

// kubeconfigProperty parses the provider's `kubeconfig` input: absent, a string, or an object.
func kubeconfigProperty(value resource.PropertyValue) (*clientapi.Config, error) {
	switch {
	case value.IsSecret():
		return kubeconfigProperty(value.SecretValue().Element)
	case value.IsNull():
		return clientapi.NewConfig(), nil
	case value.IsString():
		config, err := parseKubeconfig(value.StringValue())
		if err != nil {
			return nil, fmt.Errorf("failed to parse kubeconfig: %w", err)
		}
		return config, nil
	case value.IsObject():
		content, err := json.Marshal(value.ObjectValue().Mappable())
		if err != nil {
			return nil, fmt.Errorf("failed to unmarshal kubeconfig: %w", err)
		}
		return clientcmd.Load(content)
	default:
		return nil, fmt.Errorf("unexpected kubeconfig format, type: %v", value.TypeString())
	}
}

// activeCluster is the cluster entry that a kubeconfig and the provider's context and cluster inputs select, or nil.
func activeCluster(config *clientapi.Config, inputs resource.PropertyMap) *clientapi.Cluster {
	context := config.CurrentContext
	if chosen := inputs["context"]; chosen.IsString() {
		context = chosen.StringValue()
	}
	active, found := config.Contexts[context]
	if !found {
		return nil
	}
	name := active.Cluster
	if chosen := inputs["cluster"]; chosen.IsString() {
		name = chosen.StringValue()
	}
	return config.Clusters[name]
}

// clientConfig resolves the kubeconfig the settings name: their own, else KUBECONFIG and the default path.
func clientConfig(settings settings) (clientcmd.ClientConfig, error) {
	overrides := &clientcmd.ConfigOverrides{
		Context:        clientapi.Context{Cluster: settings.cluster, Namespace: settings.namespace},
		CurrentContext: settings.context,
	}
	if settings.kubeconfig == "" {
		rules := clientcmd.NewDefaultClientConfigLoadingRules()
		rules.DefaultClientConfig = &clientcmd.DefaultClientConfig
		return clientcmd.NewNonInteractiveDeferredLoadingClientConfig(rules, overrides), nil
	}
	config, err := parseKubeconfig(settings.kubeconfig)
	if err != nil {
		return nil, fmt.Errorf("failed to parse kubeconfig data in `kubernetes:config:kubeconfig`- %w", err)
	}
	return clientcmd.NewDefaultClientConfig(*config, overrides), nil
}
