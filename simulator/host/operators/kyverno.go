package operators

import (
	"context"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// policyStatus is the status of every kind of policy, as far as it is shown here. What Kyverno generates for other kinds of workloads (autogen) is not.
type policyStatus struct {
	ConditionStatus struct {
		Conditions []condition `json:"conditions,omitempty"`
		Message    string      `json:"message,omitempty"`
		Ready      bool        `json:"ready"`
	} `json:"conditionStatus"`
}

// kyverno shows every policy as taken up by the webhooks, after pkg/controllers/policystatus/controller.go of kyverno v1.19.0. No policy is enforced here:
// nobody answers webhooks.
func kyverno() *operator {
	made := &operator{name: "kyverno", controller: labels.Set{"app.kubernetes.io/part-of": "kyverno", "app.kubernetes.io/component": "admission-controller"}}
	for kind, resource := range map[string]string{
		"GeneratingPolicy":      "generatingpolicies",
		"ImageValidatingPolicy": "imagevalidatingpolicies",
		"MutatingPolicy":        "mutatingpolicies",
		"ValidatingPolicy":      "validatingpolicies",
	} {
		// Each also has a kind that is about the pods of its own namespace.
		for kind, resource := range map[string]string{kind: resource, "Namespaced" + kind: "namespaced" + resource} {
			policies := schema.GroupVersionResource{Group: "policies.kyverno.io", Version: "v1", Resource: resource}
			made.subjects = append(made.subjects, subject{kind, policies, func(ctx context.Context, w *world, policy *unstructured.Unstructured) error {
				return showPolicy(ctx, w, policies, policy)
			}})
		}
	}
	return made
}

func showPolicy(ctx context.Context, w *world, policies schema.GroupVersionResource, policy *unstructured.Unstructured) error {
	var status policyStatus
	if err := read(policy, &status, "status"); err != nil {
		return err
	}
	var evaluation struct{ Admission, Background struct{ Enabled *bool } }
	if err := read(policy, &evaluation, "spec", "evaluation"); err != nil {
		return err
	}
	reporting := condition{Type: "RBACPermissionsGranted", Status: conditionTrue, Reason: "Succeeded", Message: "Policy is ready for reporting."}
	if enabled := evaluation.Background.Enabled; enabled != nil && !*enabled {
		reporting.Message = "Background scanning disabled; reporting permissions not required."
	}
	var shown []condition
	if enabled := evaluation.Admission.Enabled; enabled == nil || *enabled {
		shown = append(shown, condition{Type: "WebhookConfigured", Status: conditionTrue, Reason: "Succeeded", Message: "Webhook configured."})
	}
	status.ConditionStatus.Conditions = merged(status.ConditionStatus.Conditions, append(shown, reporting)...)
	status.ConditionStatus.Ready = true
	return w.setStatus(ctx, policies, policy, status)
}
