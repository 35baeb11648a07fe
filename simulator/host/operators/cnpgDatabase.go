package operators

import (
	"context"
	"fmt"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// cnpgApplied is the status of what an instance manager has done in PostgreSQL.
type cnpgApplied struct {
	ObservedGeneration    int64       `json:"observedGeneration,omitempty"`
	Applied               *bool       `json:"applied,omitempty"`
	Message               string      `json:"message,omitempty"`
	SecretResourceVersion string      `json:"secretResourceVersion,omitempty"`
	Conditions            []condition `json:"conditions,omitempty"`
}

// set is SetAsReady, SetAsFailed or, without a word of either, SetAsUnknown (api/v1/database_funcs.go).
func (a *cnpgApplied) set(object *unstructured.Unstructured, applied *bool, message string) {
	a.Applied, a.Message = applied, message
	if applied != nil && *applied {
		a.ObservedGeneration = object.GetGeneration()
	}
}

// primaryOf is the Cluster that a name says, when it has a primary that answers; nil before.
func primaryOf(w *world, namespace, name string) (*cnpgCluster, error) {
	cluster := w.get(cnpgClusters, namespace, name)
	if cluster == nil {
		return nil, nil
	}
	c, err := readCnpgCluster(w, cluster)
	if err != nil || c == nil {
		return nil, err
	}
	if c.status.CurrentPrimary == "" || c.status.CurrentPrimary != c.status.TargetPrimary || !reports(c.pod(c.status.CurrentPrimary)) {
		return nil, nil
	}
	return c, nil
}

// clusterIsReplica is what managers say of what a replica Cluster cannot have (internal/management/controller/common.go).
const clusterIsReplica = "waiting for the cluster to become primary"

// syncCnpgDatabase is internal/management/controller/database_controller.go: nothing happens before the Cluster has its primary.
func syncCnpgDatabase(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	spec, status := struct {
		Name    string
		Cluster cnpgName
	}{}, &cnpgApplied{}
	if err := read(object, &spec, "spec"); err != nil {
		return err
	}
	if err := read(object, status, "status"); err != nil {
		return err
	}
	c, err := primaryOf(w, object.GetNamespace(), spec.Cluster.Name)
	if err != nil || c == nil || object.GetDeletionTimestamp() != nil {
		return err
	}
	isTrue, isFalse := true, false
	if c.spec.isReplica(c.name()) {
		status.set(object, nil, clusterIsReplica)
	} else if other := sameDatabase(w, object, spec.Cluster.Name, spec.Name); other != "" {
		status.set(object, &isFalse, fmt.Sprintf("%q is already managed by object %q", spec.Name, other))
	} else {
		status.set(object, &isTrue, "")
	}
	return w.setStatus(ctx, cnpgDatabases, object, status)
}

// sameDatabase is another Database of the same name that was applied before (detectConflictingManagers).
func sameDatabase(w *world, object *unstructured.Unstructured, cluster, name string) string {
	for _, other := range w.list(cnpgDatabases, nil) {
		observed, _, _ := unstructured.NestedInt64(other.Object, "status", "observedGeneration")
		itsName, _, _ := unstructured.NestedString(other.Object, "spec", "name")
		itsCluster, _, _ := unstructured.NestedString(other.Object, "spec", "cluster", "name")
		if other.GetNamespace() == object.GetNamespace() && other.GetName() != object.GetName() && itsName == name && itsCluster == cluster && observed > 0 {
			return other.GetName()
		}
	}
	return ""
}

// cnpgRoleSpec is what is read of a DatabaseRole.
type cnpgRoleSpec struct {
	cnpgRole
	Cluster cnpgName
}

// syncCnpgDatabaseRole is internal/management/controller/databaserole_controller.go, and of the operator the condition by which that one learns of a new
// password (internal/controller/databaserole_controller.go). Client certificates are not made.
func syncCnpgDatabaseRole(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	spec, status := &cnpgRoleSpec{}, &cnpgApplied{}
	if err := read(object, spec, "spec"); err != nil {
		return err
	}
	if err := read(object, status, "status"); err != nil {
		return err
	}
	if object.GetDeletionTimestamp() != nil {
		return nil
	}
	var password *unstructured.Unstructured
	if spec.PasswordSecret == nil {
		status.Conditions = without(status.Conditions, "PasswordSecretChange")
	} else if password = w.get(secrets, object.GetNamespace(), spec.PasswordSecret.Name); password != nil {
		status.Conditions = merged(status.Conditions, condition{
			Type: "PasswordSecretChange", Status: conditionTrue, Reason: "ChangeDetected", Message: password.GetResourceVersion(),
		})
	}
	c, err := primaryOf(w, object.GetNamespace(), spec.Cluster.Name)
	if err != nil {
		return err
	}
	if c != nil {
		c.applyRole(object, spec, status, password)
	}
	return w.setStatus(ctx, cnpgDatabaseRoles, object, status)
}

func (c *cnpgCluster) applyRole(object *unstructured.Unstructured, spec *cnpgRoleSpec, status *cnpgApplied, password *unstructured.Unstructured) {
	isTrue, isFalse := true, false
	if c.spec.Managed != nil {
		for _, role := range c.spec.Managed.Roles {
			if role.Name == spec.Name {
				status.set(object, &isFalse, "database role is already managed by the CNPG cluster")
				return
			}
		}
	}
	switch {
	case c.spec.isReplica(c.name()):
		status.set(object, nil, clusterIsReplica)
	case spec.Ensure == "absent":
		status.set(object, &isFalse, "ensure: absent is not supported for DatabaseRole; delete the resource with databaseRoleReclaimPolicy: delete instead")
	case spec.PasswordSecret != nil && password == nil:
		status.set(object, &isFalse, fmt.Sprintf("secrets %q not found", spec.PasswordSecret.Name))
	default:
		status.set(object, &isTrue, "")
		if password != nil {
			status.SecretResourceVersion = password.GetResourceVersion()
		}
	}
}
