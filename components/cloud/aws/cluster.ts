import type { SecurityGroup } from "@pulumi/aws/ec2";
import { Cluster as EksCluster } from "@pulumi/eks/cluster";
import { Provider as EksProvider } from "@pulumi/eks/provider";
import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import type { AwsAccount } from "./account";
import { createRole } from "./identities";
import type { Logs } from "./logs";
import { clusterName } from "./names";
import type { Network } from "./network";
import { createSecurityGroups } from "./securityRules";
import { onKey } from "./statements";
import { accessEntries } from "./teams";

export interface ClusterArgs {
    readonly account: AwsAccount;
    readonly network: Network;
    readonly logs: Logs;
    readonly key: pulumi.Output<string>;
}

/** The control plane, who may administer it, and the groups through which it and its nodes talk. */
export class Cluster extends TarsComponent {
    readonly name: pulumi.Output<string>;
    readonly arn: pulumi.Output<string>;
    readonly endpoint: pulumi.Output<string>;
    readonly certificateAuthority: pulumi.Output<string>;
    readonly issuer: pulumi.Output<string>;
    /** Group that the nodes belong to. */
    readonly nodeSecurityGroup: pulumi.Output<string>;

    constructor(name: string, args: ClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "Cluster", name, opts);
        const { account, network } = args;
        const groups = createSecurityGroups({ name, account, vpc: network.id, parent: this });
        const { eksCluster } = createControlPlane(name, args, groups.control, this);
        this.name = eksCluster.name;
        this.arn = eksCluster.arn;
        this.endpoint = eksCluster.endpoint;
        this.certificateAuthority = eksCluster.certificateAuthority.data;
        this.issuer = eksCluster.identities.apply(([first] = []) => first?.oidcs?.[0]?.issuer ?? "");
        this.nodeSecurityGroup = groups.nodes.id;
        this.registerOutputs({ name: this.name, endpoint: this.endpoint });
    }
}

/**
 * Whoever creates the cluster administers it: the component asks EKS for that, and EKS refuses a second entry for the same person. Add-ons are ours,
 * so neither EKS nor the component brings any. Nor is there an OIDC provider: pods take their roles through Pod Identity, and where one of them
 * cannot, its identity brings the provider (identities.ts).
 *
 * @see https://docs.aws.amazon.com/eks/latest/userguide/access-entries.html
 */
function createControlPlane(
    name: string,
    { account, network, logs, key }: ClusterArgs,
    group: SecurityGroup,
    parent: pulumi.Resource,
): EksCluster {
    const { section } = account;
    const { role, policies } = createRole("cluster", rolePlan(account), account, parent);
    const args = {
        name: clusterName(section),
        version: section.kubernetesVersion,
        // AWS would otherwise upgrade it by itself, behind the state, when standard support ends.
        upgradePolicy: { supportType: "EXTENDED" },
        vpcId: network.id,
        privateSubnetIds: [...network.subnets.nodes],
        kubernetesServiceIpAddressRange: section.network.serviceCidr,
        serviceRole: role,
        skipDefaultSecurityGroups: true,
        clusterSecurityGroup: group,
        ...access(account),
        encryptionConfigKeyArn: key,
        enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
        deletionProtection: account.isGuarded,
        createOidcProvider: false,
        skipDefaultNodeGroup: true,
        bootstrapSelfManagedAddons: false,
        useDefaultVpcCni: true,
        kubeProxyAddonOptions: { enabled: false },
        corednsAddonOptions: { enabled: false },
        tags: account.tags(section.name),
    };
    // The component is made by its own provider, and makes everything in it with the account's.
    const { provider: aws, ...kept } = account.kept("cluster", parent);
    const provider = new EksProvider(name, {}, { parent });
    return new EksCluster(name, args, {
        ...kept,
        provider,
        providers: { aws },
        dependsOn: [...policies, logs.cluster],
    });
}

function rolePlan(account: AwsAccount) {
    return {
        description: "What the control plane does in the account",
        service: "eks.amazonaws.com",
        managed: ["AmazonEKSClusterPolicy"],
        statements: [onKey(account, ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:ListGrants"])],
    };
}

function access(account: AwsAccount) {
    const { apiAccess } = account.section;
    const isPublic = apiAccess.kind === "public";
    return {
        authenticationMode: "API",
        accessEntries: accessEntries(account),
        endpointPrivateAccess: true,
        endpointPublicAccess: isPublic,
        ...(isPublic ? { publicAccessCidrs: [...apiAccess.allowedCidrs] } : {}),
    } as const;
}
