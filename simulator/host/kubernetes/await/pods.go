package await

import (
	"fmt"
	"strings"
	"time"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/types"
)

// podStep is one thing a pod has to reach, in this order.
var podSteps = []struct {
	condition corev1.PodConditionType
	name      string
}{
	{corev1.PodScheduled, "scheduled"},
	{corev1.PodInitialized, "initialized"},
	{corev1.PodReady, "ready"},
}

func typedPod(object *unstructured.Unstructured) *corev1.Pod {
	pod := &corev1.Pod{}
	if err := runtime.DefaultUnstructuredConverter.FromUnstructured(object.Object, pod); err != nil {
		return nil
	}
	return pod
}

// pod is ready when it is scheduled, initialised and ready, or has succeeded.
func pod(view View) Verdict {
	pod := typedPod(view.Object)
	if pod == nil {
		return Verdict{}
	}
	progress, problem := podProgress(pod)
	verdict := Verdict{Ready: progress == "", Progress: progress}
	if problem != "" {
		verdict.Reasons, verdict.Warnings = []string{problem}, []string{problem}
	}
	return verdict
}

// podProgress says what a pod waits for ("" when nothing) and what is wrong with it ("" when nothing is known).
func podProgress(pod *corev1.Pod) (progress, problem string) {
	name := qualified(pod.Namespace, pod.Name)
	for _, step := range podSteps {
		condition := podCondition(pod, step.condition)
		if condition != nil && condition.Status == corev1.ConditionTrue {
			continue
		}
		if step.condition == corev1.PodReady && condition != nil && pod.Status.Phase == corev1.PodSucceeded {
			continue
		}
		return fmt.Sprintf("Waiting for Pod %q to be %s", name, step.name), podProblem(pod, condition)
	}
	return "", ""
}

func podCondition(pod *corev1.Pod, kind corev1.PodConditionType) *corev1.PodCondition {
	for index := range pod.Status.Conditions {
		if pod.Status.Conditions[index].Type == kind {
			return &pod.Status.Conditions[index]
		}
	}
	return nil
}

func podProblem(pod *corev1.Pod, condition *corev1.PodCondition) string {
	if condition == nil {
		return ""
	}
	var parts []string
	if condition.Reason != "" && condition.Message != "" {
		parts = append(parts, condition.Message)
	}
	for _, status := range append(append([]corev1.ContainerStatus{}, pod.Status.InitContainerStatuses...), pod.Status.ContainerStatuses...) {
		parts = append(parts, containerProblems(status)...)
	}
	if len(parts) == 0 {
		return ""
	}
	return fmt.Sprintf("[Pod %s]: %s", qualified(pod.Namespace, pod.Name), strings.Join(parts, "\n"))
}

func containerProblems(status corev1.ContainerStatus) []string {
	if status.Ready {
		return nil
	}
	var problems []string
	if waiting := status.State.Waiting; waiting != nil && waiting.Reason != "ContainerCreating" && waiting.Reason != "PodInitializing" {
		problems = append(problems, fmt.Sprintf("[%s] %s", waiting.Reason, trimPull(waiting.Message)))
	}
	if ended := status.State.Terminated; ended != nil && ended.Reason != "" {
		if ended.Message != "" {
			problems = append(problems, fmt.Sprintf("[%s] %s", ended.Reason, trimPull(ended.Message)))
		} else {
			problems = append(problems, fmt.Sprintf("container %q completed with exit code %d", status.Name, ended.ExitCode))
		}
	}
	if last := status.LastTerminationState.Terminated; last != nil {
		problems = append(problems, fmt.Sprintf("container %q terminated at %s (%s: exit code %d)",
			status.Name, last.FinishedAt.UTC().Format(time.RFC3339Nano), last.Reason, last.ExitCode))
		if last.Message != "" {
			problems = append(problems, last.Message)
		}
	}
	return problems
}

// trimPull takes a container runtime's wrapping off a message about an image that cannot be pulled.
func trimPull(message string) string {
	message = strings.TrimPrefix(message, "rpc error: code = Unknown desc = Error response from daemon: ")
	return strings.TrimSuffix(message, ": manifest unknown")
}

// podProblems are the problems of all pods that an owner controls.
func podProblems(objects []*unstructured.Unstructured, owner types.UID) []string {
	var problems []string
	for _, object := range objects {
		if !ownedBy(object, owner) {
			continue
		}
		if pod := typedPod(object); pod != nil {
			if _, problem := podProgress(pod); problem != "" {
				problems = append(problems, problem)
			}
		}
	}
	return problems
}

func ownedBy(object *unstructured.Unstructured, owner types.UID) bool {
	for _, reference := range object.GetOwnerReferences() {
		if reference.UID == owner {
			return true
		}
	}
	return false
}

// qualified is namespace/name, or the name alone in the default namespace.
func qualified(namespace, name string) string {
	if namespace == "" || namespace == "default" {
		return name
	}
	return namespace + "/" + name
}
