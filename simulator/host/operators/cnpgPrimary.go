package operators

import (
	"context"
	"fmt"
	"slices"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// drainTaints say that a node is about to go (internal/configuration/configuration.go, DefaultDrainTaints).
var drainTaints = []string{
	"node.kubernetes.io/unschedulable", "ToBeDeletedByClusterAutoscaler", "karpenter.sh/disrupted", "karpenter.sh/disruption",
}

func (s *cnpgStatus) setTarget(instance string) {
	s.TargetPrimary, s.TargetPrimaryTimestamp = instance, cnpgMoment()
}

// promote is the part of the chosen instance's manager: it becomes the primary (internal/management/controller/instance_controller.go).
func (c *cnpgCluster) promote(ctx context.Context) (bool, error) {
	s := c.status
	if s.TargetPrimary == "" || s.CurrentPrimary == s.TargetPrimary {
		return false, nil
	}
	target := c.pod(s.TargetPrimary)
	switch {
	case reports(target):
		s.CurrentPrimary, s.PrimaryTimestamp = target.Name, cnpgMoment()
		s.TimelineID++
		return false, c.hold(ctx)
	case s.CurrentPrimary == "":
		return false, nil
	case !isActive(target): // updateResourceStatus: it will never be promoted
		s.setTarget(s.CurrentPrimary)
		return false, nil
	}
	return true, c.markUnhealthy(ctx)
}

// hold gives the primary the Lease without which no instance is one (internal/cmd/manager/instance/run/lease).
func (c *cnpgCluster) hold(ctx context.Context) error {
	lease, err := c.w.live(ctx, leases, c.namespace(), c.name())
	if err != nil || lease == nil {
		return err
	}
	now := time.Now().UTC().Format("2006-01-02T15:04:05.000000Z")
	holder, _, _ := unstructured.NestedString(lease.Object, "spec", "holderIdentity")
	if holder == c.status.CurrentPrimary {
		return nil
	}
	meta := c.meta(c.name(), nil)
	return c.w.merge(ctx, leases, &meta, fields{"spec": fields{
		"holderIdentity": c.status.CurrentPrimary, "leaseDurationSeconds": 15, "acquireTime": now, "renewTime": now,
		"leaseTransitions": c.status.TimelineID - 1,
	}})
}

// markUnhealthy takes the former primary out of all Services (markOldPrimaryAsUnhealthy of internal/controller/replicas.go).
func (c *cnpgCluster) markUnhealthy(ctx context.Context) error {
	pod := c.pod(c.status.CurrentPrimary)
	if pod == nil || pod.Labels[cnpgRoleLabel] == "unhealthy" {
		return nil
	}
	return c.w.relabel(ctx, pods, &pod.ObjectMeta, roleLabels("unhealthy"), nil)
}

// roleLabels are both names of the role: SetInstanceRole of pkg/utils/labels_annotations.go.
func roleLabels(role string) map[string]string {
	return map[string]string{"role": role, cnpgRoleLabel: role}
}

func (c *cnpgCluster) roleOf(instance string) string {
	if instance == c.status.CurrentPrimary {
		return "primary"
	}
	return "replica"
}

// labelInstances tells pods and volumes by their role, so that the Services follow (pkg/reconciler/instance/metadata.go and
// pkg/reconciler/persistentvolumeclaim/metadata.go), and shows what each instance says of itself.
func (c *cnpgCluster) labelInstances(ctx context.Context) (bool, error) {
	if c.status.CurrentPrimary == "" {
		return false, nil
	}
	c.status.InstancesReportedState = nil
	for _, pod := range c.pods {
		if reports(pod) {
			if c.status.InstancesReportedState == nil {
				c.status.InstancesReportedState = map[string]cnpgReported{}
			}
			c.status.InstancesReportedState[pod.Name] = cnpgReported{
				IsPrimary: pod.Name == c.status.CurrentPrimary, TimeLineID: c.status.TimelineID, IP: pod.Status.PodIP,
			}
		}
		wanted := pod.ObjectMeta.DeepCopy()
		c.inherit(wanted)
		if isActive(pod) {
			for key, value := range roleLabels(c.roleOf(pod.Name)) {
				wanted.Labels[key] = value
			}
		}
		if includes(pod.Labels, wanted.Labels) && includes(pod.Annotations, wanted.Annotations) {
			continue
		}
		if err := c.w.relabel(ctx, pods, &pod.ObjectMeta, wanted.Labels, wanted.Annotations); err != nil {
			return false, err
		}
	}
	for _, claim := range c.claims {
		wanted := claim.ObjectMeta.DeepCopy()
		c.inherit(wanted)
		for key, value := range roleLabels(c.roleOf(c.instance(serialOf(claim.Annotations)))) {
			wanted.Labels[key] = value
		}
		if includes(claim.Labels, wanted.Labels) && includes(claim.Annotations, wanted.Annotations) {
			continue
		}
		if err := c.w.relabel(ctx, claims, &claim.ObjectMeta, wanted.Labels, wanted.Annotations); err != nil {
			return false, err
		}
		claim.Labels, claim.Annotations = wanted.Labels, wanted.Annotations
	}
	return false, nil
}

// electPrimary chooses another primary when it is time: handleSwitchover of internal/controller/cluster_controller.go and internal/controller/replicas.go.
// A pod whose node has gone stays ready until Kubernetes takes it away, and until then the operator waits, as the true one does.
func (c *cnpgCluster) electPrimary(ctx context.Context) (bool, error) {
	s := c.status
	list := c.reporting()
	if s.Phase == cnpgInplaceRestart {
		if s.ReadyInstances != c.spec.Instances {
			return false, nil
		}
		// It may be the pod from before, whose end is not known yet.
		if reason, err := c.outdated(list[0]); err != nil {
			return false, err
		} else if reason != "" {
			return true, c.removePod(ctx, list[0])
		}
		s.phase(cnpgHealthy, "")
		return false, nil
	}
	if s.CurrentPrimary == "" || len(list) == 0 {
		return false, nil
	}
	if list[0].Name == s.CurrentPrimary {
		s.PrimaryFailingSince = ""
		return c.leaveNode(list)
	}
	if left := c.failoverDelay(); left > 0 {
		c.w.again(c.object, left)
		return true, nil
	}
	s.phase(cnpgFailOver, fmt.Sprintf("Failing over from %s to %s", s.CurrentPrimary, list[0].Name))
	s.setTarget(list[0].Name)
	return true, c.markUnhealthy(ctx)
}

// failoverDelay is how long to wait still before another takes over (enforceFailoverDelay).
func (c *cnpgCluster) failoverDelay() time.Duration {
	if c.spec.FailoverDelay <= 0 {
		return 0
	}
	since, err := time.Parse(time.RFC3339, c.status.PrimaryFailingSince)
	if err != nil {
		since = time.Now()
		c.status.PrimaryFailingSince = cnpgMoment()
	}
	return time.Until(since.Add(time.Duration(c.spec.FailoverDelay) * time.Second))
}

// leaveNode moves the primary off a node that takes no more pods, once all replicas are elsewhere (setPrimaryOnSchedulableNode).
func (c *cnpgCluster) leaveNode(list []*corev1.Pod) (bool, error) {
	primary, s := list[0], c.status
	if !c.isDraining(primary.Spec.NodeName) {
		return false, nil
	}
	var elsewhere []*corev1.Pod
	for _, pod := range list[1:] {
		if pod.Spec.NodeName != primary.Spec.NodeName {
			elsewhere = append(elsewhere, pod)
		}
	}
	if len(s.InstancesStatus["failed"]) == 0 && (c.spec.Instances != s.ReadyInstances || len(elsewhere) < c.spec.Instances-1) {
		return false, nil
	}
	for _, candidate := range elsewhere {
		if c.isDraining(candidate.Spec.NodeName) {
			continue
		}
		s.phase(cnpgSwitchover, fmt.Sprintf("Switching over to %s, because primary instance was running on unschedulable node %s",
			candidate.Name, primary.Spec.NodeName))
		s.setTarget(candidate.Name)
		return true, nil
	}
	return false, nil
}

func (c *cnpgCluster) isDraining(name string) bool {
	node := c.w.get(nodes, "", name)
	if node == nil {
		return false
	}
	var spec corev1.NodeSpec
	if read(node, &spec, "spec") != nil {
		return false
	}
	return spec.Unschedulable || slices.ContainsFunc(spec.Taints, func(taint corev1.Taint) bool { return slices.Contains(drainTaints, taint.Key) })
}
