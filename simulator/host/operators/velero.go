package operators

import (
	"context"
	"reflect"
	"time"

	"github.com/robfig/cron/v3"
	rbacv1 "k8s.io/api/rbac/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

var (
	veleroV1        = schema.GroupVersion{Group: "velero.io", Version: "v1"}
	backupLocations = veleroV1.WithResource("backupstoragelocations")
	backupSchedules = veleroV1.WithResource("schedules")
)

// velero takes up where backups go and when they are made, after the controllers of velero v1.18.1. It makes no backup: there is no store to write to.
func velero() *operator {
	return &operator{
		name:       "velero",
		controller: labels.Set{"app.kubernetes.io/name": "velero"},
		subjects: []subject{
			{"BackupStorageLocation", backupLocations, showBackupLocation},
			{"Schedule", backupSchedules, showBackupSchedule},
		},
		// Its kinds have no status apart from the object (config/crd/v1/bases: `subresources: {}`).
		rights: []rbacv1.PolicyRule{rule(veleroV1.Group, []string{"update"}, backupLocations.Resource, backupSchedules.Resource)},
	}
}

// locationStatus is as far as it is shown here (pkg/apis/velero/v1/backupstoragelocation_types.go).
type locationStatus struct {
	LastValidationTime string `json:"lastValidationTime"`
	Phase              string `json:"phase"`
	Message            string `json:"message,omitempty"`
}

// showBackupLocation says that the store has been reached, which is not asked here; pkg/controller/backup_storage_location_controller.go says so each minute.
func showBackupLocation(ctx context.Context, w *world, location *unstructured.Unstructured) error {
	status := locationStatus{LastValidationTime: time.Now().UTC().Format(time.RFC3339), Phase: "Available"}
	var shown locationStatus
	if err := read(location, &shown, "status"); err != nil {
		return err
	}
	var asked struct {
		ObjectStorage struct{ CACert, CACertRef any }
	}
	if err := read(location, &asked, "spec"); err != nil {
		return err
	}
	if asked.ObjectStorage.CACert != nil && asked.ObjectStorage.CACertRef != nil {
		status.Phase = "Unavailable"
		status.Message = `BackupStorageLocation "` + location.GetName() + `" is unavailable: cannot specify both caCert and caCertRef in objectStorage`
	}
	if shown.Phase == status.Phase && shown.Message == status.Message {
		return nil
	}
	return setInnerStatus(ctx, w, backupLocations, location, status)
}

// scheduleStatus is as far as it is shown here (pkg/apis/velero/v1/schedule_types.go).
type scheduleStatus struct {
	Phase            string   `json:"phase"`
	ValidationErrors []string `json:"validationErrors,omitempty"`
}

// showBackupSchedule is parseCronSchedule of pkg/controller/schedule_controller.go.
func showBackupSchedule(ctx context.Context, w *world, schedule *unstructured.Unstructured) error {
	status := scheduleStatus{Phase: "Enabled"}
	when, _, _ := unstructured.NestedString(schedule.Object, "spec", "schedule")
	if when == "" {
		status = scheduleStatus{"FailedValidation", []string{"Schedule must be a non-empty valid Cron expression"}}
	} else if _, err := cron.ParseStandard(when); err != nil {
		status = scheduleStatus{"FailedValidation", []string{"invalid schedule: " + err.Error()}}
	}
	return setInnerStatus(ctx, w, backupSchedules, schedule, status)
}

// setInnerStatus is setStatus for a kind whose status is part of the object.
func setInnerStatus(ctx context.Context, w *world, resource schema.GroupVersionResource, object *unstructured.Unstructured, status any) error {
	wanted, err := plain(status)
	if err != nil || reflect.DeepEqual(wanted, object.Object["status"]) {
		return err
	}
	changed := object.DeepCopy()
	changed.Object["status"] = wanted
	return w.update(ctx, resource, changed)
}
