package operators

import (
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
)

type cnpgName struct{ Name string }

// cnpgStorage is one volume of an instance.
type cnpgStorage struct {
	StorageClass       *string
	Size               string
	ResizeInUseVolumes *bool
	PvcTemplate        *corev1.PersistentVolumeClaimSpec
}

type cnpgPlugin struct {
	Name                   string
	Enabled, IsWALArchiver *bool
	Parameters             map[string]string
}

func (p *cnpgPlugin) isEnabled() bool { return p.Enabled == nil || *p.Enabled }

type cnpgProbe struct {
	InitialDelaySeconds, TimeoutSeconds, PeriodSeconds, SuccessThreshold, FailureThreshold int32
	TerminationGracePeriodSeconds                                                          *int64
}

// cnpgBootstrap is a way in which the first instance comes to be.
type cnpgBootstrap struct {
	Database, Owner, Source string
	Secret                  *cnpgName
	Backup                  *cnpgName
	Import                  *struct{ Type string }
}

// cnpgBootstraps has at most one.
type cnpgBootstraps struct {
	Initdb       *cnpgBootstrap
	Recovery     *cnpgBootstrap
	PgBaseBackup *cnpgBootstrap `json:"pg_basebackup"`
}

type cnpgExternal struct {
	Name                 string
	ConnectionParameters map[string]string
	BarmanObjectStore    map[string]any
	Plugin               *cnpgPlugin
	SslCert, SslKey      *corev1.SecretKeySelector
	SslRootCert          *corev1.SecretKeySelector
	Password             *corev1.SecretKeySelector
}

type cnpgSynchronous struct {
	Number                            int
	StandbyNamesPre, StandbyNamesPost []string
}

// cnpgSpec is what is read of a Cluster: api/v1/cluster_types.go.
type cnpgSpec struct {
	InheritedMetadata *struct{ Labels, Annotations map[string]string }
	ImageName         string
	ImageCatalogRef   *struct {
		APIGroup   *string
		Kind, Name string
		Major      int
	}
	ImagePullPolicy                  corev1.PullPolicy
	ImagePullSecrets                 []cnpgName
	SchedulerName                    string
	PostgresUID, PostgresGID         int64
	Instances                        int
	MinSyncReplicas, MaxSyncReplicas int
	Postgresql                       struct {
		Parameters  map[string]string
		Synchronous *cnpgSynchronous
	}
	Bootstrap *cnpgBootstraps
	Replica   *struct {
		Self, Primary, Source string
		Enabled               *bool
	}
	SuperuserSecret       *cnpgName
	EnableSuperuserAccess *bool
	Certificates          *struct {
		ServerCASecret, ServerTLSSecret, ReplicationTLSSecret, ClientCASecret string
		ServerAltDNSNames                                                     []string
	}
	Storage                cnpgStorage
	WalStorage             *cnpgStorage
	ServiceAccountTemplate *struct {
		Metadata struct{ Labels, Annotations map[string]string }
	}
	ServiceAccountName        string
	EphemeralVolumeSource     *corev1.EphemeralVolumeSource
	EphemeralVolumesSizeLimit *struct{ Shm, TemporaryData *resource.Quantity }
	StartDelay, StopDelay     int32
	FailoverDelay             int32
	LivenessProbeTimeout      *int32
	Affinity                  struct {
		EnablePodAntiAffinity     *bool
		TopologyKey               string
		NodeSelector              map[string]string
		NodeAffinity              *corev1.NodeAffinity
		Tolerations               []corev1.Toleration
		PodAntiAffinityType       string
		AdditionalPodAntiAffinity *corev1.PodAntiAffinity
		AdditionalPodAffinity     *corev1.PodAffinity
	}
	TopologySpreadConstraints                  []corev1.TopologySpreadConstraint
	Resources                                  corev1.ResourceRequirements
	PriorityClassName                          string
	PrimaryUpdateStrategy, PrimaryUpdateMethod string
	Backup                                     *struct {
		BarmanObjectStore map[string]any
	}
	Monitoring *struct {
		DisableDefaultQueries  *bool
		CustomQueriesConfigMap []corev1.ConfigMapKeySelector
		CustomQueriesSecret    []corev1.SecretKeySelector
		TLS                    *struct{ Enabled bool }
	}
	ExternalClusters        []cnpgExternal
	LogLevel                string
	ProjectedVolumeTemplate *corev1.ProjectedVolumeSource
	Env                     []corev1.EnvVar
	EnvFrom                 []corev1.EnvFromSource
	Managed                 *struct {
		Roles    []cnpgRole
		Services *struct {
			DisabledDefaultServices []string
			Additional              []struct {
				SelectorType    string
				ServiceTemplate struct {
					Metadata struct {
						Name                string
						Labels, Annotations map[string]string
					}
					Spec corev1.ServiceSpec
				}
			}
		}
	}
	SeccompProfile     *corev1.SeccompProfile
	PodSecurityContext *corev1.PodSecurityContext
	SecurityContext    *corev1.SecurityContext
	EnablePDB          *bool
	Plugins            []cnpgPlugin
	Probes             *struct{ Startup, Liveness, Readiness *cnpgProbe }
}

// cnpgRole is a role of PostgreSQL as a Cluster or a DatabaseRole asks for it.
type cnpgRole struct {
	Name, Ensure    string
	PasswordSecret  *cnpgName
	DisablePassword bool
}
