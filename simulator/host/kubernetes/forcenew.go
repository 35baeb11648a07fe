package kubernetes

import (
	"slices"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// replacing lists, for a kind (group/kind), the fields whose change needs a new object because the API server refuses
// it. The lists are the official plugin's, so that a preview announces the same replacements.
var replacing = map[string][]string{
	"apps/DaemonSet":  {"spec.selector"},
	"apps/Deployment": {"spec.selector"},
	"apps/StatefulSet": {
		"spec.podManagementPolicy", "spec.revisionHistoryLimit", "spec.selector", "spec.serviceName", "spec.volumeClaimTemplates",
	},
	"batch/Job": {"spec.completions", "spec.parallelism", "spec.selector", "spec.template"},
	"rbac.authorization.k8s.io/ClusterRoleBinding": {"roleRef"},
	"rbac.authorization.k8s.io/RoleBinding":        {"roleRef"},
	"storage.k8s.io/StorageClass":                  {"parameters", "provisioner"},
	"/PersistentVolume":                            volumeSources(),
	"/PersistentVolumeClaim": {
		"spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName",
	},
	"/Pod":           podFields(),
	"/ResourceQuota": {"spec.scopes"},
	"/Service":       {"spec.clusterIP"},
}

func volumeSources() []string {
	sources := []string{
		"awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "csi", "fc", "flexVolume", "flocker",
		"gcePersistentDisk", "glusterfs", "hostPath", "iscsi", "local", "nfs", "photonPersistentDisk", "portworxVolume",
		"quobyte", "rbd", "scaleIO", "storageos", "vsphereVolume",
	}
	return prefixed("spec.", sources)
}

// podFields are all fields of a pod but those that can change in place.
func podFields() []string {
	fields := prefixed("spec.", []string{
		"affinity", "automountServiceAccountToken", "dnsConfig", "dnsPolicy", "enableServiceLinks", "hostAliases", "hostIPC",
		"hostNetwork", "hostPID", "hostname", "imagePullSecrets", "nodeName", "nodeSelector", "overhead", "preemptionPolicy",
		"priority", "priorityClassName", "readinessGates", "restartPolicy", "runtimeClassName", "schedulerName",
		"securityContext", "serviceAccount", "serviceAccountName", "shareProcessNamespace", "subdomain",
		"terminationGracePeriodSeconds", "volumes",
	})
	container := []string{
		"args", "command", "env", "image", "imagePullPolicy", "lifecycle", "livenessProbe", "ports", "readinessProbe",
		"resources", "securityContext", "stdin", "stdinOnce", "terminationMessagePath", "terminationMessagePolicy", "tty",
		"volumeDevices", "volumeMounts", "workingDir",
	}
	fields = append(fields, prefixed("spec.containers.*.", container)...)
	return append(fields, prefixed("spec.initContainers.*.", container)...)
}

func prefixed(prefix string, names []string) []string {
	fields := make([]string, len(names))
	for index, name := range names {
		fields[index] = prefix + name
	}
	return fields
}

// replacingFields are the fields whose change replaces this object: its identity, its kind's, and the data of a Secret or
// ConfigMap unless the provider is told that they change in place.
func (p *provider) replacingFields(object *unstructured.Unstructured) [][]string {
	fields := []string{"metadata.name", "metadata.namespace"}
	immutable, _, _ := unstructured.NestedBool(object.Object, "immutable")
	switch {
	case isCore(object, "Secret"):
		fields = append(fields, "type")
		if immutable || !p.settings.secretMutable {
			fields = append(fields, "stringData", "data")
		}
	case isCore(object, "ConfigMap"):
		if immutable || !p.settings.configMapMutable {
			fields = append(fields, "binaryData", "data")
		}
	case builtIn(objectKind(object).GroupVersion()):
		fields = append(fields, replacing[objectKind(object).Group+"/"+object.GetKind()]...)
	}
	return split(fields)
}

func split(fields []string) [][]string {
	patterns := make([][]string, len(fields))
	for index, field := range fields {
		patterns[index] = strings.Split(field, ".")
	}
	return patterns
}

// touches says whether a change of value at path changes a field that pattern names, or one inside it.
func touches(pattern []string, path []any, value any) bool {
	for index, name := range pattern {
		if index == len(path) {
			return contains(value, pattern[index:])
		}
		if key, isKey := path[index].(string); isKey != (name != "*") || (isKey && key != name) {
			return false
		}
	}
	return true
}

func contains(value any, path []string) bool {
	if len(path) == 0 {
		return true
	}
	switch value := value.(type) {
	case map[string]any:
		element, found := value[path[0]]
		return found && contains(element, path[1:])
	case []any:
		return path[0] == "*" && slices.ContainsFunc(value, func(element any) bool { return contains(element, path[1:]) })
	default:
		return false
	}
}
