import { isTrue, numberAt, textAt, valuesAt } from "../../cloud/values";
import { hasUnknown, type Properties } from "../../properties";
import type { InputIssue } from "../../protocol";

/** Versions of MSK that a new cluster of today may have. @see https://docs.aws.amazon.com/msk/latest/developerguide/supported-kafka-versions.html */
const versions = ["3.8.x", "3.9.x", "3.8.x.kraft", "3.9.x.kraft", "4.0.x.kraft", "4.1.x.kraft"] as const;

const nodes = "brokerNodeGroupInfo";

/** What MSK refuses of brokers whatever else exists. @see https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html */
export function checkBrokers(inputs: Properties): InputIssue[] {
    const version = textAt(inputs, "kafkaVersion");
    const machine = textAt(inputs, `${nodes}.instanceType`);
    const subnets = valuesAt(inputs, `${nodes}.clientSubnets`).length;
    const brokers = numberAt(inputs, "numberOfBrokerNodes");
    const isSpread = subnets === 0 || brokers === undefined || brokers % subnets === 0;
    const plain = textAt(inputs, "encryptionInfo.encryptionInTransit.clientBroker") ?? "TLS";
    const logs = valuesAt(inputs, "loggingInfo.brokerLogs.cloudwatchLogs");
    const found: readonly (readonly [boolean, string, string])[] = [
        [
            version !== undefined && !versions.some((known) => known === version),
            "kafkaVersion",
            `must be one of ${versions.join(", ")}`,
        ],
        [
            machine !== undefined && !/^(kafka|express)\.[a-z0-9]+\.[a-z0-9]+$/.test(machine),
            `${nodes}.instanceType`,
            "must be a type such as kafka.m7g.large",
        ],
        [subnets === 1 || subnets > 3, `${nodes}.clientSubnets`, "must be two or three"],
        [!isSpread, "numberOfBrokerNodes", `must be a multiple of the ${subnets} subnets`],
        [
            plain === "PLAINTEXT" && isTrue(inputs, "clientAuthentication.sasl.scram"),
            "encryptionInfo.encryptionInTransit.clientBroker",
            "must be TLS where users log in with passwords",
        ],
        [
            logs.some((log) => isTrue(log, "enabled") && valuesAt(log, "logGroup").length === 0 && !hasUnknown(log)),
            "loggingInfo.brokerLogs.cloudwatchLogs.logGroup",
            "must be said of logs that are on",
        ],
    ];
    return found.flatMap(([isBroken, property, reason]) => (isBroken ? [{ property, reason }] : []));
}
