import { cloudResource, merge } from "../../samples";

type Changes = Readonly<Record<string, unknown>>;

const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/sample";

/** Each service with nothing wrong with it, changed; null takes a property away. */
const changed = (type: string, good: Changes) => (changes: Changes) => cloudResource(type, merge(good, changes));

export const cache = changed("aws:elasticache/replicationGroup:ReplicationGroup", {
    atRestEncryptionEnabled: true,
    transitEncryptionEnabled: true,
    automaticFailoverEnabled: true,
    multiAzEnabled: true,
    authToken: "[secret]",
    kmsKeyId: keyArn,
    subnetGroupName: "data",
});

export const memcached = cloudResource("aws:elasticache/cluster:Cluster", { engine: "memcached" });

export const kafka = changed("aws:msk/cluster:Cluster", {
    encryptionInfo: { encryptionAtRestKmsKeyArn: keyArn },
    clientAuthentication: { sasl: { iam: true } },
});

export const domain = changed("aws:opensearch/domain:Domain", {
    encryptAtRest: { enabled: true, kmsKeyId: keyArn },
    nodeToNodeEncryption: { enabled: true },
    domainEndpointOptions: { enforceHttps: true },
    advancedSecurityOptions: { enabled: true },
    vpcOptions: { subnetIds: ["subnet-1"] },
});

export const fileSystem = changed("aws:efs/fileSystem:FileSystem", { encrypted: true, kmsKeyId: keyArn });
