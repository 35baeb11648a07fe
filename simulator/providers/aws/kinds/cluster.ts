import { cidr, cidrOf, contains, overlap } from "../../../../components/foundation/cidr";
import { clusters } from "../../cloud/clusters";
import type { CloudKind, CloudView, Subject } from "../../cloud/kind";
import { isTrue, mapAt, textAt, textsAt } from "../../cloud/values";
import { type Properties, unknownValue } from "../../properties";
import type { InputIssue } from "../../protocol";
import { arn, ec2Companion, regionOf } from "../account";
import { awsKind } from "../kind";
import { attachedPolicies, checkTrust } from "./identity";
import { keyOf, roleArn, securityGroups, types } from "./types";

const defaults = {
    bootstrapSelfManagedAddons: true,
    deletionProtection: false,
} as const;

const kind = awsKind(types.cluster, {
    required: ["roleArn", "vpcConfig"],
    autoName: { property: "name", longest: 100 },
    references: [
        roleArn("roleArn"),
        { path: "vpcConfig.subnetIds", to: [types.subnet] },
        securityGroups("vpcConfig.securityGroupIds"),
        keyOf("encryptionConfig.provider.keyArn"),
    ],
    defaults,
    changes: { defaultAddonsToRemoves: "update", forceUpdateVersion: "update", deletionProtection: "update" },
    tagged: true,
    computed: ["endpoint", "certificateAuthority", "createdAt", "identities", "platformVersion", "status", "clusterId"],
    planned: (inputs) => ({
        vpcConfig: { ...mapAt(inputs, "vpcConfig"), clusterSecurityGroupId: unknownValue, vpcId: unknownValue },
    }),
    check: (inputs) => [...checkEndpoints(inputs), ...checkServices(inputs)],
    judge: judgeCluster,
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: ({ inputs, config }, id) => arn("eks", regionOf(inputs, config), `cluster/${id}`),
    outputs: ({ inputs, config, cloud, unique }) => ({
        createdAt: new Date().toISOString(),
        platformVersion: "eks.1",
        status: "ACTIVE",
        // Only a cluster on an Outpost has one: https://www.pulumi.com/registry/packages/aws/api-docs/eks/cluster/
        clusterId: "",
        version: inputs.version ?? "1.36",
        identities: [{ oidcs: [{ issuer: issuer(regionOf(inputs, config), unique) }] }],
        ...settled(inputs, cloud, ec2Companion("sg", unique)),
    }),
    again: ({ inputs, cloud }, before) =>
        settled(inputs, cloud, textAt(before, "vpcConfig.clusterSecurityGroupId") ?? ""),
    keep: (record) =>
        isTrue(record.outputs, "deletionProtection")
            ? "it is protected against deletion (deletionProtection)"
            : undefined,
    effects: {
        created: async ({ inputs }, { id }) => {
            const { endpoint, certificateAuthority } = await clusters().startControlPlane(id);
            // Who creates a cluster administers it, unless the program says otherwise.
            const { bootstrapClusterCreatorAdminPermissions: creator = true } = mapAt(inputs, "accessConfig");
            if (creator !== true) await clusters().setAccess(id, false);
            return { endpoint, certificateAuthority: { data: certificateAuthority } };
        },
        deleted: ({ id }) => clusters().stopControlPlane(id),
    },
});

export const cluster: Readonly<Record<string, CloudKind>> = kind;

function issuer(region: string, unique: string): string {
    return `https://oidc.eks.${region}.amazonaws.com/id/${unique.slice(0, 32).toUpperCase()}`;
}

/** Nested inputs with what EKS adds to them. @see https://docs.aws.amazon.com/eks/latest/APIReference/API_CreateCluster.html */
function settled(inputs: Properties, cloud: CloudView, group: string): Properties {
    const given = mapAt(inputs, "vpcConfig");
    const subnet = cloud.get(types.subnet, textsAt(given, "subnetIds")[0] ?? "");
    const vpcConfig = {
        endpointPrivateAccess: false,
        endpointPublicAccess: true,
        ...given,
        // An empty list is what EKS shows of a cluster without a public endpoint.
        publicAccessCidrs: given.publicAccessCidrs ?? (given.endpointPublicAccess === false ? [] : ["0.0.0.0/0"]),
        clusterSecurityGroupId: group,
        vpcId: textAt(subnet?.inputs, "vpcId") ?? "",
    };
    const kubernetesNetworkConfig = {
        ipFamily: "ipv4",
        serviceIpv4Cidr: "172.20.0.0/16",
        ...mapAt(inputs, "kubernetesNetworkConfig"),
    };
    const accessConfig = { authenticationMode: "CONFIG_MAP", ...mapAt(inputs, "accessConfig") };
    const upgradePolicy = { supportType: "EXTENDED", ...mapAt(inputs, "upgradePolicy") };
    return { vpcConfig, kubernetesNetworkConfig, accessConfig, upgradePolicy };
}

function checkEndpoints(inputs: Properties): InputIssue[] {
    const { endpointPrivateAccess = false, endpointPublicAccess = true } = mapAt(inputs, "vpcConfig");
    if (inputs.vpcConfig === undefined || endpointPrivateAccess || endpointPublicAccess) return [];
    return [{ property: "vpcConfig", reason: "must leave one of the private and the public endpoint on" }];
}

function judgeCluster(subject: Subject): readonly InputIssue[] {
    const { inputs, cloud, id } = subject;
    if (id !== undefined) return [...judgeNetwork(subject), ...judgeUpgrade(subject)];
    const role = textAt(inputs, "roleArn") ?? "";
    const allowed = attachedPolicies(role, cloud).includes("AmazonEKSClusterPolicy");
    return [
        ...checkTrust(subject, "roleArn", "eks.amazonaws.com"),
        ...(allowed ? [] : [{ property: "roleArn", reason: `${role} has no policy AmazonEKSClusterPolicy yet` }]),
        ...judgeNetwork(subject),
    ];
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/network-reqs.html */
function judgeNetwork({ inputs, cloud }: Subject): InputIssue[] {
    const subnets = textsAt(inputs, "vpcConfig.subnetIds").map((id) => cloud.get(types.subnet, id));
    const vpcs = new Set(subnets.map((subnet) => textAt(subnet?.inputs, "vpcId")));
    const zones = new Set(subnets.map((subnet) => textAt(subnet?.outputs, "availabilityZone")));
    const foreign = textsAt(inputs, "vpcConfig.securityGroupIds").filter(
        (group) => !vpcs.has(textAt(cloud.get(types.securityGroup, group)?.inputs, "vpcId")),
    );
    const property = "vpcConfig.subnetIds";
    return [
        ...(vpcs.size > 1 ? [{ property, reason: "are of different VPCs" }] : []),
        ...(zones.size < 2 ? [{ property, reason: "must be in at least two zones" }] : []),
        ...foreign.map((group) => ({ property: "vpcConfig.securityGroupIds", reason: `${group} is of another VPC` })),
        ...judgeServices(inputs, cloud, [...vpcs][0] ?? ""),
    ];
}

const servicesAt = "kubernetesNetworkConfig.serviceIpv4Cidr";

/** RFC 1918. @see https://docs.aws.amazon.com/eks/latest/APIReference/API_KubernetesNetworkConfigRequest.html */
const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;

/** Service addresses are within a private range, of /12 to /24, and not in the VPC: the same page. */
function checkServices(inputs: Properties): InputIssue[] {
    const text = textAt(inputs, servicesAt);
    if (text === undefined) return [];
    const services = cidrOf(text);
    if (services === undefined) return [{ property: servicesAt, reason: `must be an IPv4 range, got ${text}` }];
    const isPrivate = privateRanges.some((range) => contains(cidr(range), services));
    const within = `must be within ${privateRanges.join(", ")}, got ${text}`;
    return [
        ...(isPrivate ? [] : [{ property: servicesAt, reason: within }]),
        ...(services.prefix < 12 || services.prefix > 24
            ? [{ property: servicesAt, reason: "must be of /12 to /24" }]
            : []),
    ];
}

function judgeServices(inputs: Properties, cloud: CloudView, vpcId: string): InputIssue[] {
    const services = cidrOf(textAt(inputs, servicesAt) ?? "");
    const around = cidrOf(textAt(cloud.get(types.vpc, vpcId)?.inputs, "cidrBlock") ?? "");
    if (services === undefined || around === undefined || !overlap(services, around)) return [];
    return [{ property: servicesAt, reason: `overlaps the range of ${vpcId}` }];
}

/** A control plane goes up by one minor version at a time, and never back. */
function judgeUpgrade({ inputs, before }: Subject): InputIssue[] {
    const minor = (version: unknown) => Number(String(version).split(".")[1]);
    const [was, is] = [textAt(before, "version"), textAt(inputs, "version")];
    if (was === undefined || is === undefined) return [];
    const step = minor(is) - minor(was);
    return step === 0 || step === 1
        ? []
        : [{ property: "version", reason: `cannot go from ${was} to ${is}: only one minor version up` }];
}
