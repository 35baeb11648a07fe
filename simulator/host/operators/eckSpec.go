package operators

import (
	"fmt"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	policyv1 "k8s.io/api/policy/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

// elasticsearch is a cluster as its operator sees it while it looks at it once.
type elasticsearch struct {
	w      writer
	object *unstructured.Unstructured
	spec   eckSpec
	status eckStatus
	// shown is the version that ran when it was last looked at.
	shown string
	// there are its pods, and how many of them are ready.
	there []*corev1.Pod
	ready int32
}

// eckSpec is what an Elasticsearch has, as far as it is shown here: pkg/apis/elasticsearch/v1/elasticsearch_types.go.
type eckSpec struct {
	Version string
	Image   string
	HTTP    struct {
		Service eckService
		TLS     struct {
			SelfSignedCertificate *struct{ Disabled bool }
		}
	}
	Transport           struct{ Service eckService }
	NodeSets            []eckNodeSet
	PodDisruptionBudget *struct {
		Spec *policyv1.PodDisruptionBudgetSpec
	}
	Auth struct {
		Roles, FileRealm []struct{ SecretName string }
	}
	// Of SecretSource the name alone: entries under other names are left out here.
	SecureSettings       []struct{ SecretName string }
	RevisionHistoryLimit *int32
}

type eckService struct {
	Metadata metav1.ObjectMeta
	Spec     corev1.ServiceSpec
}

type eckNodeSet struct {
	Name          string
	Count         int32
	Config        fields
	ZoneAwareness *struct {
		TopologyKey string
		Zones       []string
	}
	PodTemplate          corev1.PodTemplateSpec
	VolumeClaimTemplates []corev1.PersistentVolumeClaim
}

// roles are those that a node is given; isGiven is false where nobody says, so that it has all of them (Node.IsConfiguredWithRole).
func (n eckNodeSet) roles() (roles []string, isGiven bool) {
	given, isGiven := n.Config["node.roles"].([]any)
	if inner, isNested := n.Config["node"].(map[string]any); isNested && !isGiven {
		given, isGiven = inner["roles"].([]any)
	}
	for _, each := range given {
		roles = append(roles, fmt.Sprint(each))
	}
	return roles, isGiven
}

func (n eckNodeSet) has(role string) bool {
	roles, isGiven := n.roles()
	if !isGiven {
		return role != "voting_only"
	}
	return slices.Contains(roles, role)
}

// keepsData says whether shards may be on it (label.IsDataNodeSet).
func (n eckNodeSet) keepsData() bool {
	return slices.ContainsFunc([]string{"data", "data_hot", "data_warm", "data_cold", "data_content"}, n.has)
}

func readElasticsearch(w *world, object *unstructured.Unstructured) (*elasticsearch, error) {
	made := &elasticsearch{w: w.as(eckManager), object: object}
	if err := read(object, &made.spec, "spec"); err != nil {
		return nil, err
	}
	if err := read(object, &made.status, "status"); err != nil {
		return nil, err
	}
	made.shown = made.status.Version
	made.status.ObservedGeneration = object.GetGeneration()
	return made, nil
}

func (e *elasticsearch) name() string      { return e.object.GetName() }
func (e *elasticsearch) namespace() string { return e.object.GetNamespace() }

// named is ESNamer.Suffix.
func (e *elasticsearch) named(suffix string) string { return e.name() + "-es-" + suffix }

// Labels by which everything of a cluster is told from others: label/label.go.
const (
	eckCluster = "elasticsearch.k8s.elastic.co/cluster-name"
	eckSet     = "elasticsearch.k8s.elastic.co/statefulset-name"
	eckType    = "common.k8s.elastic.co/type"
)

func (e *elasticsearch) labels() map[string]string {
	return map[string]string{eckCluster: e.name(), eckType: "elasticsearch"}
}

func (e *elasticsearch) setLabels(set eckNodeSet) map[string]string {
	made := e.labels()
	made[eckSet] = e.named(set.Name)
	return made
}

// podLabels are NewPodLabels.
func (e *elasticsearch) podLabels(set eckNodeSet) map[string]string {
	made := e.setLabels(set)
	for _, role := range []string{
		"master", "data", "ingest", "ml", "transform", "remote_cluster_client", "voting_only", "data_content", "data_cold", "data_hot", "data_warm", "data_frozen",
	} {
		made["elasticsearch.k8s.elastic.co/node-"+role] = fmt.Sprint(set.has(role))
	}
	made["elasticsearch.k8s.elastic.co/version"] = e.spec.Version
	made["elasticsearch.k8s.elastic.co/http-scheme"] = e.scheme()
	return made
}

func (e *elasticsearch) scheme() string {
	if own := e.spec.HTTP.TLS.SelfSignedCertificate; own != nil && own.Disabled {
		return "http"
	}
	return "https"
}

func (e *elasticsearch) meta(name string, own map[string]string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: e.namespace(), Labels: own, OwnerReferences: ownerOf(e.object)}
}

// zoneKey is the label of nodes by which nodes of the cluster know their zone; empty where none asks (NodeSetList.ZoneAwarenessTopologyKey).
func (e *elasticsearch) zoneKey() string {
	for _, set := range e.spec.NodeSets {
		if set.ZoneAwareness != nil {
			return orElse(set.ZoneAwareness.TopologyKey, corev1.LabelTopologyZone)
		}
	}
	return ""
}

func (e *elasticsearch) wanted() (sum int32) {
	for _, set := range e.spec.NodeSets {
		sum += set.Count
	}
	return sum
}

// lookAtPods reads the pods that are there.
func (e *elasticsearch) lookAtPods() error {
	for _, each := range e.w.list(pods, labels.Set{eckCluster: e.name()}) {
		if each.GetNamespace() != e.namespace() {
			continue
		}
		pod := &corev1.Pod{}
		if err := runtime.DefaultUnstructuredConverter.FromUnstructured(each.Object, pod); err != nil {
			return fmt.Errorf("Pod %s: %w", keyOf(each), err)
		}
		e.there = append(e.there, pod)
		if reports(pod) {
			e.ready++
		}
	}
	return nil
}

// refusal is what the operator finds wrong with the object, in its own words: validation/validations.go.
func (e *elasticsearch) refusal() string {
	seen, hasMaster := map[string]bool{}, false
	for index, set := range e.spec.NodeSets {
		if seen[set.Name] {
			return "spec.nodeSets: Invalid value: NodeSet names must be unique"
		}
		seen[set.Name] = true
		hasMaster = hasMaster || (set.has("master") && !set.has("voting_only") && set.Count > 0)
		for _, claim := range set.VolumeClaimTemplates {
			if claim.Name != eckData && !mounts(set.PodTemplate, claim.Name) {
				return fmt.Sprintf("spec.nodeSets[%d].volumeClaimTemplates: Invalid value: volume claim declared but volume not mounted in any container. "+
					"Note that the Elasticsearch data volume should be named 'elasticsearch-data'", index)
			}
		}
	}
	if !hasMaster {
		return "spec.nodeSets: Required value: Elasticsearch needs to have at least one master node"
	}
	major, _, isWhole := strings.Cut(e.spec.Version, ".")
	if !isWhole || !slices.Contains([]string{"7", "8", "9"}, major) {
		return "spec.version: Invalid value: Unsupported version"
	}
	return ""
}

func mounts(template corev1.PodTemplateSpec, volume string) bool {
	return slices.ContainsFunc(template.Spec.Containers, func(container corev1.Container) bool {
		return slices.ContainsFunc(container.VolumeMounts, func(mount corev1.VolumeMount) bool { return mount.Name == volume })
	})
}

// claimsOf are the claims of a set's pods for one of its volumes.
func (e *elasticsearch) claimsOf(set, volume string) (found []*unstructured.Unstructured) {
	for _, each := range e.w.list(claims, labels.Set{eckSet: set}) {
		if each.GetNamespace() == e.namespace() && strings.HasPrefix(each.GetName(), volume+"-"+set+"-") {
			found = append(found, each)
		}
	}
	return found
}
