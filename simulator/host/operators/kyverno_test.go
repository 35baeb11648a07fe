package operators_test

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const policyKind = "policies.kyverno.io/v1 ImageValidatingPolicy"

func TestAPolicyOfANamespaceIsReadyOnceKyvernoRuns(t *testing.T) {
	s := newScene(t)
	s.controller(`app.kubernetes.io/part-of: kyverno, app.kubernetes.io/component: admission-controller`)
	s.apply("apiVersion: policies.kyverno.io/v1\nkind: NamespacedImageValidatingPolicy\nmetadata: {name: signed}\nspec: {}\n")
	s.until("policies.kyverno.io/v1 NamespacedImageValidatingPolicy", "signed", isReadyPolicy)
}

func isReadyPolicy(object *unstructured.Unstructured) bool {
	ready, _, _ := unstructured.NestedBool(object.Object, "status", "conditionStatus", "ready")
	return ready
}

func TestPoliciesAreReadyOnceKyvernoRuns(t *testing.T) {
	s := newScene(t)
	s.apply("apiVersion: policies.kyverno.io/v1\nkind: ImageValidatingPolicy\nmetadata: {name: signed}\nspec: {evaluation: {background: {enabled: false}}}\n")
	if shown := s.get(policyKind, "signed").Object["status"]; shown != nil {
		t.Errorf("without Kyverno the status is %v", shown)
	}
	s.controller(`app.kubernetes.io/part-of: kyverno, app.kubernetes.io/component: admission-controller`)
	policy := s.until(policyKind, "signed", isReadyPolicy)
	shown := conditionsOf(policy)
	if !shown["WebhookConfigured=True Succeeded"] || !shown["RBACPermissionsGranted=True Succeeded"] {
		t.Errorf("conditions %v", shown)
	}
}
