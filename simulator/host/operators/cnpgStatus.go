package operators

import (
	"context"
	"fmt"
	"slices"
	"time"

	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
)

// Words of a Cluster's phase that decide what comes next (api/v1/cluster_types.go).
const (
	cnpgHealthy        = "Cluster in healthy state"
	cnpgInvalid        = "Invalid cluster definition"
	cnpgInplaceRestart = "Primary instance is being restarted without a switchover"
	cnpgUnrecoverable  = "Cluster is unrecoverable and needs manual intervention"
	cnpgFailOver       = "Failing over"
	cnpgSwitchover     = "Switchover in progress"
	cnpgUpgrade        = "Upgrading cluster"
)

// cnpgStatus is the status of a Cluster, as far as it is shown.
type cnpgStatus struct {
	Instances              int                     `json:"instances,omitempty"`
	ReadyInstances         int                     `json:"readyInstances,omitempty"`
	Selector               string                  `json:"selector,omitempty"`
	InstancesStatus        map[string][]string     `json:"instancesStatus,omitempty"`
	InstancesReportedState map[string]cnpgReported `json:"instancesReportedState,omitempty"`
	ManagedRolesStatus     cnpgManagedRoles        `json:"managedRolesStatus,omitzero"`
	TimelineID             int                     `json:"timelineID,omitempty"`
	CurrentPrimary         string                  `json:"currentPrimary,omitempty"`
	TargetPrimary          string                  `json:"targetPrimary,omitempty"`
	PvcCount               int                     `json:"pvcCount,omitempty"`
	JobCount               int                     `json:"jobCount,omitempty"`
	DanglingPVC            []string                `json:"danglingPVC,omitempty"`
	ResizingPVC            []string                `json:"resizingPVC,omitempty"`
	InitializingPVC        []string                `json:"initializingPVC,omitempty"`
	HealthyPVC             []string                `json:"healthyPVC,omitempty"`
	UnusablePVC            []string                `json:"unusablePVC,omitempty"`
	WriteService           string                  `json:"writeService,omitempty"`
	ReadService            string                  `json:"readService,omitempty"`
	Phase                  string                  `json:"phase,omitempty"`
	PhaseReason            string                  `json:"phaseReason,omitempty"`
	Certificates           *cnpgCertificates       `json:"certificates,omitempty"`
	LastFailedBackup       string                  `json:"lastFailedBackup,omitempty"`
	PoolerIntegrations     *cnpgPoolerIntegrations `json:"poolerIntegrations,omitempty"`
	Conditions             []condition             `json:"conditions,omitempty"`
	InstanceNames          []string                `json:"instanceNames,omitempty"`
	Image                  string                  `json:"image,omitempty"`
	PgDataImageInfo        *cnpgImageInfo          `json:"pgDataImageInfo,omitempty"`
	PluginStatus           []cnpgPluginStatus      `json:"pluginStatus,omitempty"`
	PrimaryTimestamp       string                  `json:"currentPrimaryTimestamp,omitempty"`
	PrimaryFailingSince    string                  `json:"currentPrimaryFailingSinceTimestamp,omitempty"`
	TargetPrimaryTimestamp string                  `json:"targetPrimaryTimestamp,omitempty"`
}

type cnpgReported struct {
	IsPrimary  bool   `json:"isPrimary"`
	TimeLineID int    `json:"timeLineID,omitempty"`
	IP         string `json:"ip,omitempty"`
}

type cnpgManagedRoles struct {
	ByStatus        map[string][]string `json:"byStatus,omitempty"`
	CannotReconcile map[string][]string `json:"cannotReconcile,omitempty"`
}

type cnpgCertificates struct {
	ServerCASecret       string            `json:"serverCASecret,omitempty"`
	ServerTLSSecret      string            `json:"serverTLSSecret,omitempty"`
	ReplicationTLSSecret string            `json:"replicationTLSSecret,omitempty"`
	ClientCASecret       string            `json:"clientCASecret,omitempty"`
	ServerAltDNSNames    []string          `json:"serverAltDNSNames,omitempty"`
	Expirations          map[string]string `json:"expirations,omitempty"`
}

type cnpgPoolerIntegrations struct {
	PgBouncerIntegration struct {
		Secrets []string `json:"secrets,omitempty"`
	} `json:"pgBouncerIntegration,omitzero"`
}

type cnpgImageInfo struct {
	Image        string `json:"image"`
	MajorVersion int    `json:"majorVersion"`
}

type cnpgPluginStatus struct {
	Name         string   `json:"name"`
	Version      string   `json:"version"`
	Capabilities []string `json:"capabilities,omitempty"`
}

// phase says what the Cluster is at, by which it is ready or not: pkg/resources/status/transactions.go.
func (s *cnpgStatus) phase(phase, reason string) {
	s.Phase, s.PhaseReason = phase, reason
	ready := condition{Type: "Ready", Status: conditionFalse, Reason: "ClusterIsNotReady", Message: "Cluster Is Not Ready"}
	if phase == cnpgHealthy {
		ready = condition{Type: "Ready", Status: conditionTrue, Reason: "ClusterIsReady", Message: "Cluster is Ready"}
	}
	s.show(ready)
}

func (s *cnpgStatus) show(conditions ...condition) {
	s.Conditions = merged(s.Conditions, conditions...)
}

func (s *cnpgStatus) isTrue(kind string) bool {
	found := find(s.Conditions, kind)
	return found != nil && found.Status == conditionTrue
}

// look takes into the status what is there: internal/controller/cluster_status.go, updateResourceStatus, and EnrichStatus of
// pkg/reconciler/persistentvolumeclaim/status.go. An instance is there when it has a claim.
func (c *cnpgCluster) look(context.Context) (bool, error) {
	s := c.status
	groups := map[string][]*corev1.PersistentVolumeClaim{}
	for _, claim := range c.claims {
		if serial := serialOf(claim.Annotations); serial > 0 && claim.DeletionTimestamp == nil && claim.Status.Phase != corev1.ClaimLost {
			groups[c.instance(serial)] = append(groups[c.instance(serial)], claim)
		}
	}
	s.InstanceNames, s.DanglingPVC, s.ResizingPVC, s.InitializingPVC, s.HealthyPVC, s.UnusablePVC = nil, nil, nil, nil, nil, nil
	for instance, group := range groups {
		s.InstanceNames = append(s.InstanceNames, instance)
		for _, claim := range group {
			list := c.listFor(instance, group, claim)
			*list = append(*list, claim.Name)
		}
	}
	for _, list := range [][]string{s.InstanceNames, s.DanglingPVC, s.ResizingPVC, s.InitializingPVC, s.HealthyPVC, s.UnusablePVC} {
		slices.Sort(list)
	}
	s.Instances, s.PvcCount, s.JobCount, s.ReadyInstances, s.InstancesStatus = len(s.InstanceNames), len(c.claims), len(c.jobs), 0, nil
	for _, pod := range c.pods {
		if reports(pod) {
			s.ReadyInstances++
		}
		if pod.DeletionTimestamp == nil {
			word := "failed"
			switch {
			case isReady(pod):
				word = "healthy"
			case isActive(pod):
				word = "replicating"
			}
			if s.InstancesStatus == nil {
				s.InstancesStatus = map[string][]string{}
			}
			s.InstancesStatus[word] = append(s.InstancesStatus[word], pod.Name)
		}
	}
	s.Selector = cnpgClusterLabel + "=" + c.name() + "," + cnpgPodRoleLabel + "=instance"
	s.WriteService, s.ReadService = c.name()+"-rw", c.name()+"-r"
	c.lookAtPoolers()
	if s.Instances > 0 {
		s.show(condition{Type: "Initialized", Status: conditionTrue, Reason: "BootstrapCompleted", Message: "Cluster has been bootstrapped"})
	} else if find(s.Conditions, "Initialized") == nil {
		s.show(condition{Type: "Initialized", Status: conditionFalse, Reason: "BootstrapPending", Message: "Cluster has not been bootstrapped yet"})
	}
	return false, nil
}

// listFor is the list in which a claim of an instance is told (classifyPVC).
func (c *cnpgCluster) listFor(instance string, group []*corev1.PersistentVolumeClaim, claim *corev1.PersistentVolumeClaim) *[]string {
	wanted := c.spec.volumes()
	isWanted := slices.ContainsFunc([]string{"PG_DATA", "PG_WAL"}, func(role string) bool {
		return wanted[role] != nil && claimName(instance, role) == claim.Name
	})
	isResizing := slices.ContainsFunc(claim.Status.Conditions, func(each corev1.PersistentVolumeClaimCondition) bool {
		return each.Type == corev1.PersistentVolumeClaimResizing
	})
	s := c.status
	switch {
	case len(group) < len(wanted) || !isWanted:
		return &s.UnusablePVC
	case slices.ContainsFunc(c.pods, func(pod *corev1.Pod) bool { return usesClaim(&pod.Spec, claim.Name) }):
		if isResizing {
			return &s.ResizingPVC
		}
		return &s.HealthyPVC
	case !isResizing && slices.ContainsFunc(c.jobs, func(job *batchv1.Job) bool {
		return !isDone(job) && usesClaim(&job.Spec.Template.Spec, claim.Name)
	}):
		return &s.InitializingPVC
	}
	return &s.DanglingPVC
}

func usesClaim(pod *corev1.PodSpec, name string) bool {
	return slices.ContainsFunc(pod.Volumes, func(volume corev1.Volume) bool {
		return volume.PersistentVolumeClaim != nil && volume.PersistentVolumeClaim.ClaimName == name
	})
}

func isDone(job *batchv1.Job) bool { return job.Status.Succeeded > 0 }

// finish shows what instance managers say once all is well: that they are all of one database, archive, and have the roles that are asked for.
// Without an archiver the archiving works too, as there is nothing to do (pkg/management/postgres/webserver/local.go).
func (c *cnpgCluster) finish(ctx context.Context) error {
	s := c.status
	s.show(condition{Type: "ConsistentSystemID", Status: conditionTrue, Reason: "Unique", Message: "A single, unique system ID was found across reporting instances."},
		condition{Type: "ContinuousArchiving", Status: conditionTrue, Reason: "ContinuousArchivingSuccess", Message: "Continuous archiving is working"})
	c.showRoles()
	for _, job := range c.jobs {
		if err := c.removeJob(ctx, job); err != nil {
			return err
		}
	}
	return nil
}

// showRoles are the roles of spec.managed (internal/management/controller/roles/runnable.go).
func (c *cnpgCluster) showRoles() {
	c.status.ManagedRolesStatus = cnpgManagedRoles{}
	if c.spec.Managed == nil || len(c.spec.Managed.Roles) == 0 {
		return
	}
	shown := cnpgManagedRoles{ByStatus: map[string][]string{}, CannotReconcile: map[string][]string{}}
	for _, role := range c.spec.Managed.Roles {
		if role.PasswordSecret != nil && c.w.get(secrets, c.namespace(), role.PasswordSecret.Name) == nil {
			shown.ByStatus["pending-reconciliation"] = append(shown.ByStatus["pending-reconciliation"], role.Name)
			shown.CannotReconcile[role.Name] = []string{fmt.Sprintf("failed to get password secret %s: secrets %q not found", role.PasswordSecret.Name, role.PasswordSecret.Name)}
			continue
		}
		shown.ByStatus["reconciled"] = append(shown.ByStatus["reconciled"], role.Name)
	}
	c.status.ManagedRolesStatus = shown
}

// cnpgMoment is a moment as the operator writes it of primaries (machinery's pgTime.GetCurrentTimestamp).
func cnpgMoment() string { return time.Now().UTC().Format("2006-01-02T15:04:05.000000Z07:00") }
