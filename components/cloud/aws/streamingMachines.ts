import type { BrokerMachine } from "../../foundation/kafkaNames";

/**
 * Machines of MSK's standard brokers. The smallest, kafka.t3.small, is not among them: it has its full speed for a while only, and is for trying
 * things out. AWS refuses what a region does not have before it makes anything.
 *
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/broker-instance-sizes.html
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/bestpractices.html#partitions-per-broker (recommended; at half as many again MSK changes
 * nothing any more)
 * @see https://aws.amazon.com/ec2/instance-types/ (vCPUs and memory: those of m5 and m7g)
 */
export const brokerMachines = {
    "kafka.m5.large": { vcpus: 2, memoryGi: 8, partitions: 1000 },
    "kafka.m5.xlarge": { vcpus: 4, memoryGi: 16, partitions: 1000 },
    "kafka.m5.2xlarge": { vcpus: 8, memoryGi: 32, partitions: 2000 },
    "kafka.m5.4xlarge": { vcpus: 16, memoryGi: 64, partitions: 4000 },
    "kafka.m7g.large": { vcpus: 2, memoryGi: 8, partitions: 1000 },
    "kafka.m7g.xlarge": { vcpus: 4, memoryGi: 16, partitions: 1000 },
    "kafka.m7g.2xlarge": { vcpus: 8, memoryGi: 32, partitions: 2000 },
    "kafka.m7g.4xlarge": { vcpus: 16, memoryGi: 64, partitions: 4000 },
} as const satisfies Readonly<Record<string, BrokerMachine>>;

/** In every environment: there is no smaller one that all versions run on. */
export const defaultBrokerMachine: keyof typeof brokerMachines = "kafka.m7g.large";
