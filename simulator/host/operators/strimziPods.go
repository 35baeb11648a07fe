package operators

import (
	"context"
	"fmt"
	"maps"
	"slices"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/resource"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
	"k8s.io/apimachinery/pkg/labels"
	"k8s.io/apimachinery/pkg/runtime"
)

// quantityAtLeast is a size, or that of a volume which is larger already: none ever gets smaller.
func quantityAtLeast(wanted string, there *unstructured.Unstructured) (string, error) {
	size, err := resource.ParseQuantity(wanted)
	if err != nil || there == nil {
		return wanted, err
	}
	text, _, _ := unstructured.NestedString(there.Object, "spec", "resources", "requests", "storage")
	if has, err := resource.ParseQuantity(text); err == nil && has.Cmp(size) > 0 {
		return text, nil
	}
	return wanted, nil
}

// makePodSets makes a StrimziPodSet for each pool, with all its pods in words (KafkaCluster.generatePodSets).
func (k *kafka) makePodSets(ctx context.Context) (bool, error) {
	for _, pool := range k.pools {
		name := k.name() + "-" + pool.object.GetName()
		selector := k.selector(k.component())
		selector[strimziPool] = pool.object.GetName()
		var made []any
		for _, id := range pool.nodes {
			made = append(made, k.podOf(pool, id))
		}
		own := k.labels(k.component(), "kafka")
		own[strimziPool] = pool.object.GetName()
		set := fields{"metadata": k.meta(name, own), "spec": fields{"selector": fields{"matchLabels": anyMap(selector)}, "pods": made}}
		if err := k.w.own(ctx, strimziPodSets, "StrimziPodSet", k.object, set); err != nil {
			return false, err
		}
	}
	return false, nil
}

// podOf is a node's pod (WorkloadUtils.createStatefulPod). The revision is of all that makes it what it is.
func (k *kafka) podOf(pool *kafkaPool, id int64) fields {
	template := k.spec.Kafka.Template
	if pool.spec.Template != nil {
		template = *pool.spec.Template
	}
	name, set := k.podName(pool, id), k.name()+"-"+pool.object.GetName()
	own := k.labels(k.component(), "kafka")
	maps.Copy(own, map[string]string{
		strimziPool: pool.object.GetName(), "strimzi.io/broker-role": fmt.Sprint(pool.has("broker")), "strimzi.io/controller-role": fmt.Sprint(pool.has("controller")),
		"strimzi.io/pod-name": name, "strimzi.io/controller": "strimzipodset", "strimzi.io/controller-name": set,
		"statefulset.kubernetes.io/pod-name": name,
	})
	annotations := map[string]string{"strimzi.io/kafka-version": k.version()}
	addMetadata(template.Pod, own, annotations)
	spec := fields{
		"restartPolicy": "Always", "hostname": name, "subdomain": k.component() + "-brokers", "serviceAccountName": k.component(),
		"automountServiceAccountToken": false, "terminationGracePeriodSeconds": 30, "schedulerName": "default-scheduler",
		"containers": []any{k.nodeContainer(pool, template)}, "volumes": k.nodeVolumes(pool, name),
	}
	if pool.has("broker") && k.asksForZones() {
		spec["initContainers"] = []any{k.zoneContainer(pool, template)}
	}
	takeOver(spec, template.Pod)
	if pool.has("broker") && k.asksForZones() {
		needZone(spec, k.spec.Kafka.Rack.TopologyKey)
	}
	annotations[strimziRevision] = digest(fields{"spec": spec, "config": k.configuration(id)})
	return fields{
		"apiVersion": "v1", "kind": "Pod",
		"metadata": fields{"name": name, "namespace": k.namespace(), "labels": anyMap(own), "annotations": anyMap(annotations)}, "spec": spec,
	}
}

// takeOver copies what a template of pods says into the spec of one.
func takeOver(spec, template fields) {
	for _, key := range []string{
		"securityContext", "terminationGracePeriodSeconds", "affinity", "tolerations", "topologySpreadConstraints", "priorityClassName", "schedulerName",
		"enableServiceLinks", "imagePullSecrets", "hostAliases", "dnsPolicy", "dnsConfig", "hostUsers",
	} {
		if value, isSaid := template[key]; isSaid {
			spec[key] = runtime.DeepCopyJSONValue(value)
		}
	}
}

func addMetadata(template fields, labels, annotations map[string]string) {
	for key, into := range map[string]map[string]string{"labels": labels, "annotations": annotations} {
		given, _, _ := unstructured.NestedStringMap(template, "metadata", key)
		maps.Copy(into, given)
	}
}

// needZone keeps brokers off nodes that are in no zone (ModelUtils.affinityWithRackLabelSelector).
func needZone(spec fields, key string) {
	path := []string{"affinity", "nodeAffinity", "requiredDuringSchedulingIgnoredDuringExecution", "nodeSelectorTerms"}
	terms, _, _ := unstructured.NestedSlice(spec, path...)
	if len(terms) == 0 {
		terms = []any{fields{}}
	}
	for index, each := range terms {
		term := each.(map[string]any)
		expressions, _, _ := unstructured.NestedSlice(term, "matchExpressions")
		term["matchExpressions"] = append(expressions, fields{"key": key, "operator": "Exists"})
		terms[index] = term
	}
	_ = unstructured.SetNestedSlice(spec, terms, path...)
}

// nodeContainer is KafkaCluster.createContainer.
func (k *kafka) nodeContainer(pool *kafkaPool, template strimziTemplate) fields {
	ports := []any{port(kafkaAgentPort, "tcp-kafkaagent")}
	if pool.has("controller") {
		ports = append(ports, port(kafkaControlPort, "tcp-ctrlplane"))
	}
	if pool.has("broker") {
		ports = append(ports, port(kafkaReplicationPort, "tcp-replication"))
		for _, each := range k.spec.Kafka.Listeners {
			ports = append(ports, port(each.Port, each.portName()))
		}
	}
	if k.spec.Kafka.MetricsConfig != nil {
		ports = append(ports, port(kafkaMetricsPort, "tcp-prometheus"))
	}
	environment := []any{fields{"name": "KAFKA_CLUSTER_NAME", "value": k.name()}}
	if heap := pool.spec.JvmOptions; heap.Xms != "" || heap.Xmx != "" {
		environment = append(environment, fields{"name": "KAFKA_HEAP_OPTS", "value": fmt.Sprintf("-Xms%s -Xmx%s", heap.Xms, heap.Xmx)})
	}
	mounts := []any{mount("kube-api-access", "/var/run/secrets/kubernetes.io/serviceaccount", true), mount("strimzi-tmp", "/tmp", false),
		mount("kafka-metrics-and-logging", "/opt/kafka/custom-config/", false), mount("ready-files", "/var/opt/kafka", false)}
	for _, name := range slices.Sorted(maps.Keys(pool.spec.Storage.volumes())) {
		mounts = append(mounts, mount(name, "/var/lib/kafka/"+name, false))
	}
	if pool.has("broker") && k.asksForZones() {
		mounts = append(mounts, mount("rack-volume", "/opt/kafka/init", false))
	}
	return container("kafka", orElse(k.spec.Kafka.Image, k.images()[k.version()]), pool.spec.Resources, template.KafkaContainer, fields{
		"args": []any{"/opt/kafka/kafka_run.sh"}, "ports": ports, "env": environment, "volumeMounts": mounts,
		"livenessProbe":  asks(k.spec.Kafka.LivenessProbe, fields{"exec": fields{"command": []any{"/opt/kafka/kafka_liveness.sh"}}}),
		"readinessProbe": asks(k.spec.Kafka.ReadinessProbe, fields{"exec": fields{"command": []any{"/opt/kafka/kafka_readiness.sh"}}}),
	})
}

// zoneContainer asks in which zone its node is (KafkaCluster.createInitContainer): it has the resources of the node.
func (k *kafka) zoneContainer(pool *kafkaPool, template strimziTemplate) fields {
	image := orElse(k.spec.Kafka.BrokerRackInitImage, k.settings["STRIMZI_DEFAULT_KAFKA_INIT_IMAGE"])
	return container("kafka-init", image, pool.spec.Resources, template.InitContainer, fields{
		"args": []any{"/opt/strimzi/bin/kafka_init_run.sh"},
		"env": []any{
			fields{"name": "NODE_NAME", "valueFrom": fields{"fieldRef": fields{"fieldPath": "spec.nodeName"}}},
			fields{"name": "RACK_TOPOLOGY_KEY", "value": k.spec.Kafka.Rack.TopologyKey},
		},
		"volumeMounts": []any{mount("rack-volume", "/opt/kafka/init", false), mount("kube-api-access", "/var/run/secrets/kubernetes.io/serviceaccount", true)},
	})
}

func (k *kafka) nodeVolumes(pool *kafkaPool, name string) []any {
	made := []any{
		tokenVolume(), memoryVolume("strimzi-tmp", "5Mi"), memoryVolume("ready-files", "1Ki"),
		fields{"name": "kafka-metrics-and-logging", "configMap": fields{"name": name}},
	}
	volumes := pool.spec.Storage.volumes()
	for _, each := range slices.Sorted(maps.Keys(volumes)) {
		source := fields{"name": each, "persistentVolumeClaim": fields{"claimName": each + "-" + name}}
		if volumes[each].Type != "persistent-claim" {
			source = fields{"name": each, "emptyDir": fields{}}
		}
		made = append(made, source)
	}
	if pool.has("broker") && k.asksForZones() {
		made = append(made, memoryVolume("rack-volume", "1Mi"))
	}
	return made
}

// syncPodSet makes the pods of a set that are not there and removes those that it has no more (StrimziPodSetController): those that are there stay as they are.
func syncPodSet(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	if object.GetDeletionTimestamp() != nil {
		return nil
	}
	asked, _, err := unstructured.NestedSlice(object.Object, "spec", "pods")
	if err != nil {
		return err
	}
	wanted, ready, current := map[string]bool{}, 0, 0
	for _, each := range asked {
		pod := &unstructured.Unstructured{Object: runtime.DeepCopyJSON(each.(map[string]any))}
		wanted[pod.GetName()] = true
		there, err := podAt(w, object.GetNamespace(), pod.GetName())
		if err != nil {
			return err
		}
		if there == nil {
			pod.SetOwnerReferences(ownerOf(object))
			_, err := w.write(pods, pod.GetNamespace()).Create(ctx, pod, metav1.CreateOptions{FieldManager: strimziManager})
			if err := ignoreExisting(err); err != nil {
				return err
			}
			continue
		}
		if isReady(there) {
			ready++
		}
		if there.Annotations[strimziRevision] == pod.GetAnnotations()[strimziRevision] {
			current++
		}
	}
	for _, there := range w.list(pods, labels.Set{"strimzi.io/controller-name": object.GetName()}) {
		if there.GetNamespace() == object.GetNamespace() && !wanted[there.GetName()] && there.GetDeletionTimestamp() == nil {
			if err := ignoreGone(w.write(pods, there.GetNamespace()).Delete(ctx, there.GetName(), deleteNow)); err != nil {
				return err
			}
		}
	}
	return w.setStatus(ctx, strimziPodSets, object, fields{
		"observedGeneration": object.GetGeneration(), "pods": len(asked), "readyPods": ready, "currentPods": current,
	})
}

func podAt(w *world, namespace, name string) (*corev1.Pod, error) {
	there := w.get(pods, namespace, name)
	if there == nil {
		return nil, nil
	}
	pod := &corev1.Pod{}
	return pod, runtime.DefaultUnstructuredConverter.FromUnstructured(there.Object, pod)
}

// rollOut has one pod replaced at a time that is not as it should be, those that only vote first, and only while all others are ready (KafkaRoller).
func (k *kafka) rollOut(ctx context.Context) (bool, error) {
	var old []string
	waits := false
	for _, pool := range k.inOrder() {
		for _, id := range pool.nodes {
			name := k.podName(pool, id)
			pod, err := podAt(k.w.world, k.namespace(), name)
			if err != nil {
				return false, err
			}
			metadata := k.podOf(pool, id)["metadata"].(fields)
			isOld := pod != nil && pod.Annotations[strimziRevision] != metadata["annotations"].(map[string]any)[strimziRevision]
			if isOld {
				old = append(old, name)
			}
			// One that is old and not ready holds nobody up: it is what has to go first.
			if pod == nil || pod.DeletionTimestamp != nil || (!isReady(pod) && !isOld) {
				waits = true
			}
		}
	}
	if waits || len(old) == 0 {
		return waits, nil
	}
	return true, ignoreGone(k.w.write(pods, k.namespace()).Delete(ctx, old[0], deleteNow))
}
