package operators

import (
	appsv1 "k8s.io/api/apps/v1"
	corev1 "k8s.io/api/core/v1"
)

// redisSpec is what RedisReplication and RedisSentinel have, as far as it is shown here: api/redisreplication/v1beta2, api/redissentinel/v1beta2 and
// api/common/v1beta2 of redis-operator v0.26.0.
type redisSpec struct {
	Size                          *int32                            `json:"clusterSize"`
	KubernetesConfig              redisKubernetesConfig             `json:"kubernetesConfig"`
	RedisConfig                   *redisConfig                      `json:"redisConfig"`
	SentinelConfig                *redisSentinelConfig              `json:"redisSentinelConfig"`
	Storage                       *redisStorage                     `json:"storage"`
	VolumeMount                   *redisVolumes                     `json:"volumeMount"`
	NodeSelector                  map[string]string                 `json:"nodeSelector"`
	PodSecurityContext            *corev1.PodSecurityContext        `json:"podSecurityContext"`
	SecurityContext               *corev1.SecurityContext           `json:"securityContext"`
	PriorityClassName             string                            `json:"priorityClassName"`
	Affinity                      *corev1.Affinity                  `json:"affinity"`
	Tolerations                   []corev1.Toleration               `json:"tolerations"`
	PodDisruptionBudget           *redisBudget                      `json:"pdb"`
	ReadinessProbe                *corev1.Probe                     `json:"readinessProbe"`
	LivenessProbe                 *corev1.Probe                     `json:"livenessProbe"`
	InitContainer                 *redisInitContainer               `json:"initContainer"`
	ServiceAccountName            string                            `json:"serviceAccountName"`
	TerminationGracePeriodSeconds *int64                            `json:"terminationGracePeriodSeconds"`
	EnvVars                       []corev1.EnvVar                   `json:"env"`
	TopologySpreadConstraints     []corev1.TopologySpreadConstraint `json:"topologySpreadConstraints"`
	PodManagementPolicy           appsv1.PodManagementPolicyType    `json:"podManagementPolicy"`
}

type redisKubernetesConfig struct {
	Image                                string                                                  `json:"image"`
	ImagePullPolicy                      corev1.PullPolicy                                       `json:"imagePullPolicy"`
	Resources                            *corev1.ResourceRequirements                            `json:"resources"`
	RedisSecret                          *struct{ Name, Key string }                             `json:"redisSecret"`
	UpdateStrategy                       appsv1.StatefulSetUpdateStrategy                        `json:"updateStrategy"`
	PersistentVolumeClaimRetentionPolicy *appsv1.StatefulSetPersistentVolumeClaimRetentionPolicy `json:"persistentVolumeClaimRetentionPolicy"`
	IgnoreAnnotations                    []string                                                `json:"ignoreAnnotations"`
	MinReadySeconds                      int32                                                   `json:"minReadySeconds"`
}

type redisConfig struct {
	MaxMemoryPercentOfLimit int    `json:"maxMemoryPercentOfLimit"`
	AdditionalRedisConfig   string `json:"additionalRedisConfig"`
}

type redisSentinelConfig struct {
	RedisReplicationName     string               `json:"redisReplicationName"`
	MasterGroupName          string               `json:"masterGroupName"`
	RedisPort                string               `json:"redisPort"`
	Quorum                   string               `json:"quorum"`
	ParallelSyncs            string               `json:"parallelSyncs"`
	FailoverTimeout          string               `json:"failoverTimeout"`
	DownAfterMilliseconds    string               `json:"downAfterMilliseconds"`
	ResolveHostnames         string               `json:"resolveHostnames"`
	AnnounceHostnames        string               `json:"announceHostnames"`
	RedisReplicationPassword *corev1.EnvVarSource `json:"redisReplicationPassword"`
}

type redisStorage struct {
	VolumeClaimTemplate *corev1.PersistentVolumeClaim `json:"volumeClaimTemplate"`
	VolumeMount         redisVolumes                  `json:"volumeMount"`
}

type redisVolumes struct {
	Volume    []corev1.Volume      `json:"volume"`
	MountPath []corev1.VolumeMount `json:"mountPath"`
}

type redisBudget struct {
	Enabled        bool   `json:"enabled"`
	MinAvailable   *int32 `json:"minAvailable"`
	MaxUnavailable *int32 `json:"maxUnavailable"`
}

type redisInitContainer struct {
	SecurityContext *corev1.SecurityContext `json:"securityContext"`
}

// claim is the template of the volume for data, nil where nothing is kept: storageHasVolumeClaimTemplate in internal/k8sutils/statefulset.go.
func (s *redisSpec) claim() *corev1.PersistentVolumeClaim {
	if s.Storage == nil || s.Storage.VolumeClaimTemplate == nil {
		return nil
	}
	asked := s.Storage.VolumeClaimTemplate
	if len(asked.Spec.AccessModes) == 0 && asked.Spec.Resources.Requests == nil && asked.Spec.StorageClassName == nil && asked.Spec.VolumeName == "" {
		return nil
	}
	return asked
}

// more are the volumes beside that one.
func (s *redisSpec) more() redisVolumes {
	if s.Storage != nil {
		return s.Storage.VolumeMount
	}
	if s.VolumeMount != nil {
		return *s.VolumeMount
	}
	return redisVolumes{}
}
