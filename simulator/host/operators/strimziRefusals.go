package operators

import (
	"fmt"
	"maps"
	"slices"
	"strconv"
	"strings"
)

var (
	// boundedConfig may not be more than there are brokers (KafkaCluster.fromCrd).
	boundedConfig = []string{
		"default.replication.factor", "offsets.topic.replication.factor", "transaction.state.log.replication.factor", "transaction.state.log.min.isr",
	}
	// forbiddenPorts are taken, as are all below 9092 (ListenersValidator.validatePort).
	forbiddenPorts = []int64{9404, 9999}
)

// refusal is why the operator does nothing: reason and message of its condition, or nothing.
func (k *kafka) refusal() (reason, message string) {
	if errors := k.poolErrors(); len(errors) > 0 {
		return "InvalidResourceException", fmt.Sprintf("The Kafka cluster %s is invalid: [%s]", k.name(), strings.Join(errors, ", "))
	}
	if k.spec.Kafka.Version != "" && k.spec.Kafka.Image == "" && k.images()[k.spec.Kafka.Version] == "" {
		return "UnsupportedKafkaVersionException", fmt.Sprintf("Unsupported Kafka.spec.kafka.version: %s. Supported versions are: [%s]",
			k.spec.Kafka.Version, strings.Join(slices.Sorted(maps.Keys(k.images())), ", "))
	}
	if errors := k.listenerErrors(); len(errors) > 0 {
		return "InvalidResourceException", fmt.Sprintf("Listener configuration is not valid: [%s]", strings.Join(errors, ", "))
	}
	brokers := k.brokers()
	for _, key := range boundedConfig {
		value, isNumber := k.number(key)
		if !isNumber {
			return "InvalidResourceException", fmt.Sprintf("Property %s should be an integer", key)
		}
		if value > brokers {
			orLess := ""
			if brokers > 1 {
				orLess = " or less"
			}
			return "InvalidResourceException", fmt.Sprintf(
				"Kafka configuration option '%s' should be set to %d%s because this cluster has only %d Kafka broker(s).", key, brokers, orLess, brokers)
		}
	}
	return "", ""
}

// number is that of an option, none where it is not said.
func (k *kafka) number(key string) (int64, bool) {
	value, isSaid := k.spec.Kafka.Config[key]
	if !isSaid {
		return 0, true
	}
	number, err := strconv.ParseFloat(fmt.Sprint(value), 64)
	return int64(number), err == nil
}

func (k *kafka) brokers() int64 { return k.count("broker") }

func (k *kafka) count(role string) (sum int64) {
	for _, pool := range k.pools {
		if pool.has(role) {
			sum += pool.spec.Replicas
		}
	}
	return sum
}

// poolErrors is NodePoolUtils.validateNodePools.
func (k *kafka) poolErrors() []string {
	var found []string
	for _, pool := range k.pools {
		if len(pool.spec.Roles) == 0 {
			found = append(found, fmt.Sprintf("KafkaNodePool %s has no role defined in .spec.roles", pool.object.GetName()))
		}
		if pool.spec.Storage.Type == "jbod" && len(pool.spec.Storage.volumes()) == 0 {
			found = append(found, "JbodStorage needs to contain at least one volume (KafkaNodePool.spec.storage)")
		}
		for _, volume := range pool.spec.Storage.volumes() {
			if volume.Type == "persistent-claim" && volume.Size == "" {
				found = append(found, "The size is mandatory for a persistent-claim storage (KafkaNodePool.spec.storage)")
			}
		}
	}
	for _, role := range []string{"broker", "controller"} {
		if k.count(role) == 0 {
			found = append(found, fmt.Sprintf("At least one KafkaNodePool with the %s role and at least one replica is required when KRaft mode is enabled", role))
		}
	}
	return found
}

// listenerErrors is the part of ListenersValidator that is about listeners inside.
func (k *kafka) listenerErrors() []string {
	var found []string
	names, ports := map[string]bool{}, map[int64]bool{}
	for _, each := range k.spec.Kafka.Listeners {
		if names[each.Name] {
			found = append(found, "every listener needs to have a unique name")
		}
		if ports[each.Port] {
			found = append(found, "every listener needs to have a unique port number")
		}
		if each.Port < 9092 || slices.Contains(forbiddenPorts, each.Port) {
			found = append(found, fmt.Sprintf("port %d is forbidden and cannot be used", each.Port))
		}
		if each.Authentication != nil && each.Authentication.Type == "tls" && !each.TLS {
			found = append(found, fmt.Sprintf("listener %s cannot use tls type authentication with disabled TLS encryption", each.Name))
		}
		names[each.Name], ports[each.Port] = true, true
	}
	return found
}

// warnings are those of KafkaSpecChecker.
func (k *kafka) warnings() []condition {
	var found []condition
	warn := func(reason, message string) {
		found = append(found, condition{Type: "Warning", Status: conditionTrue, Reason: reason, Message: message})
	}
	for option, reason := range map[string]string{"default.replication.factor": "KafkaDefaultReplicationFactor", "min.insync.replicas": "KafkaMinInsyncReplicas"} {
		if k.spec.Kafka.Config[option] == nil && k.brokers() > 1 {
			warn(reason, option+" option is not configured. It defaults to 1 which does not guarantee reliability and availability. "+
				"You should configure this option in .spec.kafka.config.")
		}
	}
	switch controllers := k.count("controller"); {
	case controllers == 2:
		warn("KafkaKRaftControllerNodeCount", "Running KRaft controller quorum with two nodes is not advisable as both nodes will be needed to avoid downtime. "+
			"It is recommended that a minimum of three nodes are used.")
	case controllers%2 == 0:
		warn("KafkaKRaftControllerNodeCount", "Running KRaft controller quorum with an odd number of nodes is recommended.")
	}
	return found
}
