package operators_test

import (
	"testing"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

const (
	backupLocationKind = "velero.io/v1 BackupStorageLocation"
	backupScheduleKind = "velero.io/v1 Schedule"
)

func inPhase(phase string) func(*unstructured.Unstructured) bool {
	return func(object *unstructured.Unstructured) bool {
		shown, _, _ := unstructured.NestedString(object.Object, "status", "phase")
		return shown == phase
	}
}

func TestBackupsAreTakenUpOnceVeleroRuns(t *testing.T) {
	s := newScene(t)
	s.apply("apiVersion: velero.io/v1\nkind: BackupStorageLocation\nmetadata: {name: default}\nspec: {provider: aws, objectStorage: {bucket: backups}}\n")
	s.apply("apiVersion: velero.io/v1\nkind: Schedule\nmetadata: {name: cluster}\nspec: {schedule: '15 */6 * * *', template: {ttl: 72h0m0s}}\n")
	if shown := s.get(backupLocationKind, "default").Object["status"]; shown != nil {
		t.Errorf("without Velero the status is %v", shown)
	}
	s.controller(`app.kubernetes.io/name: velero`)
	location := s.until(backupLocationKind, "default", inPhase("Available"))
	if bucket, _, _ := unstructured.NestedString(location.Object, "spec", "objectStorage", "bucket"); bucket != "backups" {
		t.Errorf("the bucket became %q", bucket)
	}
	s.until(backupScheduleKind, "cluster", inPhase("Enabled"))

	s.apply("apiVersion: velero.io/v1\nkind: Schedule\nmetadata: {name: cluster}\nspec: {schedule: 'every day', template: {ttl: 72h0m0s}}\n")
	refused := s.until(backupScheduleKind, "cluster", inPhase("FailedValidation"))
	if words, _, _ := unstructured.NestedStringSlice(refused.Object, "status", "validationErrors"); len(words) != 1 {
		t.Errorf("errors %v", words)
	}
	s.apply("apiVersion: velero.io/v1\nkind: BackupStorageLocation\nmetadata: {name: default}\nspec: {provider: aws, objectStorage: {bucket: backups, caCert: QQ==, caCertRef: {name: a, key: b}}}\n")
	s.until(backupLocationKind, "default", inPhase("Unavailable"))
}
