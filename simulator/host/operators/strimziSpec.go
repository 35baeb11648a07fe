package operators

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"

	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
)

var deleteNow = metav1.DeleteOptions{}

// kafka is a Kafka cluster as its operator sees it while it looks at it once.
type kafka struct {
	w      writer
	object *unstructured.Unstructured
	spec   kafkaSpec
	pools  []*kafkaPool
	status kafkaStatus
	// settings are the environment of the operator.
	settings map[string]string
}

type kafkaSpec struct {
	Kafka struct {
		Version, MetadataVersion, Image, BrokerRackInitImage string
		Listeners                                            []kafkaListener
		Config                                               fields
		Authorization                                        *struct{ Type string }
		Rack                                                 *struct{ Type, TopologyKey string }
		MetricsConfig                                        *struct{ Type string }
		LivenessProbe, ReadinessProbe                        fields
		Template                                             strimziTemplate
	}
	EntityOperator *struct {
		TopicOperator, UserOperator *strimziPart
		Template                    strimziTemplate
	}
	CruiseControl        *strimziPart
	ClusterCa, ClientsCa struct{ ValidityDays int }
}

type kafkaListener struct {
	Name, Type         string
	Port               int64
	TLS                bool
	Authentication     *struct{ Type string }
	NetworkPolicyPeers []any
}

// portName is what its ports are called (ListenersUtils.backwardsCompatiblePortName).
func (l kafkaListener) portName() string {
	switch {
	case l.Name == "plain" && l.Port == 9092:
		return "tcp-clients"
	case l.Name == "tls" && l.Port == 9093:
		return "tcp-clientstls"
	}
	return "tcp-" + l.Name
}

type strimziPart struct {
	Image                                       string
	Resources                                   fields
	LivenessProbe, ReadinessProbe, StartupProbe fields
	MetricsConfig                               *struct{ Type string }
	Template                                    strimziTemplate
}

type strimziTemplate struct {
	Pod, KafkaContainer, InitContainer, PersistentVolumeClaim fields
	TopicOperatorContainer, UserOperatorContainer             fields
	CruiseControlContainer                                    fields
	PodDisruptionBudget                                       *struct{ MaxUnavailable *int64 }
}

type kafkaPool struct {
	object *unstructured.Unstructured
	spec   struct {
		Replicas   int64
		Roles      []string
		Storage    kafkaStorage
		Resources  fields
		Template   *strimziTemplate
		JvmOptions struct {
			Xms string `json:"-Xms"`
			Xmx string `json:"-Xmx"`
		}
	}
	shown struct{ NodeIds []int64 }
	nodes []int64
}

type kafkaVolume struct {
	Type, Size, Class string
	ID                *int64
	DeleteClaim       bool
}

type kafkaStorage struct {
	kafkaVolume
	Volumes []kafkaVolume
}

// volumes are those of each pod, by the name of the volume.
func (s kafkaStorage) volumes() map[string]kafkaVolume {
	if s.Type != "jbod" {
		return map[string]kafkaVolume{"data": s.kafkaVolume}
	}
	found := map[string]kafkaVolume{}
	for _, each := range s.Volumes {
		if each.ID != nil {
			found[fmt.Sprintf("data-%d", *each.ID)] = each
		}
	}
	return found
}

func (p *kafkaPool) has(role string) bool { return slices.Contains(p.spec.Roles, role) }

type kafkaStatus struct {
	Conditions                    []condition `json:"conditions,omitempty"`
	ObservedGeneration            int64       `json:"observedGeneration"`
	Listeners                     []any       `json:"listeners,omitempty"`
	KafkaNodePools                []any       `json:"kafkaNodePools,omitempty"`
	ClusterID                     string      `json:"clusterId,omitempty"`
	OperatorLastSuccessfulVersion string      `json:"operatorLastSuccessfulVersion,omitempty"`
	KafkaVersion                  string      `json:"kafkaVersion,omitempty"`
	KafkaMetadataVersion          string      `json:"kafkaMetadataVersion,omitempty"`
}

func (s *kafkaStatus) notReady(reason, message string) {
	s.Conditions = settled(s.Conditions, condition{Type: "NotReady", Status: conditionTrue, Reason: reason, Message: message})
}

// settled are these conditions and no others, each with the time since when it is so.
func settled(shown []condition, wanted ...condition) []condition {
	made := []condition{}
	for _, each := range wanted {
		each.LastTransitionTime = timestamp(time.Now())
		for _, old := range shown {
			if old.Type == each.Type && old.Status == each.Status && old.Reason == each.Reason {
				each.LastTransitionTime = old.LastTransitionTime
			}
		}
		made = append(made, each)
	}
	return made
}

func readKafka(w *world, object *unstructured.Unstructured) (*kafka, error) {
	made := &kafka{w: w.as(strimziManager), object: object, settings: w.environmentOf(strimzi())}
	if err := read(object, &made.spec, "spec"); err != nil {
		return nil, err
	}
	if err := read(object, &made.status, "status"); err != nil {
		return nil, err
	}
	made.status.ObservedGeneration = object.GetGeneration()
	for _, each := range w.list(kafkaNodePools, labels.Set{strimziCluster: object.GetName()}) {
		if each.GetNamespace() != object.GetNamespace() || each.GetDeletionTimestamp() != nil {
			continue
		}
		pool := &kafkaPool{object: each}
		if err := read(each, &pool.spec, "spec"); err != nil {
			return nil, err
		}
		if err := read(each, &pool.shown, "status"); err != nil {
			return nil, err
		}
		made.pools = append(made.pools, pool)
	}
	return made, nil
}

// environmentOf is what the operator's Deployment gives its program.
func (w *world) environmentOf(o *operator) map[string]string {
	found := map[string]string{}
	deployment := w.controllerOf(o)
	if deployment == nil {
		return found
	}
	containers, _, _ := unstructured.NestedSlice(deployment.Object, "spec", "template", "spec", "containers")
	for _, container := range containers {
		variables, _, _ := unstructured.NestedSlice(container.(map[string]any), "env")
		for _, variable := range variables {
			name, _, _ := unstructured.NestedString(variable.(map[string]any), "name")
			found[name], _, _ = unstructured.NestedString(variable.(map[string]any), "value")
		}
	}
	return found
}

// images are those of Kafka by its version, as the operator's environment has them (KafkaVersion.parseImageMap).
func (k *kafka) images() map[string]string {
	found := map[string]string{}
	for _, line := range strings.Fields(k.settings["STRIMZI_KAFKA_IMAGES"]) {
		if version, image, known := strings.Cut(line, "="); known {
			found[version] = image
		}
	}
	return found
}

func (k *kafka) version() string {
	if k.spec.Kafka.Version != "" {
		return k.spec.Kafka.Version
	}
	return slices.Max(append(slices.Collect(maps.Keys(k.images())), ""))
}

func (k *kafka) name() string      { return k.object.GetName() }
func (k *kafka) namespace() string { return k.object.GetNamespace() }
func (k *kafka) component() string { return k.name() + "-kafka" }

// assignNodes gives every pool its nodes: it keeps those that it has, new ones get the lowest numbers that nobody has, and the highest go first
// (NodeIdAssignor without annotations).
func (k *kafka) assignNodes() {
	used := map[int64]bool{}
	for _, pool := range k.pools {
		for _, id := range pool.shown.NodeIds {
			used[id] = true
		}
	}
	for _, pool := range k.pools {
		pool.nodes = slices.Clone(pool.shown.NodeIds)
		slices.Sort(pool.nodes)
		for next := int64(0); int64(len(pool.nodes)) < pool.spec.Replicas; next++ {
			if !used[next] {
				used[next], pool.nodes = true, append(pool.nodes, next)
			}
		}
		pool.nodes = pool.nodes[:pool.spec.Replicas]
	}
}

func (k *kafka) podName(pool *kafkaPool, id int64) string {
	return fmt.Sprintf("%s-%s-%d", k.name(), pool.object.GetName(), id)
}

// inOrder are the pools as their nodes are rolled: who only votes before who serves (KafkaRoller).
func (k *kafka) inOrder() []*kafkaPool {
	sorted := slices.Clone(k.pools)
	slices.SortStableFunc(sorted, func(a, b *kafkaPool) int { return cmp.Compare(rank(a), rank(b)) })
	return sorted
}

func rank(pool *kafkaPool) int {
	if pool.has("broker") {
		return 1
	}
	return 0
}

// labels of what belongs to a part of the cluster (Labels.generateDefaultLabels).
func (k *kafka) labels(name, part string) map[string]string {
	made := map[string]string{
		strimziCluster: k.name(), strimziKindWord: "Kafka", strimziNameWord: name, "strimzi.io/component-type": part,
		"app.kubernetes.io/name": part, "app.kubernetes.io/instance": k.name(), "app.kubernetes.io/part-of": "strimzi-" + k.name(),
		"app.kubernetes.io/managed-by": strimziManager,
	}
	for key, value := range k.object.GetLabels() {
		if _, own := made[key]; !own && !strings.HasPrefix(key, "app.kubernetes.io/") {
			made[key] = value
		}
	}
	return made
}

// selector is by what the pods of a part are told from others (Labels.strimziSelectorLabels).
func (k *kafka) selector(name string) map[string]string {
	return map[string]string{strimziCluster: k.name(), strimziKindWord: "Kafka", strimziNameWord: name}
}

func (k *kafka) meta(name string, own map[string]string) metav1.ObjectMeta {
	return metav1.ObjectMeta{Name: name, Namespace: k.namespace(), Labels: own, OwnerReferences: ownerOf(k.object)}
}

// showPools writes what pools have (KafkaPool.generateNodePoolStatus).
func (k *kafka) showPools(ctx context.Context) (bool, error) {
	k.status.KafkaNodePools = nil
	for _, pool := range k.pools {
		name := pool.object.GetName()
		roles := slices.Clone(pool.spec.Roles)
		slices.Sort(roles)
		selector := labels.Set(k.selector(k.component()))
		selector[strimziPool] = name
		shown := fields{
			"nodeIds": pool.nodes, "roles": roles, "replicas": len(pool.nodes), "labelSelector": selector.String(), "observedGeneration": pool.object.GetGeneration(),
		}
		if err := k.w.setStatus(ctx, kafkaNodePools, pool.object, shown); err != nil {
			return false, err
		}
		k.status.KafkaNodePools = append(k.status.KafkaNodePools, fields{"name": name})
	}
	return false, nil
}

// finish says that all is there (KafkaReconciler.updateKafkaStatus, KafkaListenersReconciler).
func (k *kafka) finish() {
	ready := condition{Type: "Ready", Status: conditionTrue}
	k.status.Conditions = settled(k.status.Conditions, append([]condition{ready}, k.warnings()...)...)
	k.status.KafkaVersion, k.status.OperatorLastSuccessfulVersion = k.version(), strimziVersion
	k.status.KafkaMetadataVersion = orElse(k.spec.Kafka.MetadataVersion, metadataOf(k.version()))
	if k.status.ClusterID == "" {
		k.status.ClusterID = strings.ReplaceAll(string(k.object.GetUID()), "-", "")[:22]
	}
	authority := dataOf(k.w.get(secrets, k.namespace(), k.name()+"-cluster-ca-cert"))["ca.crt"]
	k.status.Listeners = nil
	for _, each := range k.spec.Kafka.Listeners {
		host := k.name() + "-kafka-bootstrap." + k.namespace() + ".svc"
		shown := fields{
			"name": each.Name, "bootstrapServers": fmt.Sprintf("%s:%d", host, each.Port), "addresses": []any{fields{"host": host, "port": each.Port}},
		}
		if each.TLS {
			shown["certificates"] = []any{string(authority)}
		}
		k.status.Listeners = append(k.status.Listeners, shown)
	}
}

// metadataOf is the version of the metadata that a version of Kafka begins with (kafka-versions.yaml).
func metadataOf(version string) string {
	known := map[string]string{"4.2.0": "4.2-IV1", "4.2.1": "4.2-IV1", "4.3.0": "4.3-IV0", "4.3.1": "4.3-IV0"}
	return known[version]
}
