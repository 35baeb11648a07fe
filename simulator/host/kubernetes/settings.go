package kubernetes

import (
	"encoding/json"
	"fmt"
	"os"
	"strconv"
	"strings"
)

// settings is what the provider was configured with; every default is applied here.
type settings struct {
	kubeconfig string
	context    string
	cluster    string
	// namespace is the default for namespaced objects that name none: the setting, else the kubeconfig's, else "default".
	namespace                   string
	serverSideApply             bool
	patchForce                  bool
	upsertExistingObjects       bool
	deleteUnreachable           bool
	skipUpdateUnreachable       bool
	configMapMutable            bool
	secretMutable               bool
	suppressDeprecationWarnings bool
	suppressHelmHookWarnings    bool
	client                      clientSettings
}

// clientSettings tunes the connection. Defaults are the official plugin's: 50 requests a second, bursts of 120.
type clientSettings struct {
	QPS   *float32 `json:"qps"`
	Burst *int     `json:"burst"`
	// Timeout in seconds for one request; absent means none.
	Timeout *int `json:"timeout"`
}

const configPrefix = "kubernetes:config:"

// flags maps each switch to the environment variable that stands in when the switch is not configured.
var flags = map[string]string{
	"enableServerSideApply":       "PULUMI_K8S_ENABLE_SERVER_SIDE_APPLY",
	"enablePatchForce":            "PULUMI_K8S_ENABLE_PATCH_FORCE",
	"upsertExistingObjects":       "PULUMI_K8S_UPSERT_EXISTING_OBJECTS",
	"deleteUnreachable":           "PULUMI_K8S_DELETE_UNREACHABLE",
	"skipUpdateUnreachable":       "PULUMI_K8S_SKIP_UPDATE_UNREACHABLE",
	"enableConfigMapMutable":      "PULUMI_K8S_ENABLE_CONFIGMAP_MUTABLE",
	"enableSecretMutable":         "PULUMI_K8S_ENABLE_SECRET_MUTABLE",
	"suppressDeprecationWarnings": "PULUMI_K8S_SUPPRESS_DEPRECATION_WARNINGS",
	"suppressHelmHookWarnings":    "PULUMI_K8S_SUPPRESS_HELM_HOOK_WARNINGS",
}

// readSettings resolves the engine's configuration variables. A setting this plugin cannot honour is an error.
func readSettings(variables map[string]string) (settings, error) {
	value := func(name string) string { return variables[configPrefix+name] }
	if directory := value("renderYamlToDirectory"); directory != "" {
		return settings{}, fmt.Errorf("renderYamlToDirectory is set to %q, but the simulator's kubernetes plugin does not "+
			"render to files. Remove the setting, or use Pulumi's own plugin", directory)
	}
	client, err := readClientSettings(value("kubeClientSettings"))
	if err != nil {
		return settings{}, err
	}
	on := func(name string) bool { return flag(variables, name) == "true" }
	return settings{
		kubeconfig:                  value("kubeconfig"),
		context:                     value("context"),
		cluster:                     value("cluster"),
		namespace:                   value("namespace"),
		serverSideApply:             flag(variables, "enableServerSideApply") != "false",
		patchForce:                  on("enablePatchForce"),
		upsertExistingObjects:       on("upsertExistingObjects"),
		deleteUnreachable:           on("deleteUnreachable"),
		skipUpdateUnreachable:       on("skipUpdateUnreachable"),
		configMapMutable:            on("enableConfigMapMutable"),
		secretMutable:               on("enableSecretMutable"),
		suppressDeprecationWarnings: on("suppressDeprecationWarnings"),
		suppressHelmHookWarnings:    on("suppressHelmHookWarnings"),
		client:                      client,
	}, nil
}

func flag(variables map[string]string, name string) string {
	if value, set := variables[configPrefix+name]; set {
		return value
	}
	return os.Getenv(flags[name])
}

func readClientSettings(text string) (clientSettings, error) {
	qps, burst := float32(50), 120
	client := clientSettings{}
	if text != "" {
		if err := json.Unmarshal([]byte(text), &client); err != nil {
			return client, fmt.Errorf("failed to unmarshal kubeClientSettings option: %w", err)
		}
	}
	if client.QPS == nil {
		if value, err := strconv.ParseFloat(os.Getenv("PULUMI_K8S_CLIENT_QPS"), 32); err == nil {
			qps = float32(value)
		}
		client.QPS = &qps
	}
	if client.Burst == nil {
		if value, err := strconv.Atoi(os.Getenv("PULUMI_K8S_CLIENT_BURST")); err == nil {
			burst = value
		}
		client.Burst = &burst
	}
	if value, err := strconv.Atoi(strings.TrimSpace(os.Getenv("PULUMI_K8S_CLIENT_TIMEOUT"))); err == nil && client.Timeout == nil {
		client.Timeout = &value
	}
	return client, nil
}
