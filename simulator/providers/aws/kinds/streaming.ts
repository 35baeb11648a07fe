import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isTrue, numberAt, textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { arn, regionOf, uuid } from "../account";
import { awsKind } from "../kind";
import { checkBrokers } from "./streamingChecks";
import { judgeCallers, placesOf } from "./subnetGroups";
import { keyOf, securityGroups, types } from "./types";

const kafka = ({ inputs, config }: Subject, resource: string) => arn("kafka", regionOf(inputs, config), resource);

/** It stays what it is for its versions; what it says makes a revision. @see https://docs.aws.amazon.com/msk/1.0/apireference/configurations.html */
const configuration = awsKind(types.streamingConfiguration, {
    required: ["serverProperties"],
    autoName: { property: "name", longest: 64 },
    rules: { name: { form: /^[0-9A-Za-z][0-9A-Za-z-]*$/, says: "letters, digits and hyphens" } },
    computed: ["latestRevision"],
    recomputed: ["latestRevision"],
    id: (subject) => kafka(subject, `configuration/${textAt(subject.inputs, "name")}/${uuid(subject.unique)}`),
    arn: (_, id) => id,
    outputs: () => ({ latestRevision: 1 }),
    again: ({ inputs }, before) => {
        const revision = numberAt(before, "latestRevision") ?? 1;
        const isSame = ["serverProperties", "description"].every((name) => inputs[name] === before[name]);
        return { latestRevision: isSame ? revision : revision + 1 };
    },
});

const nodes = "brokerNodeGroupInfo";

/** @see https://docs.aws.amazon.com/msk/1.0/apireference/clusters.html */
const brokers = awsKind(types.brokers, {
    required: [nodes, "kafkaVersion", "numberOfBrokerNodes"],
    references: [
        { path: `${nodes}.clientSubnets`, to: [types.subnet] },
        securityGroups(`${nodes}.securityGroups`),
        { path: "configurationInfo.arn", to: [types.streamingConfiguration] },
        keyOf("encryptionInfo.encryptionAtRestKmsKeyArn"),
        { path: "loggingInfo.brokerLogs.cloudwatchLogs.logGroup", to: [types.logGroup] },
    ],
    autoName: { property: "clusterName", longest: 64 },
    defaults: { enhancedMonitoring: "DEFAULT", storageMode: "LOCAL" },
    tagged: true,
    computed: ["bootstrapBrokersSaslScram", "bootstrapBrokersTls", "clusterUuid", "currentVersion"],
    check: checkBrokers,
    judge: judgeBrokers,
    id: (subject) => kafka(subject, `cluster/${textAt(subject.inputs, "clusterName")}/${uuid(subject.unique)}-1`),
    arn: (_, id) => id,
    outputs: ({ inputs, config, unique }, id) => {
        const domain = `${textAt(inputs, "clusterName")}.${unique.slice(0, 6)}.c1.kafka.${regionOf(inputs, config)}.amazonaws.com`;
        // MSK names three to begin with.
        const some = Math.min(3, numberAt(inputs, "numberOfBrokerNodes") ?? 0);
        const at = (port: number) =>
            Array.from({ length: some }, (_, index) => `b-${index + 1}.${domain}:${port}`).join(",");
        return {
            bootstrapBrokersSaslScram: isTrue(inputs, "clientAuthentication.sasl.scram") ? at(9096) : "",
            bootstrapBrokersTls: isTrue(inputs, "clientAuthentication.unauthenticated") ? at(9094) : "",
            clusterUuid: id.split("/").at(-1) ?? "",
            currentVersion: unique.slice(0, 13).toUpperCase(),
        };
    },
});

function judgeBrokers({ inputs, before, cloud }: Subject): InputIssue[] {
    const subnets = textsAt(inputs, `${nodes}.clientSubnets`).flatMap((id) => {
        const found = cloud.get(types.subnet, id);
        return found === undefined ? [] : [found.outputs];
    });
    const { zones, networks } = placesOf(subnets);
    const groups = { securityGroups: textsAt(inputs, `${nodes}.securityGroups`) };
    const [network] = [...networks];
    return [
        ...(zones.size === subnets.length
            ? []
            : [{ property: `${nodes}.clientSubnets`, reason: "must each be of another zone" }]),
        ...(networks.size > 1 ? [{ property: `${nodes}.clientSubnets`, reason: "are of different VPCs" }] : []),
        ...judgeCallers(groups, { network, property: "securityGroups" }, cloud),
        ...judgeConfiguration(inputs, cloud),
        ...judgeChange(inputs, before),
        ...judgeName(inputs, before, cloud),
    ];
}

/** A configuration that names versions is for them alone. */
function judgeConfiguration(inputs: Properties, cloud: CloudView): InputIssue[] {
    const named = textAt(inputs, "configurationInfo.arn");
    const found = cloud.get(types.streamingConfiguration, named ?? "");
    if (found === undefined) return [];
    const [versions, version] = [textsAt(found.inputs, "kafkaVersions"), textAt(inputs, "kafkaVersion") ?? ""];
    const [last, asked] = [
        numberAt(found.outputs, "latestRevision") ?? 1,
        numberAt(inputs, "configurationInfo.revision") ?? 1,
    ];
    return [
        ...(versions.length === 0 || versions.includes(version)
            ? []
            : [{ property: "configurationInfo.arn", reason: `is for ${versions.join(", ")}, not for ${version}` }]),
        ...(asked <= last ? [] : [{ property: "configurationInfo.revision", reason: `is ${asked} of ${last}` }]),
    ];
}

/**
 * @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-update-storage.html and msk-update-broker-count.html (brokers that go are not
 * simulated)
 */
function judgeChange(inputs: Properties, before: Properties | undefined): InputIssue[] {
    const size = `${nodes}.storageInfo.ebsStorageInfo.volumeSize`;
    const shrunk = [size, "numberOfBrokerNodes"].filter(
        (path) => (numberAt(inputs, path) ?? 0) < (numberAt(before, path) ?? 0),
    );
    const [version, old] = [inputs, before].map((of) => Number.parseFloat(textAt(of, "kafkaVersion") ?? "0"));
    return [
        ...shrunk.map((property) => ({ property, reason: `cannot go back from ${numberAt(before, property)}` })),
        ...(before !== undefined && (version ?? 0) < (old ?? 0)
            ? [{ property: "kafkaVersion", reason: `cannot go back from ${textAt(before, "kafkaVersion")}` }]
            : []),
    ];
}

function judgeName(inputs: Properties, before: Properties | undefined, cloud: CloudView): InputIssue[] {
    const name = textAt(inputs, "clusterName") ?? "";
    if (before !== undefined || cloud.find([types.brokers], "clusterName", name) === undefined) return [];
    return [{ property: "clusterName", reason: `${name} is taken` }];
}

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-topic-operations-information.html */
const topic = awsKind(types.streamingTopic, {
    required: ["clusterArn", "partitionCount", "replicationFactor"],
    references: [{ path: "clusterArn", to: [types.brokers], by: "arn" }],
    autoName: { property: "name", longest: 249 },
    rules: { name: { form: /^[a-zA-Z0-9._-]+$/, says: "letters, digits, dots, underscores and hyphens" } },
    computed: ["configsActual"],
    recomputed: ["configsActual"],
    check: ({ configs }) => {
        if (typeof configs !== "string" || isDocument(configs)) return [];
        return [{ property: "configs", reason: "must be a JSON document of texts" }];
    },
    judge: judgeTopic,
    id: ({ inputs }) => `${textAt(inputs, "clusterArn")},${textAt(inputs, "name")}`,
    arn: ({ inputs }) => `${textAt(inputs, "clusterArn")?.replace(":cluster/", ":topic/")}/${textAt(inputs, "name")}`,
    outputs: ({ inputs }) => ({ configsActual: inputs.configs ?? "{}" }),
    again: ({ inputs }) => ({ configsActual: inputs.configs ?? "{}" }),
});

function isDocument(text: string): boolean {
    try {
        const found: unknown = JSON.parse(text);
        return (
            typeof found === "object" && found !== null && Object.values(found).every((one) => typeof one === "string")
        );
    } catch {
        return false;
    }
}

function judgeTopic({ inputs, before, cloud }: Subject): InputIssue[] {
    const found = cloud.find([types.brokers], "arn", textAt(inputs, "clusterArn") ?? "");
    const [copies, all] = [
        numberAt(inputs, "replicationFactor") ?? 0,
        numberAt(found?.inputs, "numberOfBrokerNodes") ?? 0,
    ];
    const [parts, old] = [inputs, before].map((of) => numberAt(of, "partitionCount") ?? 0);
    return [
        ...(copies <= all
            ? []
            : [{ property: "replicationFactor", reason: `is ${copies}, more than the ${all} brokers` }]),
        ...((parts ?? 0) >= (old ?? 0) ? [] : [{ property: "partitionCount", reason: `cannot go back from ${old}` }]),
    ];
}

/** @see https://docs.aws.amazon.com/msk/latest/developerguide/msk-password-limitations.html */
const login = awsKind(types.streamingLogin, {
    required: ["clusterArn", "secretArn"],
    references: [
        { path: "clusterArn", to: [types.brokers], by: "arn" },
        { path: "secretArn", to: [types.secret], by: "arn" },
    ],
    changes: { clusterArn: "replace", secretArn: "replace" },
    judge: judgeLogin,
    id: ({ inputs }) => `${textAt(inputs, "clusterArn")},${textAt(inputs, "secretArn")}`,
});

function judgeLogin({ inputs, cloud }: Subject): InputIssue[] {
    const secret = cloud.find([types.secret], "arn", textAt(inputs, "secretArn") ?? "");
    const found = cloud.find([types.brokers], "arn", textAt(inputs, "clusterArn") ?? "");
    const name = textAt(secret?.inputs, "name") ?? "";
    const hasValue = cloud
        .all(types.secretVersion)
        .some((version) => textAt(version.inputs, "secretId") === secret?.id);
    const wrong: readonly (readonly [boolean, string])[] = [
        [!name.startsWith("AmazonMSK_"), `is of ${name}, whose name must begin with AmazonMSK_`],
        [textAt(secret?.inputs, "kmsKeyId") === undefined, `is of ${name}, which has no key of the account`],
        [!hasValue, `is of ${name}, which has no value`],
        [!isTrue(found?.inputs, "clientAuthentication.sasl.scram"), "is for brokers that take no passwords"],
    ];
    return wrong.flatMap(([isWrong, reason]) => (isWrong ? [{ property: "secretArn", reason }] : []));
}

export const streaming: Readonly<Record<string, CloudKind>> = { ...configuration, ...brokers, ...topic, ...login };
