import { Addon } from "@pulumi/aws/eks";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { nodeTypes } from "../common/pools";
import type { AwsAccount } from "./account";
import type { Cluster } from "./cluster";
import { createPodRole, type PodRolePlan } from "./identities";
import { onKey } from "./statements";

export interface AddonsArgs {
    readonly account: AwsAccount;
    readonly cluster: Cluster;
}

interface AddonPlan {
    /** What EKS calls it. */
    readonly addon: string;
    readonly version: string;
    readonly configuration: object;
    readonly after: readonly pulumi.Resource[];
}

/** What a node needs before it is ready: addresses for pods, routes to services, and roles for both. */
export class NodeAddons extends TarsComponent {
    constructor(name: string, { account, cluster }: AddonsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "NodeAddons", name, opts);
        const { kubeProxy, podIdentity, vpcCni } = account.section.addons;
        const place = { account, cluster: cluster.name };
        const { association } = createPodRole("vpc-cni", networkRole, place, this);
        const add = (plan: AddonPlan) => createAddon(name, plan, place, this);
        const agent = add({ addon: "eks-pod-identity-agent", version: podIdentity, configuration: {}, after: [] });
        add({ addon: "vpc-cni", version: vpcCni, configuration: networking, after: [agent, association] });
        add({ addon: "kube-proxy", version: kubeProxy, configuration: {}, after: [] });
        this.registerOutputs({});
    }
}

/** What needs nodes to be ready itself, and is kept on those of the system pool: names, volumes and copies of them, and what pods use (HPA asks for it). */
export class ClusterAddons extends TarsComponent {
    constructor(name: string, { account, cluster }: AddonsArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "ClusterAddons", name, opts);
        const { coreDns, ebsCsi, metricsServer, snapshotController } = account.section.addons;
        const place = { account, cluster: cluster.name };
        const { association } = createPodRole("ebs-csi", volumeRole(account), place, this);
        const add = (plan: AddonPlan) => createAddon(name, plan, place, this);
        const autoScaling = { enabled: true, minReplicas: 2, maxReplicas: 10 };
        add({ addon: "coredns", version: coreDns, configuration: { ...onSystemNodes, autoScaling }, after: [] });
        const copies = { addon: "snapshot-controller", version: snapshotController, configuration: amongSystemNodes };
        const snapshots = add({ ...copies, after: [] });
        const configuration = { controller: onSystemNodes };
        // Its part for copies starts only where it finds their kinds, which the other brings.
        add({ addon: "aws-ebs-csi-driver", version: ebsCsi, configuration, after: [association, snapshots] });
        add({ addon: "metrics-server", version: metricsServer, configuration: amongSystemNodes, after: [] });
        this.registerOutputs({});
    }
}

/**
 * Names and volumes tolerate the taint of system nodes as EKS delivers them: `CriticalAddonsOnly`. metrics-server and the snapshot controller do
 * not say that they do; they take tolerations beside the selector (`aws eks describe-addon-configuration --addon-name metrics-server`).
 *
 * @see https://github.com/sighupio/distribution/blob/08792d67dd88b0d92e2acac968b70d20979082dd/templates/distribution/terraform/eks-addons.tf.tpl (snapshot_controller)
 */
const onSystemNodes = { nodeSelector: { "node-type": nodeTypes.system } } as const;
const amongSystemNodes = {
    ...onSystemNodes,
    tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists" }],
} as const;

/** Whole prefixes for pods, so that a node holds as many as the plan counts on; and rules between pods that hold. */
const networking = {
    env: { ENABLE_PREFIX_DELEGATION: "true", WARM_PREFIX_TARGET: "1" },
    enableNetworkPolicy: "true",
} as const;

const networkRole = {
    namespace: "kube-system",
    serviceAccount: "aws-node",
    description: "Gives pods their addresses",
    managed: ["AmazonEKS_CNI_Policy"],
    statements: [],
} as const;

/** @see https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/example-iam-policy.json and the statements on keys beside it */
function volumeRole(account: AwsAccount): PodRolePlan {
    const grants = onKey(account, ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"], {
        Bool: { "kms:GrantIsForAWSResource": "true" },
    });
    const uses = [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
    ];
    return {
        namespace: "kube-system",
        serviceAccount: "ebs-csi-controller-sa",
        description: "Makes volumes and attaches them",
        managed: ["service-role/AmazonEBSCSIDriverPolicy"],
        statements: [grants, onKey(account, uses)],
    };
}

function createAddon(
    name: string,
    { addon, version, configuration, after }: AddonPlan,
    { account, cluster }: { readonly account: AwsAccount; readonly cluster: pulumi.Output<string> },
    parent: pulumi.Resource,
): Addon {
    return new Addon(
        `${name}-${addon}`,
        {
            clusterName: cluster,
            addonName: addon,
            addonVersion: version,
            configurationValues: JSON.stringify(configuration),
            resolveConflictsOnCreate: "OVERWRITE",
            resolveConflictsOnUpdate: "OVERWRITE",
            tags: account.tags(addon),
        },
        { ...account.child(parent), dependsOn: [...after] },
    );
}
