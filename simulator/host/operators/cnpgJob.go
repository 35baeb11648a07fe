package operators

import (
	"context"
	"encoding/json"
	"strconv"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// newJob fills the volumes of an instance: pkg/specs/jobs.go, CreatePrimaryJob.
func (c *cnpgCluster) newJob(serial int, role string) (*batchv1.Job, error) {
	instance := c.instance(serial)
	name := instance + "-" + role
	labels := c.appLabels()
	labels[cnpgInstanceLabel], labels[cnpgJobRoleLabel] = instance, role
	template := metav1.ObjectMeta{Labels: clone(labels)}
	c.inherit(&template)
	spec := c.podSpec(name, instance)
	spec.RestartPolicy, spec.PriorityClassName = corev1.RestartPolicyNever, c.spec.PriorityClassName
	work := corev1.Container{
		Name: role, Image: c.status.Image, ImagePullPolicy: c.spec.ImagePullPolicy, Env: c.environment(name), EnvFrom: c.spec.EnvFrom,
		Command: c.jobCommand(role), VolumeMounts: c.mounts(), Resources: c.spec.Resources, SecurityContext: c.spec.containerSecurity(),
	}
	if way := c.spec.Bootstrap.Initdb; role == "initdb" && way.Owner != "" && way.Database != "" {
		isFalse := false
		// Not needed: so that the pod does not start before the Secret is there.
		work.Env = append(work.Env, corev1.EnvVar{Name: "APP_USERNAME", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{
			LocalObjectReference: corev1.LocalObjectReference{Name: c.appSecret()}, Key: "username", Optional: &isFalse,
		}}})
	}
	spec.Containers = []corev1.Container{work}
	if c.barman != nil {
		if err := c.barman.intoJob(c, &spec, role); err != nil {
			return nil, err
		}
	}
	return &batchv1.Job{ObjectMeta: c.meta(name, labels), Spec: batchv1.JobSpec{Template: corev1.PodTemplateSpec{ObjectMeta: template, Spec: spec}}}, nil
}

// jobCommand is the command without the flags of initdb.
func (c *cnpgCluster) jobCommand(role string) []string {
	words := map[string]string{"initdb": "init", "import": "init", "full-recovery": "restore", "pgbasebackup": "pgbasebackup", "join": "join"}
	command := []string{"/controller/manager", "instance", words[role]}
	if way := c.spec.Bootstrap.Initdb; words[role] == "init" && way.Database != "" {
		command = append(command, "--app-db-name", way.Database, "--app-user", way.Owner)
	}
	if role == "join" {
		command = append(command, "--parent-node", c.name()+"-rw")
	}
	if c.spec.WalStorage != nil {
		command = append(command, "--pg-wal", "/var/lib/postgresql/wal/pg_wal")
	}
	return append(command, "--log-level="+c.spec.LogLevel)
}

// followJobs waits while an instance comes to be: reconcileResources of internal/controller/cluster_controller.go.
func (c *cnpgCluster) followJobs(ctx context.Context) (bool, error) {
	for _, job := range c.jobs {
		for _, each := range job.Status.Conditions {
			if each.Type == batchv1.JobFailed && each.Status == corev1.ConditionTrue {
				c.status.phase(cnpgUnrecoverable, "Instance creation failed for the following jobs: "+job.Name+
					". Check the job logs to investigate the cause of the failure.")
				return true, nil
			}
		}
	}
	for _, job := range c.jobs {
		if !isDone(job) {
			return true, nil
		}
	}
	// MarkPVCReadyForCompletedJobs of pkg/reconciler/persistentvolumeclaim/status.go.
	for _, job := range c.jobs {
		for _, claim := range c.claims {
			if !usesClaim(&job.Spec.Template.Spec, claim.Name) || claim.Annotations[cnpgPvcStatus] == "ready" {
				continue
			}
			if err := c.w.relabel(ctx, claims, &claim.ObjectMeta, nil, map[string]string{cnpgPvcStatus: "ready"}); err != nil {
				return false, err
			}
			claim.Annotations[cnpgPvcStatus] = "ready"
		}
	}
	return false, nil
}

// removeJob takes a Job away that has done its work (internal/controller/cluster_cleanup.go).
func (c *cnpgCluster) removeJob(ctx context.Context, job *batchv1.Job) error {
	if !isDone(job) || job.DeletionTimestamp != nil {
		return nil
	}
	first := metav1.DeletePropagationForeground
	return ignoreGone(c.w.write(jobs, c.namespace()).Delete(ctx, job.Name, metav1.DeleteOptions{PropagationPolicy: &first}))
}

// newClaim is a volume of an instance: pkg/reconciler/persistentvolumeclaim/build.go.
func (c *cnpgCluster) newClaim(serial int, role string, storage *cnpgStorage) *corev1.PersistentVolumeClaim {
	instance := c.instance(serial)
	made := &corev1.PersistentVolumeClaim{ObjectMeta: c.meta(claimName(instance, role), map[string]string{
		cnpgInstanceLabel: instance, cnpgPvcRoleLabel: role, "app.kubernetes.io/managed-by": cnpgManager,
		"app.kubernetes.io/name": "postgresql", "app.kubernetes.io/component": "database",
	})}
	// Only the first volume is filled by a Job.
	state := "initializing"
	if role != "PG_DATA" {
		state = "ready"
	}
	made.Annotations[cnpgSerial], made.Annotations[cnpgPvcStatus] = strconv.Itoa(serial), state
	if storage.PvcTemplate != nil {
		made.Spec = *storage.PvcTemplate.DeepCopy()
	}
	if len(made.Spec.AccessModes) == 0 {
		made.Spec.AccessModes = []corev1.PersistentVolumeAccessMode{corev1.ReadWriteOnce}
	}
	if storage.StorageClass != nil {
		made.Spec.StorageClassName = storage.StorageClass
	}
	if size := storage.size(); size != nil {
		made.Spec.Resources.Requests = corev1.ResourceList{corev1.ResourceStorage: *size}
	}
	return made
}

// makeClaims makes the volumes of an instance that are not there.
func (c *cnpgCluster) makeClaims(ctx context.Context, serial int) error {
	for role, storage := range c.spec.volumes() {
		name := claimName(c.instance(serial), role)
		if c.w.get(claims, c.namespace(), name) != nil {
			continue
		}
		if err := c.w.create(ctx, claims, "PersistentVolumeClaim", c.newClaim(serial, role, storage)); err != nil {
			return err
		}
	}
	return nil
}

// growClaims asks for larger volumes; smaller ones there are not (pkg/reconciler/persistentvolumeclaim/existing.go, reconcilePVCQuantity).
func (c *cnpgCluster) growClaims(ctx context.Context) (bool, error) {
	if wanted := c.spec.Storage.ResizeInUseVolumes; wanted != nil && !*wanted {
		return false, nil
	}
	volumes := c.spec.volumes()
	for _, claim := range c.claims {
		storage := volumes[claim.Labels[cnpgPvcRoleLabel]]
		if storage == nil || storage.size() == nil || claim.DeletionTimestamp != nil {
			continue
		}
		if has := claim.Spec.Resources.Requests[corev1.ResourceStorage]; has.Cmp(*storage.size()) >= 0 {
			continue
		}
		if err := c.w.merge(ctx, claims, &claim.ObjectMeta, fields{"spec": fields{"resources": fields{
			"requests": fields{"storage": storage.size().String()}}}}); err != nil {
			return false, err
		}
	}
	// An instance that lacks a volume gets it; its pod is then rolled out (reconcileMultipleInstancesMissingPVCs).
	for _, pod := range c.pods {
		if err := c.makeClaims(ctx, serialOf(pod.Annotations)); err != nil {
			return false, err
		}
	}
	return false, nil
}

func jsonText(value any) (string, error) {
	content, err := json.Marshal(value)
	return string(content), err
}
