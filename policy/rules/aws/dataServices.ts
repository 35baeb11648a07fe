import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { Context, Report, ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { reportUnless } from "../podRule";
import { cache, domain, fileSystem, kafka, memcached } from "./dataServices.samples";
import { inStaging } from "./samples";

export const dataServices: ResourceRule = {
    id: "AWS-13",
    title: "Caches, queues, search and file systems of AWS are encrypted, private, and ask who calls",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [
        "aws:elasticache/ReplicationGroup",
        "aws:elasticache/Cluster",
        "aws:msk/Cluster",
        "aws:opensearch/Domain",
        "aws:elasticsearch/Domain",
        "aws:efs/FileSystem",
    ],
    controls: controls({ soc2: ["CC6.7"], iso27001: ["8.24"] }),
    why: "What is cached, queued or indexed is the same data as in the database, and is forgotten when doors are locked.",
    fix: "turn on encryption at rest with a key of the account and in transit, ask for credentials, put the service into the network, and beyond dev a cache into two zones",
    link: "https://docs.aws.amazon.com/wellarchitected/latest/security-pillar/data-protection.html",
    samples: {
        passing: [
            sampleOf(cache({}), kafka({}), domain({}), fileSystem({})),
            sampleOf(cache({ authToken: null, userGroupIds: ["apps"] })),
            sampleOf(cache({ transitEncryptionMode: "required" })),
            {
                ...sampleOf(cache({ automaticFailoverEnabled: null, multiAzEnabled: false })),
                ...{ environment: "dev" },
            },
        ],
        failing: [
            {
                sample: sampleOf(cache({ atRestEncryptionEnabled: false })),
                problem: "atRestEncryptionEnabled is false",
            },
            {
                sample: sampleOf(cache({ transitEncryptionEnabled: null })),
                problem: "transitEncryptionEnabled is not set",
            },
            {
                sample: sampleOf(cache({ transitEncryptionMode: "preferred" })),
                problem: "takes plain text as well",
            },
            {
                sample: inStaging(cache({ automaticFailoverEnabled: null })),
                problem: "automaticFailoverEnabled is not set",
            },
            { sample: sampleOf(cache({ multiAzEnabled: false })), problem: "multiAzEnabled is false" },
            { sample: sampleOf(cache({ authToken: null })), problem: "asks nobody who calls" },
            { sample: sampleOf(cache({ kmsKeyId: null })), problem: "kmsKeyId is not set" },
            { sample: sampleOf(cache({ subnetGroupName: null })), problem: "subnetGroupName is not set" },
            { sample: sampleOf(memcached), problem: "encrypts nothing at rest" },
            {
                sample: sampleOf(kafka({ encryptionInfo: { encryptionAtRestKmsKeyArn: null } })),
                problem: "encryptionAtRestKmsKeyArn is not set",
            },
            {
                sample: sampleOf(kafka({ encryptionInfo: { encryptionInTransit: { clientBroker: "TLS_PLAINTEXT" } } })),
                problem: "clientBroker is not TLS",
            },
            {
                sample: sampleOf(kafka({ encryptionInfo: { encryptionInTransit: { inCluster: false } } })),
                problem: "inCluster is false",
            },
            { sample: sampleOf(kafka({ clientAuthentication: null })), problem: "asks nobody who calls" },
            {
                sample: sampleOf(kafka({ clientAuthentication: { unauthenticated: true } })),
                problem: "clientAuthentication.unauthenticated is true",
            },
            {
                sample: sampleOf(
                    kafka({
                        brokerNodeGroupInfo: { connectivityInfo: { publicAccess: { type: "SERVICE_PROVIDED_EIPS" } } },
                    }),
                ),
                problem: "is open to the internet",
            },
            {
                sample: sampleOf(domain({ encryptAtRest: { enabled: null } })),
                problem: "encryptAtRest.enabled is not set",
            },
            {
                sample: sampleOf(domain({ encryptAtRest: { kmsKeyId: null } })),
                problem: "encryptAtRest.kmsKeyId is not set",
            },
            {
                sample: sampleOf(domain({ nodeToNodeEncryption: null })),
                problem: "nodeToNodeEncryption.enabled is not set",
            },
            {
                sample: sampleOf(domain({ domainEndpointOptions: { enforceHttps: false } })),
                problem: "domainEndpointOptions.enforceHttps is false",
            },
            {
                sample: sampleOf(domain({ advancedSecurityOptions: null })),
                problem: "advancedSecurityOptions.enabled is not set",
            },
            { sample: sampleOf(domain({ vpcOptions: null })), problem: "vpcOptions is not set" },
            { sample: sampleOf(fileSystem({ encrypted: null })), problem: "encrypted is not set" },
            { sample: sampleOf(fileSystem({ kmsKeyId: null })), problem: "kmsKeyId is not set" },
        ],
    },
    check: ({ kind, object }, report, context) => {
        if (kind.group === "efs") checkFileSystem(object, report);
        else if (kind.group === "msk") checkKafka(object, report);
        else if (kind.group !== "elasticache") checkSearch(object, report);
        else if (kind.kind === "ReplicationGroup") checkCache(object, report, context);
        else checkSingle(object, report);
    },
};

/** A key, a subnet group or a token that is made in the same update is not known yet, but will be there. */
function reportMissing(value: Value, report: Report): void {
    if (!value.isSet) report({ path: value.path, problem: "is not set" });
}

function checkCache(object: Value, report: Report, { environment }: Context): void {
    for (const name of ["atRestEncryptionEnabled", "transitEncryptionEnabled"]) {
        // A flag that the provider takes as text too.
        const value = object.get(name);
        if (value.quietly.text() !== "true") reportUnless(true, value, report);
    }
    const mode = object.get("transitEncryptionMode");
    const read = mode.text();
    if (typeof read === "string" && read !== "required")
        report({ path: mode.path, problem: "takes plain text as well" });
    // With its one zone a cache is gone, and what it held is asked of what is behind it all at once.
    const zones = environment === "dev" ? [] : ["automaticFailoverEnabled", "multiAzEnabled"];
    for (const name of zones) reportUnless(true, object.get(name), report);
    reportMissing(object.get("kmsKeyId"), report);
    reportMissing(object.get("subnetGroupName"), report);
    const [token, groups] = [object.get("authToken"), object.get("userGroupIds")];
    if (!token.isSet && !groups.isSet)
        report({ path: token.path, problem: "is not set, so that it asks nobody who calls" });
}

/** A single node encrypts nothing at rest; one that belongs to a group has what the group has. */
function checkSingle(object: Value, report: Report): void {
    if (object.get("replicationGroupId").isSet) return;
    report({ path: "engine", problem: "encrypts nothing at rest", fix: "use a replication group" });
}

/** MSK's defaults: TLS for clients and between brokers, a key of AWS's, clients unknown. https://docs.aws.amazon.com/msk/latest/developerguide/msk-encryption.html */
function checkKafka(object: Value, report: Report): void {
    const encryption = object.get("encryptionInfo");
    reportMissing(encryption.get("encryptionAtRestKmsKeyArn"), report);
    const clients = encryption.get("encryptionInTransit", "clientBroker");
    const inTransit = clients.text();
    if (typeof inTransit === "string" && inTransit !== "TLS") report({ path: clients.path, problem: "is not TLS" });
    const brokers = encryption.get("encryptionInTransit", "inCluster");
    if (brokers.boolean() === false) report({ path: brokers.path, problem: "is false" });
    checkKafkaClients(object.get("clientAuthentication"), report);
    const access = object.get("brokerNodeGroupInfo", "connectivityInfo", "publicAccess", "type");
    const type = access.text();
    if (typeof type === "string" && type !== "DISABLED")
        report({ path: access.path, problem: "is open to the internet" });
}

function checkKafkaClients(authentication: Value, report: Report): void {
    const nobody = authentication.get("unauthenticated");
    if (nobody.boolean() === true) report({ path: nobody.path, problem: "is true" });
    const ways = [authentication.get("sasl", "iam"), authentication.get("sasl", "scram")].map((way) => way.boolean());
    const isAsked = ways.some((way) => way === true || way === undecided) || authentication.get("tls").isSet;
    if (!isAsked) report({ path: authentication.path, problem: "asks nobody who calls" });
}

/** @see https://docs.aws.amazon.com/opensearch-service/latest/developerguide/security.html */
function checkSearch(object: Value, report: Report): void {
    reportUnless(true, object.get("encryptAtRest", "enabled"), report);
    reportMissing(object.get("encryptAtRest", "kmsKeyId"), report);
    reportUnless(true, object.get("nodeToNodeEncryption", "enabled"), report);
    reportUnless(true, object.get("domainEndpointOptions", "enforceHttps"), report);
    reportUnless(true, object.get("advancedSecurityOptions", "enabled"), report);
    const place = object.get("vpcOptions");
    if (place.mapping() === absent) report({ path: place.path, problem: "is not set" });
}

function checkFileSystem(object: Value, report: Report): void {
    reportUnless(true, object.get("encrypted"), report);
    reportMissing(object.get("kmsKeyId"), report);
}
