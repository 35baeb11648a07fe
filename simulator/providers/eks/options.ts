import type { SecurityGroup } from "@pulumi/aws/ec2";
import type { AccessPolicyAssociationArgs } from "@pulumi/aws/eks";
import type { Role } from "@pulumi/aws/iam";
import type { input } from "@pulumi/aws/types";
import type { Input, Inputs } from "@pulumi/pulumi";

/** What the simulator's component takes, by the names of `@pulumi/eks`: a cluster to which the program itself adds nodes and add-ons. */
export interface ClusterOptions {
    readonly accessEntries?: Readonly<Record<string, AccessEntryOptions>>;
    readonly authenticationMode: "API";
    readonly bootstrapSelfManagedAddons?: Input<boolean>;
    readonly clusterSecurityGroup?: Input<SecurityGroup>;
    readonly clusterTags?: Input<Record<string, string>>;
    readonly deletionProtection?: Input<boolean>;
    readonly enableConfigMapMutable?: Input<boolean>;
    readonly enabledClusterLogTypes?: Input<string[]>;
    readonly encryptionConfigKeyArn?: Input<string>;
    readonly endpointPrivateAccess?: Input<boolean>;
    readonly endpointPublicAccess?: Input<boolean>;
    readonly kubernetesServiceIpAddressRange?: Input<string>;
    readonly name?: Input<string>;
    readonly privateSubnetIds?: Input<string[]>;
    readonly providerCredentialOpts?: Input<{ readonly roleArn?: string; readonly profileName?: string }>;
    readonly publicAccessCidrs?: Input<string[]>;
    readonly publicSubnetIds?: Input<string[]>;
    readonly serviceRole: Input<Role>;
    readonly subnetIds?: Input<string[]>;
    readonly tags?: Input<Record<string, string>>;
    readonly upgradePolicy?: Input<input.eks.ClusterUpgradePolicy>;
    readonly version?: Input<string>;
    readonly vpcId: Input<string>;
}

export interface AccessEntryOptions {
    readonly principalArn: Input<string>;
    readonly username?: Input<string>;
    readonly kubernetesGroups?: Input<string[]>;
    readonly tags?: Input<Record<string, string>>;
    readonly type?: Input<string>;
    readonly accessPolicies?: Readonly<
        Record<string, Input<Pick<AccessPolicyAssociationArgs, "policyArn" | "accessScope">>>
    >;
}

const taken = [
    "accessEntries",
    "authenticationMode",
    "bootstrapSelfManagedAddons",
    "clusterSecurityGroup",
    "clusterTags",
    "deletionProtection",
    "enableConfigMapMutable",
    "enabledClusterLogTypes",
    "encryptionConfigKeyArn",
    "endpointPrivateAccess",
    "endpointPublicAccess",
    "kubernetesServiceIpAddressRange",
    "name",
    "privateSubnetIds",
    "providerCredentialOpts",
    "publicAccessCidrs",
    "publicSubnetIds",
    "serviceRole",
    "subnetIds",
    "tags",
    "upgradePolicy",
    "version",
    "vpcId",
] as const satisfies readonly (keyof ClusterOptions)[];

/** Options of which one value is simulated: with any other the official component makes something that the simulator does not have. */
const fixed: Readonly<
    Record<string, { readonly path: readonly string[]; readonly value: boolean; readonly needed: boolean }>
> = {
    createOidcProvider: { path: [], value: false, needed: false },
    skipDefaultNodeGroup: { path: [], value: true, needed: true },
    skipDefaultSecurityGroups: { path: [], value: true, needed: true },
    useDefaultVpcCni: { path: [], value: true, needed: true },
    kubeProxyAddonOptions: { path: ["enabled"], value: false, needed: true },
    corednsAddonOptions: { path: ["enabled"], value: false, needed: false },
};

/** @throws Error that names every option that is not simulated */
export function readOptions(inputs: Inputs): ClusterOptions {
    const given = Object.keys(inputs).filter((name) => inputs[name] !== undefined);
    const names: readonly string[] = [...taken, ...Object.keys(fixed)];
    const unknown = given.filter((name) => !names.includes(name)).map((name) => `${name} is not simulated`);
    const other = Object.entries(fixed)
        .filter(([name, { needed }]) => needed || given.includes(name))
        .filter(([name, { path, value }]) => path.reduce((at, step) => at?.[step], inputs[name]) !== value)
        .map(([name, { path, value }]) => `${[name, ...path].join(".")} must be ${value}`);
    const missing = ["serviceRole", "vpcId"].filter((name) => !given.includes(name)).map((name) => `${name} is needed`);
    const wrong = [...unknown, ...other, ...missing, ...exclusive(inputs)];
    if (wrong.length > 0) throw new Error(`the simulator's eks:index:Cluster cannot be made so: ${wrong.join("; ")}`);
    return { ...inputs, authenticationMode: "API", serviceRole: inputs.serviceRole, vpcId: inputs.vpcId };
}

function exclusive({ subnetIds, publicSubnetIds, privateSubnetIds, authenticationMode }: Inputs): string[] {
    const two = subnetIds !== undefined && (publicSubnetIds ?? privateSubnetIds) !== undefined;
    return [
        ...(two ? ["subnetIds excludes publicSubnetIds and privateSubnetIds"] : []),
        // With the others the official component writes a ConfigMap into the cluster.
        ...(authenticationMode === "API" ? [] : ['authenticationMode must be "API"']),
    ];
}
