package operators

import (
	"context"
	"fmt"
	"slices"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// removePod takes this pod away, and not one that came after it.
func (c *cnpgCluster) removePod(ctx context.Context, pod *corev1.Pod) error {
	only := &metav1.Preconditions{UID: &pod.UID}
	return ignoreGone(c.w.write(pods, c.namespace()).Delete(ctx, pod.Name, metav1.DeleteOptions{Preconditions: only}))
}

// clearPods takes pods away that have ended, and those that find no place as they are but may as they are to be now (deleteTerminatedPods,
// processUnschedulableInstances).
func (c *cnpgCluster) clearPods(ctx context.Context) (bool, error) {
	cleared := false
	for _, pod := range c.pods {
		ended := pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
		if pod.DeletionTimestamp != nil || (!ended && !findsNoPlace(pod)) {
			continue
		}
		if !ended {
			if reason, err := c.outdated(pod); err != nil || reason == "" {
				if err != nil {
					return false, err
				}
				continue
			}
		}
		if err := c.removePod(ctx, pod); err != nil {
			return false, err
		}
		cleared = true
	}
	return cleared, nil
}

func findsNoPlace(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodPending && slices.ContainsFunc(pod.Status.Conditions, func(each corev1.PodCondition) bool {
		return each.Type == corev1.PodScheduled && each.Status == corev1.ConditionFalse && each.Reason == corev1.PodReasonUnschedulable
	})
}

// waitForPods does nothing further while an instance is not running.
func (c *cnpgCluster) waitForPods(context.Context) (bool, error) {
	if !slices.ContainsFunc(c.pods, func(pod *corev1.Pod) bool { return !isActive(pod) }) {
		return false, nil
	}
	if c.status.Phase != cnpgInplaceRestart {
		c.status.phase("Waiting for the instances to become active", "Some instances are not yet active. Please wait.")
	}
	return true, nil
}

// makeInstances brings pods to volumes that have none, then the next instance: reconcilePods of internal/controller/cluster_controller.go. The first
// is the primary; each further one joins when those before it are ready.
func (c *cnpgCluster) makeInstances(ctx context.Context) (bool, error) {
	if serial := c.instanceWithoutPod(); serial > 0 {
		return true, c.attach(ctx, serial)
	}
	for _, claim := range c.claims {
		if slices.Contains(c.status.HealthyPVC, claim.Name) && claim.Annotations[cnpgPvcStatus] != "ready" {
			if err := c.w.relabel(ctx, claims, &claim.ObjectMeta, nil, map[string]string{cnpgPvcStatus: "ready"}); err != nil {
				return false, err
			}
		}
	}
	switch {
	case c.status.Instances == 0:
		return true, c.makePrimary(ctx)
	case len(c.reporting()) < c.status.Instances:
		return true, nil
	case c.status.Instances < c.spec.Instances:
		return true, c.join(ctx)
	}
	return false, nil
}

// instanceWithoutPod is the serial number of one that has volumes only, the primary's first; 0 when there is none (findInstancePodToCreate).
func (c *cnpgCluster) instanceWithoutPod() int {
	found := 0
	for _, name := range slices.Concat(c.status.DanglingPVC, c.status.UnusablePVC) {
		for _, claim := range c.claims {
			serial := serialOf(claim.Annotations)
			if claim.Name != name || c.pod(c.instance(serial)) != nil {
				continue
			}
			if claim.Labels[cnpgRoleLabel] == "primary" {
				return serial
			}
			if found == 0 {
				found = serial
			}
		}
	}
	return found
}

// terminating says whether a volume of an instance is on its way out.
func (c *cnpgCluster) terminating(serial int) string {
	for _, claim := range c.claims {
		if serialOf(claim.Annotations) == serial && claim.DeletionTimestamp != nil {
			return claim.Name
		}
	}
	return ""
}

// attach makes the pod of an instance whose volumes are there (ensureInstancesAreCreated). A first instance whose Job got lost gets it again.
func (c *cnpgCluster) attach(ctx context.Context, serial int) error {
	if c.terminating(serial) != "" {
		return nil
	}
	if err := c.makeClaims(ctx, serial); err != nil {
		return err
	}
	for _, claim := range c.claims {
		if serialOf(claim.Annotations) != serial || claim.Annotations[cnpgPvcStatus] == "ready" {
			continue
		}
		if c.status.TargetPrimary == c.instance(serial) && len(c.jobs) == 0 {
			return c.startPrimary(ctx, serial)
		}
		return nil
	}
	pod, err := c.newPod(serial)
	if err != nil {
		return err
	}
	if err := c.w.create(ctx, pods, "Pod", pod); err != nil {
		return fmt.Errorf("unable to create Pod: %w", err)
	}
	return nil
}

// freeSerial is the lowest number that no instance has (generateNodeSerial).
func (c *cnpgCluster) freeSerial() int {
	serial := 1
	for slices.Contains(c.status.InstanceNames, c.instance(serial)) {
		serial++
	}
	return serial
}

// makePrimary begins with the first instance (createPrimaryInstance).
func (c *cnpgCluster) makePrimary(ctx context.Context) error {
	if c.status.isTrue("Initialized") {
		c.status.phase(cnpgUnrecoverable, "One or more instances were previously created, but no PersistentVolumeClaims (PVCs) exist. "+
			"The cluster is in an unrecoverable state. To resolve this, restore the cluster from a recent backup.")
		return nil
	}
	if way, role := c.spec.way(); role == "full-recovery" && way.Backup != nil {
		phase := ""
		if backup := c.w.get(cnpgBackups, c.namespace(), way.Backup.Name); backup != nil {
			if err := read(backup, &phase, "status", "phase"); err != nil {
				return err
			}
		}
		if phase != "completed" {
			return nil // until it is; checkReadyForRecovery
		}
	}
	serial := c.freeSerial()
	if err := c.makeClaims(ctx, serial); err != nil {
		return err
	}
	return c.startPrimary(ctx, serial)
}

func (c *cnpgCluster) startPrimary(ctx context.Context, serial int) error {
	_, role := c.spec.way()
	job, err := c.newJob(serial, role)
	if err != nil {
		return err
	}
	c.status.setTarget(c.instance(serial))
	c.status.phase("Setting up primary", "Creating primary instance "+c.instance(serial))
	return c.w.create(ctx, jobs, "Job", job)
}

// join adds a replica (joinReplicaInstance).
func (c *cnpgCluster) join(ctx context.Context) error {
	serial := c.freeSerial()
	if claim := c.terminating(serial); claim != "" {
		c.status.phase("Creating a new replica", fmt.Sprintf("Waiting for PVC %q to be removed before recreating instance %q", claim, c.instance(serial)))
		return nil
	}
	job, err := c.newJob(serial, "join")
	if err != nil {
		return err
	}
	c.status.phase("Creating a new replica", "Creating replica "+job.Name)
	if err := c.w.create(ctx, jobs, "Job", job); err != nil {
		return err
	}
	return c.makeClaims(ctx, serial)
}

// removeInstances takes the highest replica away when there are too many, with its volumes (internal/controller/cluster_scale.go).
func (c *cnpgCluster) removeInstances(ctx context.Context) (bool, error) {
	if c.status.Instances <= c.spec.Instances {
		return false, nil
	}
	last := 0
	for _, pod := range c.pods {
		if reports(pod) && pod.Name != c.status.CurrentPrimary {
			last = max(last, serialOf(pod.Annotations))
		}
	}
	if last == 0 {
		return true, nil
	}
	for _, claim := range c.claims {
		if serialOf(claim.Annotations) != last {
			continue
		}
		if err := ignoreGone(c.w.write(claims, c.namespace()).Delete(ctx, claim.Name, metav1.DeleteOptions{})); err != nil {
			return false, err
		}
	}
	return true, c.removePod(ctx, c.pod(c.instance(last)))
}

// rollOut brings instances up to date one after the other, the primary last: internal/controller/cluster_upgrade.go.
func (c *cnpgCluster) rollOut(ctx context.Context) (bool, error) {
	list := c.reporting()
	if len(list) != c.status.Instances || len(list) != c.spec.Instances {
		return true, nil
	}
	for index := len(list) - 1; index >= 0; index-- {
		pod := list[index]
		reason, err := c.outdated(pod)
		if err != nil {
			return false, err
		}
		if reason == "" {
			continue
		}
		if pod.Name == c.status.CurrentPrimary {
			return true, c.renewPrimary(ctx, list, reason)
		}
		c.status.phase(cnpgUpgrade, fmt.Sprintf("Restarting instance %s, because: %s", pod.Name, reason))
		return true, c.removePod(ctx, pod)
	}
	return false, nil
}

// renewPrimary is updatePrimaryPod: the pod is made anew, or another instance takes over first.
func (c *cnpgCluster) renewPrimary(ctx context.Context, list []*corev1.Pod, reason string) error {
	primary := c.status.CurrentPrimary
	switch {
	case c.spec.PrimaryUpdateStrategy == "supervised":
		c.status.phase("Waiting for user action", "User must issue a supervised switchover")
		return nil
	case orElse(c.spec.PrimaryUpdateMethod, "restart") == "restart":
		c.status.phase(cnpgInplaceRestart, reason)
	case len(list) > 1:
		c.status.phase(cnpgUpgrade, reason)
		c.status.setTarget(list[1].Name)
		return nil
	default:
		c.status.phase(cnpgUpgrade, fmt.Sprintf("The primary instance needs to be restarted: %s, reason: %s", primary, reason))
	}
	// Without its phase the Cluster would take the missing pod for a failure, and another for the primary.
	if err := c.keep(ctx); err != nil {
		return err
	}
	return c.removePod(ctx, list[0])
}
