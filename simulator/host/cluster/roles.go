package cluster

import (
	"context"
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"

	"tars-platform/simulator/host/simulation"
)

// fieldManager signs what the supervisor applies.
const fieldManager = "tars-simulator"

// grantRoles gives the simulator's own parts exactly the rights they use; the Kubernetes components have built-in roles.
func grantRoles(ctx context.Context, c *cluster) error {
	for user, rules := range simulation.Roles() {
		role := &rbacv1.ClusterRole{
			TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRole"},
			ObjectMeta: metav1.ObjectMeta{Name: user},
			Rules:      rules,
		}
		binding := &rbacv1.ClusterRoleBinding{
			TypeMeta:   metav1.TypeMeta{APIVersion: rbacv1.SchemeGroupVersion.String(), Kind: "ClusterRoleBinding"},
			ObjectMeta: metav1.ObjectMeta{Name: user},
			RoleRef:    rbacv1.RoleRef{APIGroup: rbacv1.GroupName, Kind: "ClusterRole", Name: user},
			Subjects:   []rbacv1.Subject{{APIGroup: rbacv1.GroupName, Kind: rbacv1.UserKind, Name: user}},
		}
		if err := c.apply(ctx, role, binding); err != nil {
			return fmt.Errorf("rights of %s: %w", user, err)
		}
	}
	return nil
}

// forgetHeartbeats removes the leases of an earlier run. Its kwok held them under another name, and that of this run would wait for them to expire
// before it takes a node over.
func forgetHeartbeats(ctx context.Context, c *cluster) error {
	leases := c.client.CoordinationV1().Leases(corev1.NamespaceNodeLease)
	if err := leases.DeleteCollection(ctx, metav1.DeleteOptions{}, metav1.ListOptions{}); err != nil {
		return fmt.Errorf("heartbeats of an earlier run: %w", err)
	}
	return nil
}

func (c *cluster) apply(ctx context.Context, role *rbacv1.ClusterRole, binding *rbacv1.ClusterRoleBinding) error {
	force := true
	options := metav1.PatchOptions{FieldManager: fieldManager, Force: &force}
	roleJSON, err := json.Marshal(role)
	if err != nil {
		return fmt.Errorf("role: %w", err)
	}
	if _, err := c.client.RbacV1().ClusterRoles().Patch(ctx, role.Name, types.ApplyPatchType, roleJSON, options); err != nil {
		return fmt.Errorf("role: %w", err)
	}
	bindingJSON, err := json.Marshal(binding)
	if err != nil {
		return fmt.Errorf("binding: %w", err)
	}
	if _, err := c.client.RbacV1().ClusterRoleBindings().Patch(ctx, binding.Name, types.ApplyPatchType, bindingJSON, options); err != nil {
		return fmt.Errorf("binding: %w", err)
	}
	return nil
}
