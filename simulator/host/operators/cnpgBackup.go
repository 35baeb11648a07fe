package operators

import (
	"context"
	"fmt"
	"slices"
	"time"

	"github.com/robfig/cron/v3"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

type cnpgBackupSpec struct {
	Cluster             cnpgName
	Method              string
	Target              string
	PluginConfiguration *struct {
		Name       string
		Parameters map[string]string
	}
	Online *bool
}

type cnpgBackupStatus struct {
	MajorVersion   int               `json:"majorVersion,omitempty"`
	BackupID       string            `json:"backupId,omitempty"`
	BackupName     string            `json:"backupName,omitempty"`
	Phase          string            `json:"phase,omitempty"`
	Error          string            `json:"error,omitempty"`
	StartedAt      string            `json:"startedAt,omitempty"`
	StoppedAt      string            `json:"stoppedAt,omitempty"`
	BeganAt        string            `json:"reconciliationStartedAt,omitempty"`
	EndedAt        string            `json:"reconciliationTerminatedAt,omitempty"`
	InstanceID     map[string]string `json:"instanceID,omitempty"`
	Method         string            `json:"method,omitempty"`
	Online         *bool             `json:"online,omitempty"`
	PluginMetadata map[string]string `json:"pluginMetadata,omitempty"`
}

// syncCnpgBackup takes a backup by the plugin: internal/controller/backup_controller.go and, of the instance manager,
// pkg/management/postgres/webserver/plugin_backup.go. It is taken at once, as there is no data.
func syncCnpgBackup(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	spec, status := &cnpgBackupSpec{}, &cnpgBackupStatus{}
	if err := read(object, spec, "spec"); err != nil {
		return err
	}
	if err := read(object, status, "status"); err != nil {
		return err
	}
	if object.GetDeletionTimestamp() != nil || slices.Contains([]string{"completed", "failed"}, status.Phase) {
		return nil
	}
	b := &cnpgBackup{w: w, object: object, spec: spec, status: status}
	if spec.Method == "plugin" && (spec.PluginConfiguration == nil || spec.PluginConfiguration.Name == "") {
		status.Phase = "invalid backup definition"
		status.Error = fmt.Sprintf("Backup.%s %q is invalid: spec.pluginConfiguration: Invalid value: null: cannot be empty when the backup method is plugin",
			cnpgV1.Group, object.GetName())
		return w.setStatus(ctx, cnpgBackups, object, status)
	}
	cluster := w.get(cnpgClusters, object.GetNamespace(), spec.Cluster.Name)
	if cluster == nil {
		return b.wait(ctx)
	}
	c, err := readCnpgCluster(w, cluster)
	if err != nil || c == nil {
		return err
	}
	b.c = c
	if failure := b.unfit(); failure != "" {
		return b.fail(ctx, failure)
	}
	pod := c.pod(b.target())
	if !reports(pod) {
		return b.wait(ctx)
	}
	return b.take(ctx, pod.Name)
}

type cnpgBackup struct {
	w      *world
	object *unstructured.Unstructured
	spec   *cnpgBackupSpec
	status *cnpgBackupStatus
	c      *cnpgCluster
}

func (b *cnpgBackup) wait(ctx context.Context) error {
	b.status.Phase, b.status.Error = "pending", ""
	return b.w.setStatus(ctx, cnpgBackups, b.object, b.status)
}

// unfit says why the Cluster cannot be backed up so (checkPrerequisites).
func (b *cnpgBackup) unfit() string {
	switch method := orElse(b.spec.Method, "barmanObjectStore"); {
	case method == "plugin" && len(b.c.spec.Plugins) == 0:
		return "cannot proceed with the backup as the cluster has no plugin configured"
	case method == "plugin":
		return ""
	case b.c.spec.Backup == nil:
		return "cannot proceed with the backup as the cluster has no backup section"
	case method == "barmanObjectStore" && b.c.spec.Backup.BarmanObjectStore == nil:
		return "no barmanObjectStore section defined on the target cluster"
	default:
		return "this stand-in takes no backups by the method " + method
	}
}

// target is the instance that is asked: a replica, unless the primary is wanted or there is no replica (getBackupTargetPod).
func (b *cnpgBackup) target() string {
	list := b.c.reporting()
	if b.spec.Target != "primary" && len(list) > 1 {
		return list[1].Name
	}
	return b.c.status.TargetPrimary
}

func (b *cnpgBackup) fail(ctx context.Context, message string) error {
	b.c.status.LastFailedBackup = timestamp(time.Now())
	b.c.status.show(condition{Type: "LastBackupSucceeded", Status: conditionFalse, Reason: "LastBackupFailed", Message: message})
	b.status.Phase, b.status.Error, b.status.EndedAt, b.status.Method = "failed", message, timestamp(time.Now()), b.spec.Method
	return b.end(ctx)
}

// end tells the Cluster first: a Backup that has ended is not looked at again.
func (b *cnpgBackup) end(ctx context.Context) error {
	if err := b.w.setStatus(ctx, cnpgClusters, b.c.object, b.c.status); err != nil {
		return err
	}
	return b.w.setStatus(ctx, cnpgBackups, b.object, b.status)
}

// take asks the plugin in the instance: internal/cnpgi/instance/backup.go of plugin-barman-cloud.
func (b *cnpgBackup) take(ctx context.Context, instance string) error {
	name := b.spec.PluginConfiguration.Name
	if _, err := b.c.findPlugins(ctx); err != nil {
		return err
	}
	if b.c.barman == nil || name != barmanName {
		return b.fail(ctx, fmt.Sprintf("requested plugin is not available: %s", name))
	}
	store := b.w.get(objectStores, b.object.GetNamespace(), b.c.barman.store)
	if store == nil {
		return b.fail(ctx, fmt.Sprintf("rpc error: code = Unknown desc = objectstores.%s %q not found", objectStores.Group, b.c.barman.store))
	}
	now, online := time.Now().UTC(), true
	if err := b.widen(ctx, store, now); err != nil {
		return err
	}
	s := b.status
	s.Phase, s.Error, s.Method, s.Online, s.MajorVersion = "completed", "", b.spec.Method, &online, b.c.spec.major()
	s.BackupID, s.BackupName = now.Format("20060102T150405"), "backup-"+now.Format("20060102150405")
	s.StartedAt, s.StoppedAt, s.BeganAt, s.EndedAt = timestamp(now), timestamp(now), timestamp(now), timestamp(now)
	s.InstanceID = map[string]string{"podName": instance}
	b.c.status.show(condition{Type: "LastBackupSucceeded", Status: conditionTrue, Reason: "LastBackupSucceeded", Message: "Backup was successful"})
	return b.end(ctx)
}

// widen tells in the ObjectStore from when to when the server can be restored (internal/cnpgi/instance/recovery_window.go). No backup is ever removed.
func (b *cnpgBackup) widen(ctx context.Context, store *unstructured.Unstructured, now time.Time) error {
	type window struct {
		FirstRecoverabilityPoint string `json:"firstRecoverabilityPoint,omitempty"`
		LastSuccessfulBackupTime string `json:"lastSuccessfulBackupTime,omitempty"`
		LastFailedBackupTime     string `json:"lastFailedBackupTime,omitempty"`
	}
	var status struct {
		ServerRecoveryWindow map[string]window `json:"serverRecoveryWindow,omitempty"`
	}
	if err := read(store, &status, "status"); err != nil {
		return err
	}
	if status.ServerRecoveryWindow == nil {
		status.ServerRecoveryWindow = map[string]window{}
	}
	of := status.ServerRecoveryWindow[b.c.barman.serverName]
	of.FirstRecoverabilityPoint, of.LastSuccessfulBackupTime = orElse(of.FirstRecoverabilityPoint, timestamp(now)), timestamp(now)
	status.ServerRecoveryWindow[b.c.barman.serverName] = of
	return b.w.setStatus(ctx, objectStores, store, status)
}

// cnpgClock reads a schedule as the operator does: the first of six fields is the second, and the day of the week may be missing.
var cnpgClock = cron.NewParser(cron.Second | cron.Minute | cron.Hour | cron.Dom | cron.Month | cron.DowOptional | cron.Descriptor)

// syncCnpgScheduledBackup is internal/controller/scheduledbackup_controller.go.
func syncCnpgScheduledBackup(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	spec := struct {
		Suspend, Immediate   *bool
		Schedule             string
		BackupOwnerReference string
		Cluster              cnpgName
	}{}
	status := struct {
		LastCheckTime    string `json:"lastCheckTime,omitempty"`
		LastScheduleTime string `json:"lastScheduleTime,omitempty"`
		NextScheduleTime string `json:"nextScheduleTime,omitempty"`
		Error            string `json:"error,omitempty"`
	}{}
	if err := read(object, &spec, "spec"); err != nil {
		return err
	}
	if err := read(object, &status, "status"); err != nil {
		return err
	}
	schedule, err := cnpgClock.Parse(spec.Schedule)
	status.Error = ""
	if err != nil {
		status.Error = fmt.Sprintf("ScheduledBackup.%s %q is invalid: spec.schedule: Invalid value: %q: %v", cnpgV1.Group, object.GetName(), spec.Schedule, err)
		return w.setStatus(ctx, cnpgScheduledBackups, object, status)
	}
	if object.GetDeletionTimestamp() != nil || spec.Suspend != nil && *spec.Suspend {
		return nil
	}
	now := time.Now().UTC().Truncate(time.Second)
	last, err := time.Parse(time.RFC3339, status.LastCheckTime)
	immediate := err != nil && spec.Immediate != nil && *spec.Immediate
	due := schedule.Next(last)
	switch {
	case immediate:
		due = now
		if made := immediateOf(w, object); made != nil {
			due = made.GetCreationTimestamp().Time // the status got lost
		} else if err := scheduleBackup(ctx, w, object, spec.BackupOwnerReference, spec.Cluster.Name, due, true); err != nil {
			return err
		}
	case err != nil: // the first look: it waits for its time
		status.LastCheckTime = timestamp(now)
		w.again(object, time.Until(schedule.Next(now)))
		return w.setStatus(ctx, cnpgScheduledBackups, object, status)
	case now.Before(due):
		w.again(object, time.Until(due))
		return w.setStatus(ctx, cnpgScheduledBackups, object, status)
	default:
		if err := scheduleBackup(ctx, w, object, spec.BackupOwnerReference, spec.Cluster.Name, due, false); err != nil {
			return err
		}
	}
	status.LastCheckTime, status.LastScheduleTime, status.NextScheduleTime = timestamp(now), timestamp(due), timestamp(schedule.Next(now))
	w.again(object, time.Until(schedule.Next(now)))
	return w.setStatus(ctx, cnpgScheduledBackups, object, status)
}

func immediateOf(w *world, object *unstructured.Unstructured) *unstructured.Unstructured {
	for _, each := range w.list(cnpgBackups, map[string]string{"cnpg.io/scheduled-backup": object.GetName(), "cnpg.io/immediateBackup": "true"}) {
		if each.GetNamespace() == object.GetNamespace() {
			return each
		}
	}
	return nil
}

// scheduleBackup makes the Backup of a time (createBackup).
func scheduleBackup(ctx context.Context, w *world, object *unstructured.Unstructured, owner, cluster string, due time.Time, immediate bool) error {
	meta := metav1.ObjectMeta{
		Name: object.GetName() + "-" + due.UTC().Format("20060102150405"), Namespace: object.GetNamespace(),
		Labels: map[string]string{
			cnpgClusterLabel: cluster, "cnpg.io/immediateBackup": fmt.Sprint(immediate), "cnpg.io/scheduled-backup": object.GetName(),
		},
	}
	switch owner {
	case "self":
		meta.OwnerReferences = ownerOf(object)
	case "cluster":
		found := w.get(cnpgClusters, object.GetNamespace(), cluster)
		if found == nil {
			return fmt.Errorf("clusters.%s %q not found", cnpgV1.Group, cluster)
		}
		meta.OwnerReferences = ownerOf(found)
	}
	spec := fields{}
	for _, key := range []string{"cluster", "target", "method", "online", "onlineConfiguration", "pluginConfiguration"} {
		if value, given, _ := unstructured.NestedFieldCopy(object.Object, "spec", key); given {
			spec[key] = value
		}
	}
	return w.as(cnpgManager).create(ctx, cnpgBackups, "Backup", fields{"metadata": meta, "spec": spec})
}
