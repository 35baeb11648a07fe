package simulation

import (
	rbacv1 "k8s.io/api/rbac/v1"

	"tars-platform/simulator/host/operators"
)

// The users the simulator's own parts are known as to the API server, beside the stand-in operators. None is an administrator.
const (
	// MachinesUser is kwok, which does what the kubelets of all nodes would do.
	MachinesUser = "tars-simulator:machines"
	// CloudUser is this package's program, which does what a cloud around the cluster would do.
	CloudUser = "tars-simulator:cloud"
)

var (
	read       = []string{"get", "list", "watch"}
	readCreate = []string{"get", "list", "watch", "create"}
	change     = []string{"update", "patch"}
	manage     = []string{"get", "list", "watch", "create", "update", "patch", "delete"}
)

// Roles lists what each user may do.
func Roles() map[string][]rbacv1.PolicyRule {
	return map[string][]rbacv1.PolicyRule{
		// As kustomize/rbac/role.yaml of the kwok module, without its custom resources, which are not used, and without what they need.
		MachinesUser: {
			rule("", read, "nodes"),
			rule("", change, "nodes/status", "pods/status"),
			rule("", []string{"get", "list", "watch", "update", "patch", "delete"}, "pods"),
			rule("", []string{"create", "update", "patch"}, "events"),
			rule("events.k8s.io", []string{"create", "update", "patch"}, "events"),
			rule("coordination.k8s.io", []string{"get", "list", "watch", "create", "update", "patch"}, "leases"),
		},
		CloudUser: {
			rule("", manage, "nodes"),
			rule("", change, "nodes/status", "services/status", "persistentvolumeclaims/status"),
			rule("", append([]string{"patch", "delete"}, readCreate...), "persistentvolumes"),
			rule("", append([]string{"patch"}, read...), "persistentvolumeclaims"),
			rule("", read, "services", "pods"),
			rule("", []string{"create"}, "pods/eviction"),
			rule("apps", read, "daemonsets"),
			rule("storage.k8s.io", manage, "storageclasses", "csidrivers"),
			rule("networking.k8s.io", manage, "ingressclasses"),
			rule("networking.k8s.io", read, "ingresses"),
			rule("networking.k8s.io", change, "ingresses/status"),
			rule("", []string{"create", "patch"}, "events"),
			rule("events.k8s.io", []string{"create", "patch"}, "events"),
		},
		operators.User: operators.Rules(),
	}
}

func rule(group string, verbs []string, resources ...string) rbacv1.PolicyRule {
	return rbacv1.PolicyRule{APIGroups: []string{group}, Resources: resources, Verbs: verbs}
}
