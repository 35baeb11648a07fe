import { LaunchTemplate } from "@pulumi/aws/ec2";
import { NodeGroup } from "@pulumi/aws/eks";
import type { Role } from "@pulumi/aws/iam";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { physicalName } from "../../foundation/names";
import type { PoolPlan } from "../common/pools";
import type { AwsAccount } from "./account";
import type { Cluster } from "./cluster";
import { createPodRole, createRole } from "./identities";
import { alternativesTo } from "./machines";
import { nameRules } from "./names";
import type { Network } from "./network";
import { nodeImage } from "./nodeImages";
import { upgradeOf } from "./plan";
import { soldIn } from "./regions";
import { describeNodes, scalerRole } from "./scaler";

export interface PoolsArgs {
    readonly account: AwsAccount;
    readonly network: Network;
    readonly cluster: Cluster;
    readonly key: pulumi.Output<string>;
    readonly plans: readonly PoolPlan[];
}

/** A managed group of nodes for each pool, scaled by the cluster autoscaler between the pool's bounds. */
export class Pools extends TarsComponent {
    constructor(name: string, args: PoolsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Pools", name, opts);
        const { account, cluster, plans } = args;
        const { role, policies } = createRole("nodes", nodeRole, account, this);
        for (const plan of plans) {
            const template = createTemplate(name, plan, args, this);
            const group = createGroup(name, plan, { ...args, template, role, policies }, this);
            if (plan.nodes.min === 0) describeNodes(`${name}-${plan.role}`, plan, group, { account, parent: this });
        }
        createPodRole("cluster-autoscaler", scalerRole(account.section.name), { account, cluster: cluster.name }, this);
        this.registerOutputs({});
    }
}

const nodeRole = {
    description: "What nodes do in the account: join the cluster and pull images",
    service: "ec2.amazonaws.com",
    managed: ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly"],
    statements: [],
} as const;

function createTemplate(name: string, plan: PoolPlan, { account, cluster, key }: PoolsArgs, parent: pulumi.Resource) {
    const physical = physicalName(nameRules.launchTemplate, account.section.name, plan.role);
    const tags = account.tags(physical);
    const { userData, disks } = nodeImage(plan);
    const ebs = { volumeType: "gp3", encrypted: "true", kmsKeyId: key, deleteOnTermination: "true" };
    return new LaunchTemplate(
        `${name}-${plan.role}-template`,
        {
            name: physical,
            updateDefaultVersion: true,
            vpcSecurityGroupIds: [cluster.nodeSecurityGroup],
            blockDeviceMappings: disks.map(({ deviceName, gib }) => ({ deviceName, ebs: { ...ebs, volumeSize: gib } })),
            // Version 2 only, and no answer to pods: they have roles of their own.
            metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 1 },
            tagSpecifications: ["instance", "volume", "network-interface"].map((resourceType) => ({
                resourceType,
                tags,
            })),
            userData: Buffer.from(userData).toString("base64"),
            tags,
        },
        account.child(parent),
    );
}

interface GroupParts extends PoolsArgs {
    readonly template: LaunchTemplate;
    readonly role: Role;
    readonly policies: readonly pulumi.Resource[];
}

/**
 * The engine names a group, anew whenever machines or zones change, which AWS changes in no group: so the new one stands before the old one goes.
 * Spot nodes take whatever machine of the same size is to be had.
 */
function createGroup(name: string, plan: PoolPlan, parts: GroupParts, parent: pulumi.Resource): NodeGroup {
    const { account, network, cluster, template, role, policies } = parts;
    const { machine, nodes, initial, labels, taints } = plan;
    const alternatives = plan.role === "spot" ? alternativesTo(machine, soldIn(account.section.region)) : [];
    return new NodeGroup(
        `${name}-${plan.role}`,
        {
            clusterName: cluster.name,
            nodeRoleArn: role.arn,
            subnetIds: [...network.subnets.nodes],
            version: account.section.kubernetesVersion,
            amiType: nodeImage(plan).amiType,
            capacityType: plan.role === "spot" ? "SPOT" : "ON_DEMAND",
            instanceTypes: [machine.name, ...alternatives],
            launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
            scalingConfig: { minSize: nodes.min, maxSize: nodes.max, desiredSize: initial },
            updateConfig: upgradeOf(plan),
            labels,
            taints: taints.map(({ key, value }) => ({ key, value, effect: "NO_SCHEDULE" })),
            tags: account.tags(`${account.section.name}-${plan.role}`),
        },
        // The autoscaler decides how many there are.
        { ...account.child(parent), dependsOn: [...policies], ignoreChanges: ["scalingConfig.desiredSize"] },
    );
}
