package kubernetes

import (
	"fmt"
	"strings"

	"github.com/pulumi/pulumi/sdk/v3/go/common/resource"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime/schema"
	"k8s.io/client-go/kubernetes/scheme"
)

// clusterScoped lists the built-in kinds that live outside namespaces, as served by Kubernetes 1.36
// (kubectl api-resources --namespaced=false); every other built-in kind is namespaced.
var clusterScoped = map[string]bool{
	"APIService": true, "CSIDriver": true, "CSINode": true, "CertificateSigningRequest": true, "ClusterRole": true,
	"ClusterRoleBinding": true, "ClusterTrustBundle": true, "ComponentStatus": true, "CustomResourceDefinition": true,
	"DeviceClass": true, "DeviceTaintRule": true, "FlowSchema": true, "IPAddress": true, "IngressClass": true,
	"MutatingAdmissionPolicy": true, "MutatingAdmissionPolicyBinding": true, "MutatingWebhookConfiguration": true,
	"Namespace": true, "Node": true, "PersistentVolume": true, "PriorityClass": true, "PriorityLevelConfiguration": true,
	"ResourceSlice": true, "RuntimeClass": true, "SelfSubjectReview": true, "ServiceCIDR": true, "StorageClass": true,
	"StorageVersion": true, "StorageVersionMigration": true, "SubjectAccessReview": true, "SelfSubjectAccessReview": true,
	"TokenReview": true, "ValidatingAdmissionPolicy": true, "ValidatingAdmissionPolicyBinding": true,
	"ValidatingWebhookConfiguration": true, "VolumeAttachment": true, "VolumeAttributesClass": true,
}

// builtIn says whether a group and version belong to Kubernetes itself rather than to a definition.
func builtIn(version schema.GroupVersion) bool {
	switch version.Group {
	case "apiextensions.k8s.io", "apiregistration.k8s.io":
		return true
	case "core":
		version.Group = ""
	}
	return scheme.Scheme.IsVersionRegistered(version)
}

// custom says whether a kind is of a group that only a definition brings.
func custom(kind schema.GroupVersionKind) bool {
	return !scheme.Scheme.IsGroupRegistered(kind.Group) && !builtIn(kind.GroupVersion())
}

// kindOfType reads the kind from a type token such as kubernetes:apps/v1:Deployment.
func kindOfType(urn resource.URN) (schema.GroupVersionKind, error) {
	token := urn.Type()
	if string(token.Package()) != packageName {
		return schema.GroupVersionKind{}, fmt.Errorf("unrecognized resource type: %q for this provider", token)
	}
	module := string(token.Module().Name())
	group, version, found := strings.Cut(module, "/")
	if !found || strings.Contains(version, "/") {
		return schema.GroupVersionKind{}, fmt.Errorf("apiVersion does not have both a group and a version: %q", module)
	}
	if group == "core" {
		group = ""
	}
	return schema.GroupVersionKind{Group: group, Version: version, Kind: string(token.Name())}, nil
}

// objectKind is an object's kind, with the core group under its server name.
func objectKind(object *unstructured.Unstructured) schema.GroupVersionKind {
	kind := object.GroupVersionKind()
	if kind.Group == "core" {
		kind.Group = ""
	}
	return kind
}

func isDefinition(object *unstructured.Unstructured) bool {
	return object.GetKind() == "CustomResourceDefinition" && strings.HasPrefix(object.GetAPIVersion(), "apiextensions.k8s.io/")
}

func isCore(object *unstructured.Unstructured, kind string) bool {
	return objectKind(object).Group == "" && object.GetKind() == kind
}

// isPatch recognises the *Patch types, whose kind on the server lacks the suffix.
func isPatch(urn resource.URN, kind string) bool { return string(urn.Type().Name()) == kind+"Patch" }

func trimPatch(kind string) string { return strings.TrimSuffix(kind, "Patch") }

// isList recognises the *List types of built-in groups: they exist for YAML manifests and are never objects on a server.
func isList(kind schema.GroupVersionKind) bool {
	return strings.HasSuffix(kind.Kind, "List") && builtIn(kind.GroupVersion())
}

func namespaceOrDefault(namespace string) string {
	if namespace == "" {
		return "default"
	}
	return namespace
}

// identifier is an object's Pulumi id: namespace/name, or the name alone.
func identifier(object *unstructured.Unstructured) string {
	if namespace := object.GetNamespace(); namespace != "" {
		return namespace + "/" + object.GetName()
	}
	return object.GetName()
}

func splitIdentifier(id string) (namespace, name string) {
	if before, after, found := strings.Cut(id, "/"); found {
		return before, after
	}
	return "", id
}
