package charts

import (
	"encoding/json"
	"fmt"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/pod-security-admission/api"
	"k8s.io/pod-security-admission/policy"
)

// templatePaths are where objects have their pods, by kind.
var templatePaths = map[string][]string{
	"Pod": {}, "PodTemplate": {"template"}, "CronJob": {"spec", "jobTemplate", "spec", "template"},
	"DaemonSet": {"spec", "template"}, "Deployment": {"spec", "template"}, "Job": {"spec", "template"},
	"ReplicaSet": {"spec", "template"}, "ReplicationController": {"spec", "template"}, "StatefulSet": {"spec", "template"},
}

// podSecurity is the strictest level that lets all pods of the objects in, by Kubernetes' own checks of the newest version; empty without pods.
func podSecurity(objects []map[string]any) (string, error) {
	evaluator, err := policy.NewEvaluator(policy.DefaultChecks(), nil)
	if err != nil {
		return "", err
	}
	level, found := api.LevelRestricted, false
	for _, object := range objects {
		pod, err := podOf(object)
		if err != nil {
			return "", err
		}
		if pod == nil {
			continue
		}
		found = true
		level = widest(evaluator, pod, level)
	}
	if !found {
		return "", nil
	}
	return string(level), nil
}

// widest is the level that a pod needs, or the given one where that is wider.
func widest(evaluator policy.Evaluator, pod *corev1.PodTemplateSpec, level api.Level) api.Level {
	for _, each := range []api.Level{api.LevelRestricted, api.LevelBaseline} {
		if each == api.LevelRestricted && level != api.LevelRestricted {
			continue
		}
		if level == api.LevelPrivileged {
			return level
		}
		version := api.LevelVersion{Level: each, Version: api.LatestVersion()}
		if policy.AggregateCheckResults(evaluator.EvaluatePod(version, &pod.ObjectMeta, &pod.Spec)).Allowed {
			return each
		}
	}
	return api.LevelPrivileged
}

func podOf(object map[string]any) (*corev1.PodTemplateSpec, error) {
	kind, _ := object["kind"].(string)
	path, has := templatePaths[kind]
	if !has {
		return nil, nil
	}
	for _, part := range path {
		object, _ = object[part].(map[string]any)
	}
	text, err := json.Marshal(object)
	if err != nil {
		return nil, err
	}
	pod := &corev1.PodTemplateSpec{}
	if err := json.Unmarshal(text, pod); err != nil {
		return nil, fmt.Errorf("%s: %w", kind, err)
	}
	return pod, nil
}
