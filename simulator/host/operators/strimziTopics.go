package operators

import (
	"context"
	"crypto/rand"
	"fmt"
	"strings"

	"k8s.io/apimachinery/pkg/apis/meta/v1/unstructured"
)

// kafkaOf is the cluster that a topic or a user names by its label; nil where it names none, or while nobody looks after its topics and users.
func kafkaOf(w *world, object *unstructured.Unstructured) (*kafka, error) {
	found := w.get(kafkas, object.GetNamespace(), object.GetLabels()[strimziCluster])
	if found == nil || !isRunning(w.get(deployments, found.GetNamespace(), found.GetName()+"-entity-operator")) {
		return nil, nil
	}
	return readKafka(w, found)
}

type topicStatus struct {
	Conditions         []condition `json:"conditions"`
	ObservedGeneration int64       `json:"observedGeneration"`
	TopicName          string      `json:"topicName,omitempty"`
	TopicID            string      `json:"topicId,omitempty"`
}

// topicState is what Kafka has of a topic, as nobody runs it: an annotation remembers how it was made.
type topicState struct{ Partitions, Replicas int64 }

const topicAnnotation = "tars-simulator/topic"

// syncKafkaTopic is the topic operator: it makes a topic, gives it more partitions, and refuses fewer (BatchingTopicController).
func syncKafkaTopic(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	k, err := kafkaOf(w, object)
	if err != nil || k == nil || object.GetDeletionTimestamp() != nil {
		return err
	}
	if k.spec.EntityOperator == nil || k.spec.EntityOperator.TopicOperator == nil {
		return nil
	}
	spec := struct {
		TopicName            string
		Partitions, Replicas *int64
	}{}
	if err := read(object, &spec, "spec"); err != nil {
		return err
	}
	status := topicStatus{}
	if err := read(object, &status, "status"); err != nil {
		return err
	}
	name := orElse(spec.TopicName, object.GetName())
	reason, message := "", ""
	has, isMade := topicState{}, false
	if text := object.GetAnnotations()[topicAnnotation]; text != "" {
		_, err := fmt.Sscanf(text, "%d/%d", &has.Partitions, &has.Replicas)
		isMade = err == nil
	}
	wanted := topicState{orNumber(spec.Partitions, has.Partitions, 1), orNumber(spec.Replicas, has.Replicas, max(1, min(3, k.brokers())))}
	switch {
	case isMade && status.TopicName != "" && status.TopicName != name:
		reason, message = "NotSupported", "Changing spec.topicName is not supported"
	case isMade && wanted.Partitions < has.Partitions:
		reason, message = "NotSupported", "Decreasing partitions not supported"
	case isMade && wanted.Replicas != has.Replicas && k.spec.CruiseControl == nil:
		reason, message = "NotSupported", fmt.Sprintf("Replication factor change not supported, but required for partitions %v", numbers(has.Partitions))
	case wanted.Replicas > k.brokers():
		reason, message = "KafkaError", fmt.Sprintf("org.apache.kafka.common.errors.InvalidReplicationFactorException: "+
			"Unable to replicate the partition %d time(s): The target replication factor of %d cannot be reached because only %d broker(s) are registered.",
			wanted.Replicas, wanted.Replicas, k.brokers())
	}
	shown := condition{Type: "Ready", Status: conditionTrue}
	if reason != "" {
		shown = condition{Type: "Ready", Status: conditionFalse, Reason: reason, Message: message}
	} else {
		status.TopicName, status.TopicID = name, strings.ReplaceAll(string(object.GetUID()), "-", "")[:22]
		if text := fmt.Sprintf("%d/%d", wanted.Partitions, wanted.Replicas); object.GetAnnotations()[topicAnnotation] != text {
			patch := &unstructured.Unstructured{Object: fields{"metadata": fields{
				"name": object.GetName(), "namespace": object.GetNamespace(), "annotations": fields{topicAnnotation: text},
			}}}
			patch.SetAPIVersion(object.GetAPIVersion())
			patch.SetKind(object.GetKind())
			if err := w.apply(ctx, kafkaTopics, "strimzi-topic-operator", patch); err != nil {
				return err
			}
		}
	}
	status.Conditions, status.ObservedGeneration = settled(status.Conditions, shown), object.GetGeneration()
	return w.setStatus(ctx, kafkaTopics, object, status)
}

func orNumber(asked *int64, has, unsaid int64) int64 {
	switch {
	case asked != nil:
		return *asked
	case has > 0:
		return has
	}
	return unsaid
}

func numbers(count int64) []int64 {
	made := []int64{}
	for next := range count {
		made = append(made, next)
	}
	return made
}

type userStatus struct {
	Conditions         []condition `json:"conditions"`
	ObservedGeneration int64       `json:"observedGeneration"`
	Username           string      `json:"username,omitempty"`
	Secret             string      `json:"secret,omitempty"`
}

type kafkaUserSpec struct {
	Authentication *struct {
		Type     string
		Password *struct {
			ValueFrom struct{ SecretKeyRef *struct{ Name, Key string } }
		}
	}
	Authorization *struct {
		Type string
		ACLs []any
	}
}

// syncKafkaUser is the user operator: it gives a user what to log in with (KafkaUserOperator, KafkaUserModel).
func syncKafkaUser(ctx context.Context, w *world, object *unstructured.Unstructured) error {
	k, err := kafkaOf(w, object)
	if err != nil || k == nil || object.GetDeletionTimestamp() != nil {
		return err
	}
	if k.spec.EntityOperator == nil || k.spec.EntityOperator.UserOperator == nil {
		return nil
	}
	spec, status := kafkaUserSpec{}, userStatus{}
	if err := read(object, &spec, "spec"); err != nil {
		return err
	}
	if err := read(object, &status, "status"); err != nil {
		return err
	}
	shown := condition{Type: "Ready", Status: conditionTrue}
	refused, err := k.userSecret(ctx, object, spec)
	if err != nil {
		return err
	}
	if refused != "" {
		shown = condition{Type: "Ready", Status: conditionFalse, Reason: "InvalidResourceException", Message: refused}
	}
	status.Username = object.GetName()
	if spec.Authentication != nil {
		status.Secret = object.GetName()
		if spec.Authentication.Type != "scram-sha-512" {
			status.Username = "CN=" + object.GetName()
		}
	}
	status.Conditions, status.ObservedGeneration = settled(status.Conditions, shown), object.GetGeneration()
	return w.setStatus(ctx, kafkaUsers, object, status)
}

// userSecret makes what a user logs in with, or says why it may not.
func (k *kafka) userSecret(ctx context.Context, object *unstructured.Unstructured, spec kafkaUserSpec) (refused string, err error) {
	if spec.Authorization != nil && k.spec.Kafka.Authorization == nil {
		return "Simple authorization ACL rules are configured but not supported in the Kafka cluster configuration.", nil
	}
	if spec.Authentication == nil {
		return "", nil
	}
	name := object.GetName()
	there, err := k.w.live(ctx, secrets, k.namespace(), name)
	if err != nil {
		return "", err
	}
	data := map[string][]byte{}
	if there != nil {
		data = dataOf(there)
	}
	switch spec.Authentication.Type {
	case "tls":
		if len(name) > 64 {
			return "Users with TLS client authentication can have a username (name of the KafkaUser custom resource) only up to 64 characters long.", nil
		}
		if len(data["user.crt"]) > 0 {
			return "", nil
		}
		by, err := strimziAuthority(ctx, k.w.world, k.namespace(), k.name(), "clients-ca")
		if err != nil || by == nil {
			return "The Clients CA Cert Secret is missing", err
		}
		certificate, key, err := by.identity(name, nil)
		if err != nil {
			return "", err
		}
		data = map[string][]byte{"ca.crt": encodeCertificate(by.authority), "user.crt": certificate, "user.key": key}
	case "scram-sha-512":
		password := data["password"]
		if asked := spec.Authentication.Password; asked != nil && asked.ValueFrom.SecretKeyRef != nil {
			from := asked.ValueFrom.SecretKeyRef
			given := k.w.get(secrets, k.namespace(), from.Name)
			if given == nil {
				return fmt.Sprintf("Secret %s with requested user password does not exist.", from.Name), nil
			}
			if password = dataOf(given)[from.Key]; len(password) == 0 {
				return fmt.Sprintf("Secret %s does not contain the key %s with requested user password.", from.Name, from.Key), nil
			}
		}
		if len(password) == 0 {
			password = []byte(strings.ToLower(rand.Text()))
		}
		if string(password) == string(data["password"]) {
			return "", nil
		}
		login := fmt.Sprintf("org.apache.kafka.common.security.scram.ScramLoginModule required username=%q password=%q;", name, password)
		data = map[string][]byte{"password": password, "sasl.jaas.config": []byte(login)}
	default:
		return "", nil
	}
	own := k.labels("strimzi-user-operator", "strimzi-user-operator")
	own[strimziKindWord], own["app.kubernetes.io/managed-by"] = "KafkaUser", "strimzi-user-operator"
	made, err := untyped("v1", "Secret", fields{
		"metadata": fields{"name": name, "namespace": k.namespace(), "labels": anyMap(own), "ownerReferences": []any{fields{
			"apiVersion": object.GetAPIVersion(), "kind": object.GetKind(), "name": name, "uid": string(object.GetUID()), "controller": false,
			"blockOwnerDeletion": false,
		}}},
		"type": "Opaque", "data": encoded(data),
	})
	if err != nil {
		return "", err
	}
	return "", k.w.apply(ctx, secrets, "strimzi-user-operator", made)
}
