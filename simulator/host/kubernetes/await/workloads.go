package await

import (
	"fmt"

	"github.com/fluxcd/cli-utils/pkg/kstatus/status"
	batchv1 "k8s.io/api/batch/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

const revisionAnnotation = "deployment.kubernetes.io/revision"

// deployment is ready when its controller has seen it, it is available, the ReplicaSet of its revision has all pods ready
// (and, after the first, is announced as the new one), and every claim its pods mount is bound.
func deployment(view View) Verdict {
	d := rollout{View: view, revision: view.Object.GetAnnotations()[revisionAnnotation]}
	if !observed(view.Object) || d.revision == "" {
		return Verdict{Progress: "Waiting for the Deployment controller", Reasons: []string{"Minimum number of live Pods was not attained"}}
	}
	d.readConditions()
	d.readReplicaSet()
	unbound := d.unboundClaims()
	ready := d.available && d.replicasReady && (d.revision == "1" || d.newReplicaSetAvailable) && len(unbound) == 0
	return Verdict{
		Ready:    ready,
		Progress: fmt.Sprintf("Waiting for app ReplicaSet to be available (%d/%d Pods available)", d.readyPods, d.wantedPods),
		Warnings: append(append([]string{}, d.problems...), podProblems(view.related[pods], d.replicaSet)...),
		Reasons:  d.reasons(unbound),
	}
}

type rollout struct {
	View
	revision                                         string
	available, newReplicaSetAvailable, replicasReady bool
	readyPods, wantedPods                            int64
	replicaSet                                       types.UID
	problems                                         []string
}

func (d *rollout) readConditions() {
	for _, condition := range conditions(d.Object) {
		isTrue := condition.status == "True"
		switch condition.kind {
		case "Progressing":
			d.newReplicaSetAvailable = isTrue && condition.reason == "NewReplicaSetAvailable"
			d.note(condition, !isTrue)
		case "Available":
			d.available = isTrue
			d.note(condition, !isTrue)
		case "ReplicaFailure":
			d.note(condition, isTrue)
		}
	}
}

func (d *rollout) note(condition condition, wrong bool) {
	if wrong && condition.reason != "" && condition.message != "" {
		d.problems = append(d.problems, fmt.Sprintf("[%s] %s", condition.reason, condition.message))
	}
}

func (d *rollout) readReplicaSet() {
	for _, set := range d.related[replicaSets] {
		if !ownedBy(set, d.Object.GetUID()) || set.GetAnnotations()[revisionAnnotation] != d.revision {
			continue
		}
		d.replicaSet = set.GetUID()
		d.wantedPods = integer(set, 1, "spec", "replicas")
		d.readyPods = integer(set, 0, "status", "readyReplicas")
		d.replicasReady = d.readyPods >= d.wantedPods
	}
}

func (d *rollout) unboundClaims() []string {
	mounted := map[string]bool{}
	volumes, _, _ := unstructured.NestedSlice(d.Object.Object, "spec", "template", "spec", "volumes")
	for _, volume := range volumes {
		if fields, ok := volume.(map[string]any); ok {
			name, _, _ := unstructured.NestedString(fields, "persistentVolumeClaim", "claimName")
			mounted[name] = true
		}
	}
	var unbound []string
	for _, claim := range d.related[claims] {
		if phase, _, _ := unstructured.NestedString(claim.Object, "status", "phase"); mounted[claim.GetName()] && phase != string(corev1.ClaimBound) {
			unbound = append(unbound, claim.GetName())
		}
	}
	return unbound
}

func (d *rollout) reasons(unbound []string) []string {
	reasons := append([]string{}, d.problems...)
	if len(unbound) > 0 {
		reasons = append(reasons, fmt.Sprintf("Failed to bind PersistentVolumeClaim(s): %q", unbound))
	}
	switch {
	case !d.available:
		reasons = append(reasons, "Minimum number of live Pods was not attained")
	case d.revision != "1" && !d.newReplicaSetAvailable:
		reasons = append(reasons, "Minimum number of Pods to consider the application live was not attained")
	case !d.replicasReady && d.revision == "1":
		reasons = append(reasons, "Minimum number of Pods to consider the application live was not attained")
	case !d.replicasReady:
		reasons = append(reasons, "Attempted to roll forward to new ReplicaSet, but minimum number of Pods did not become live")
	}
	return append(reasons, podProblems(d.related[pods], d.replicaSet)...)
}

// statefulSet is ready when all replicas are, at the current revision.
func statefulSet(view View) Verdict {
	set := view.Object
	wanted, ready := integer(set, 1, "spec", "replicas"), integer(set, 0, "status", "readyReplicas")
	from, _, _ := unstructured.NestedString(set.Object, "status", "currentRevision")
	to, _, _ := unstructured.NestedString(set.Object, "status", "updateRevision")
	strategy, _, _ := unstructured.NestedString(set.Object, "spec", "updateStrategy", "type")
	replicasReady := observed(set) && wanted == integer(set, 0, "status", "replicas") && wanted == ready
	revisionReady := observed(set) && from != "" && from == to
	if strategy == "OnDelete" && set.GetGeneration() > 1 {
		revisionReady = observed(set)
	} else {
		replicasReady = replicasReady && wanted == integer(set, 0, "status", "currentReplicas")
	}
	if !revisionReady {
		ready = min(ready, integer(set, 0, "status", "updatedReplicas"))
	}
	var reasons []string
	if !replicasReady {
		reasons = append(reasons, fmt.Sprintf("%d out of %d replicas succeeded readiness checks", ready, wanted))
	}
	if !revisionReady {
		reasons = append(reasons, fmt.Sprintf("StatefulSet controller failed to advance from revision %q to revision %q", from, to))
	}
	problems := podProblems(view.related[pods], set.GetUID())
	progress := fmt.Sprintf("Waiting for StatefulSet to roll out (%d/%d Pods ready)", ready, wanted)
	return Verdict{Ready: replicasReady && revisionReady, Progress: progress, Warnings: problems, Reasons: append(reasons, problems...)}
}

// daemonSet is ready when kstatus says so, whatever its update strategy.
func daemonSet(view View) Verdict {
	verdict := current(view)
	verdict.Warnings = podProblems(view.related[pods], view.Object.GetUID())
	verdict.Reasons = append(verdict.Reasons, verdict.Warnings...)
	return verdict
}

// current is ready when the cli-utils status library calls the object Current.
func current(view View) Verdict {
	result, err := status.Compute(view.Object)
	if err != nil {
		return Verdict{Warnings: []string{"couldn't get status: " + err.Error()}}
	}
	return Verdict{Ready: result.Status == status.CurrentStatus, Progress: result.Message}
}

// job is ready when it is complete; it fails for good when it has used up its retries or its time.
func job(view View) Verdict {
	job := &batchv1.Job{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(view.Object.Object, job); err != nil {
		return Verdict{}
	}
	verdict := Verdict{Reasons: podProblems(view.related[pods], job.UID)}
	name := qualified(job.Namespace, job.Name)
	verdict.Progress = fmt.Sprintf("Waiting for Job %q to succeed (Active: %d | Succeeded: %d | Failed: %d)",
		name, job.Status.Active, job.Status.Succeeded, job.Status.Failed)
	if job.Status.StartTime == nil {
		verdict.Progress = fmt.Sprintf("Waiting for Job %q to start", name)
		return verdict
	}
	for _, condition := range job.Status.Conditions {
		if condition.Status != corev1.ConditionTrue {
			continue
		}
		switch {
		case condition.Type == batchv1.JobComplete:
			verdict.Ready = true
		case condition.Type == batchv1.JobFailed && (condition.Reason == "BackoffLimitExceeded" || condition.Reason == "DeadlineExceeded"):
			verdict.Failed = true
			verdict.Reasons = append(verdict.Reasons, fmt.Sprintf("[%s] %s", condition.Reason, condition.Message))
		}
	}
	return verdict
}

// JobSucceeded says whether a Job is complete.
func JobSucceeded(object *unstructured.Unstructured) bool { return job(View{Object: object}).Ready }
