package operators

import (
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// Ports where no setting says others: pkg/apis/clickhouse.altinity.com/v1/type_host.go.
const (
	keeperPort = 2181
	raftPort   = 9444
)

// altinitySpec is what both kinds have, as far as it is shown here: pkg/apis/clickhouse.altinity.com/v1 and pkg/apis/clickhouse-keeper.altinity.com/v1.
type altinitySpec struct {
	NamespaceDomainPattern string `json:"namespaceDomainPattern"`
	Configuration          struct {
		Zookeeper struct {
			Nodes []altinityNode `json:"nodes"`
		} `json:"zookeeper"`
		Users    altinitySettings  `json:"users"`
		Profiles altinitySettings  `json:"profiles"`
		Quotas   altinitySettings  `json:"quotas"`
		Settings altinitySettings  `json:"settings"`
		Files    map[string]string `json:"files"`
		Clusters []altinityCluster `json:"clusters"`
	} `json:"configuration"`
	Defaults struct {
		Templates struct {
			PodTemplate             string `json:"podTemplate"`
			DataVolumeClaimTemplate string `json:"dataVolumeClaimTemplate"`
			ServiceTemplate         string `json:"serviceTemplate"`
		} `json:"templates"`
		StorageManagement struct {
			ReclaimPolicy string `json:"reclaimPolicy"`
		} `json:"storageManagement"`
	} `json:"defaults"`
	Templates struct {
		PodTemplates         []altinityPodTemplate     `json:"podTemplates"`
		VolumeClaimTemplates []altinityClaimTemplate   `json:"volumeClaimTemplates"`
		ServiceTemplates     []altinityServiceTemplate `json:"serviceTemplates"`
	} `json:"templates"`
}

type altinityNode struct {
	Host   string `json:"host"`
	Port   int    `json:"port"`
	Secure string `json:"secure"`
}

type altinityCluster struct {
	Name     string `json:"name"`
	Secure   string `json:"secure"`
	Insecure string `json:"insecure"`
	Layout   struct {
		ShardsCount   int `json:"shardsCount"`
		ReplicasCount int `json:"replicasCount"`
	} `json:"layout"`
	Secret *struct {
		ValueFrom *struct {
			SecretKeyRef altinitySource `json:"secretKeyRef"`
		} `json:"valueFrom"`
	} `json:"secret"`
	PDBManaged        string `json:"pdbManaged"`
	PDBMaxUnavailable *int32 `json:"pdbMaxUnavailable"`
}

func (c altinityCluster) shards() int   { return max(1, c.Layout.ShardsCount) }
func (c altinityCluster) replicas() int { return max(1, c.Layout.ReplicasCount) }

// altinityHost is a server, or a Keeper.
type altinityHost struct{ shard, replica int }

type altinityPodTemplate struct {
	Name     string            `json:"name"`
	Metadata metav1.ObjectMeta `json:"metadata"`
	Spec     corev1.PodSpec    `json:"spec"`
}

type altinityClaimTemplate struct {
	Name          string                           `json:"name"`
	ReclaimPolicy string                           `json:"reclaimPolicy"`
	Spec          corev1.PersistentVolumeClaimSpec `json:"spec"`
}

type altinityServiceTemplate struct {
	Name         string             `json:"name"`
	GenerateName string             `json:"generateName"`
	Metadata     metav1.ObjectMeta  `json:"metadata"`
	Spec         corev1.ServiceSpec `json:"spec"`
}

type altinitySource struct {
	Name string `json:"name"`
	Key  string `json:"key"`
}

// altinitySettings are settings by their paths, as an object of words, numbers, lists and references.
type altinitySettings map[string]any

func (s altinitySettings) paths() []string { return slices.Sorted(maps.Keys(s)) }

// source is the key of a Secret that a setting is read from, nil where it has a value of its own.
func (s altinitySettings) source(path string) *altinitySource {
	value, _ := s[path].(map[string]any)
	from, _ := value["valueFrom"].(map[string]any)
	reference, isReference := from["secretKeyRef"].(map[string]any)
	if !isReference {
		return nil
	}
	return &altinitySource{Name: fmt.Sprint(reference["name"]), Key: fmt.Sprint(reference["key"])}
}

// number is a port that a setting says, 0 where it says none, or none that is a number.
func (s altinitySettings) number(path string) int32 {
	number, err := strconv.ParseInt(fmt.Sprint(s[path]), 10, 32)
	if err != nil {
		return 0
	}
	return int32(number)
}

var noVariable = regexp.MustCompile("[^A-Z0-9]+")

// variableOf is BuildShellEnvVarName of pkg/util/shell.go.
func variableOf(prefix, path string) string {
	return strings.Trim(noVariable.ReplaceAllString(strings.ToUpper(prefix+"_"+path), "_"), "_")
}

// altinityPort is a port of a host.
type altinityPort struct {
	name   string
	number int32
}

// isYes is StringBool of pkg/apis/common/types.
func isYes(word string, otherwise bool) bool {
	switch strings.ToLower(word) {
	case "1", "true", "yes", "on", "enable", "enabled":
		return true
	case "0", "false", "no", "off", "disable", "disabled":
		return false
	}
	return otherwise
}

// ports are those that a host has by its settings, or by what the operator takes where they are silent: hostEnsurePortValuesFromSettings in
// pkg/model/{chi,chk}/normalizer/normalizer-host.go.
func (a *altinity) ports() []altinityPort {
	settings, cluster := a.spec.Configuration.Settings, a.cluster()
	var made []altinityPort
	add := func(name, setting string, otherwise int32) {
		if number := settings.number(setting); number != 0 {
			made = append(made, altinityPort{name, number})
		} else if otherwise != 0 {
			made = append(made, altinityPort{name, otherwise})
		}
	}
	if a.kind.short == "chk" {
		add("zk", "keeper_server/tcp_port", keeperPort)
		add("raft", "keeper_server/raft_configuration/server/port", raftPort)
		return made
	}
	insecure, secure := isYes(cluster.Insecure, true), isYes(cluster.Secure, false)
	only := func(is bool, number int32) int32 {
		if is {
			return number
		}
		return 0
	}
	add("tcp", "tcp_port", only(insecure, 9000))
	add("secureclient", "tcp_port_secure", only(secure, 9440))
	add("http", "http_port", only(insecure, 8123))
	add("https", "https_port", only(secure, 8443))
	add("interserver", "interserver_http_port", 9009)
	return made
}

// hosts are all of a layout, shard by shard.
func (a *altinity) hosts() []altinityHost {
	var made []altinityHost
	for shard := range a.cluster().shards() {
		for replica := range a.cluster().replicas() {
			made = append(made, altinityHost{shard, replica})
		}
	}
	return made
}

// setName is the name of a host's StatefulSet and Service: pkg/model/{chi,chk}/namer/patterns.go.
func (a *altinity) setName(host altinityHost) string {
	return fmt.Sprintf("%s-%s-%s-%d-%d", a.kind.short, a.name(), a.cluster().Name, host.shard, host.replica)
}

func (a *altinity) hostConfigName(host altinityHost) string {
	return fmt.Sprintf("%s-%s-deploy-confd-%s-%d-%d", a.kind.short, a.name(), a.cluster().Name, host.shard, host.replica)
}

// commonConfigNames are the ConfigMaps that all hosts read, and that of users.
func (a *altinity) commonConfigNames() []string {
	begin := a.kind.short + "-" + a.name()
	return []string{begin + "-common-configd", begin + "-common-usersd"}
}

// podTemplate is the one that all hosts have; without one the operator has its own, with the newest image there is.
func (a *altinity) podTemplate() altinityPodTemplate {
	for _, each := range a.spec.Templates.PodTemplates {
		if each.Name == a.spec.Defaults.Templates.PodTemplate {
			return each
		}
	}
	image := map[string]string{"chi": "clickhouse/clickhouse-server:latest", "chk": "clickhouse/clickhouse-keeper:latest"}[a.kind.short]
	return altinityPodTemplate{Spec: corev1.PodSpec{Containers: []corev1.Container{{Name: a.kind.container, Image: image}}}}
}

// serviceTemplate is that of the Service before all hosts, nil where the operator makes its own.
func (a *altinity) serviceTemplate() *altinityServiceTemplate {
	for index := range a.spec.Templates.ServiceTemplates {
		if each := &a.spec.Templates.ServiceTemplates[index]; each.Name == a.spec.Defaults.Templates.ServiceTemplate {
			return each
		}
	}
	return nil
}

func (a *altinity) serviceName() string {
	if template := a.serviceTemplate(); template != nil && template.GenerateName != "" {
		return template.GenerateName
	}
	return a.kind.service(a.name())
}

// isNo says that a setting takes away what other files say: pkg/xml/xml.go.
func isNo(value string) bool { return value == "_removed_" || value == "_remove_" }
