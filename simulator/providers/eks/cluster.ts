import * as aws from "@pulumi/aws/eks";
import { getPartitionOutput } from "@pulumi/aws/getPartition";
import { Provider as KubernetesProvider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { kubeconfigOf } from "./kubeconfig";
import { type AccessEntryOptions, type ClusterOptions, readOptions } from "./options";

/** Makes what the official component `eks.Cluster` makes of the same options: the same children with the same inputs. */
export class Cluster extends pulumi.ComponentResource {
    readonly state: pulumi.Inputs;

    constructor(name: string, inputs: pulumi.Inputs, opts: pulumi.ComponentResourceOptions) {
        super("eks:index:Cluster", name, inputs, opts);
        const options = readOptions(inputs);
        if (opts.provider && !options.providerCredentialOpts) {
            throw new Error(
                "with an explicit AWS provider give providerCredentialOpts, as the official component asks for",
            );
        }
        const child = { parent: this };
        // The official component asks too: a policy or a test that counts calls sees the same.
        getPartitionOutput({}, child);
        const eksCluster = createCluster(name, options, child);
        createKubernetesProvider(name, eksCluster, options, child);
        for (const [entry, entryOptions] of Object.entries(options.accessEntries ?? {})) {
            createAccessEntry(`${name}-${entry}`, entryOptions, eksCluster, child);
        }
        this.state = outputsOf(eksCluster, options);
        this.registerOutputs(this.state);
    }
}

type Child = Readonly<{ parent: pulumi.Resource }>;

function createCluster(name: string, options: ClusterOptions, child: Child): aws.Cluster {
    const { clusterSecurityGroup, kubernetesServiceIpAddressRange: services } = options;
    const args = {
        name: options.name,
        roleArn: pulumi.output(options.serviceRole).apply(({ arn }) => arn),
        kubernetesNetworkConfig: given(services, (serviceIpv4Cidr) => ({ serviceIpv4Cidr, ipFamily: "ipv4" })),
        bootstrapSelfManagedAddons: options.bootstrapSelfManagedAddons ?? true,
        vpcConfig: {
            securityGroupIds: given(clusterSecurityGroup, (group) => [pulumi.output(group).apply(({ id }) => id)]),
            subnetIds: subnetsOf(options),
            endpointPrivateAccess: options.endpointPrivateAccess,
            endpointPublicAccess: options.endpointPublicAccess,
            publicAccessCidrs: options.publicAccessCidrs,
        },
        version: options.version,
        enabledClusterLogTypes: options.enabledClusterLogTypes,
        tags: pulumi
            .all([options.tags, options.clusterTags])
            .apply(([tags, own]) => ({ Name: `${name}-eksCluster`, ...own, ...tags })),
        encryptionConfig: given(options.encryptionConfigKeyArn, (keyArn) => ({
            provider: { keyArn },
            resources: ["secrets"],
        })),
        accessConfig: { authenticationMode: options.authenticationMode, bootstrapClusterCreatorAdminPermissions: true },
        upgradePolicy: options.upgradePolicy,
        deletionProtection: options.deletionProtection,
    };
    const ignoreChanges = ["accessConfig.bootstrapClusterCreatorAdminPermissions", "bootstrapSelfManagedAddons"];
    return new aws.Cluster(`${name}-eksCluster`, args, { ...child, ignoreChanges });
}

/** What becomes of an option that is there. */
function given<T, R>(option: T | undefined, become: (option: T) => R): R | undefined {
    return option === undefined ? undefined : become(option);
}

function subnetsOf({ subnetIds, publicSubnetIds, privateSubnetIds }: ClusterOptions): pulumi.Input<string[]> {
    if (subnetIds !== undefined) return subnetIds;
    return pulumi.all([publicSubnetIds ?? [], privateSubnetIds ?? []]).apply((all) => all.flat());
}

/** The official component puts objects into the cluster through it; the one here has none to put. */
function createKubernetesProvider(name: string, cluster: aws.Cluster, options: ClusterOptions, child: Child): void {
    const kubeconfig = pulumi.jsonStringify(kubeconfigOf(addressOf(cluster), options.providerCredentialOpts));
    const { enableConfigMapMutable } = options;
    new KubernetesProvider(
        `${name}-eks-k8s`,
        { kubeconfig, ...(enableConfigMapMutable !== undefined && { enableConfigMapMutable }) },
        child,
    );
}

function createAccessEntry(name: string, options: AccessEntryOptions, cluster: aws.Cluster, child: Child): void {
    const { accessPolicies = {}, username, ...own } = options;
    const clusterName = cluster.name;
    const entry = new aws.AccessEntry(
        name,
        { ...own, clusterName, ...(username !== undefined && { userName: username }) },
        { ...child, dependsOn: [cluster] },
    );
    for (const [association, given] of Object.entries(accessPolicies)) {
        const { policyArn, accessScope } = pulumi.output(given);
        const { principalArn } = options;
        const args = { accessScope, principalArn, policyArn, clusterName };
        new aws.AccessPolicyAssociation(`${name}-${association}`, args, { parent: entry, dependsOn: [entry] });
    }
}

const addressOf = ({ name, endpoint, arn, certificateAuthority }: aws.Cluster) => ({
    name,
    endpoint,
    arn,
    certificateAuthority: certificateAuthority.data,
});

/** Of `core` only what says where the cluster is; the official one also has the component's own providers and roles. */
function outputsOf(cluster: aws.Cluster, options: ClusterOptions): pulumi.Inputs {
    // Other people's kubeconfig names nobody's profile.
    const login = pulumi
        .output(options.providerCredentialOpts)
        .apply((given) => ({ ...(given?.roleArn && { roleArn: given.roleArn }) }));
    const kubeconfig = kubeconfigOf(addressOf(cluster), login);
    const issuer = cluster.identities.apply((identities) => identities[0]?.oidcs?.[0]?.issuer ?? "");
    const group = options.clusterSecurityGroup && pulumi.output(options.clusterSecurityGroup);
    const groupId = group ? group.apply(({ id }) => id) : cluster.vpcConfig.clusterSecurityGroupId;
    return {
        kubeconfig,
        kubeconfigJson: pulumi.jsonStringify(kubeconfig),
        clusterSecurityGroup: group,
        instanceRoles: [],
        eksCluster: cluster,
        core: { vpcId: options.vpcId, subnetIds: subnetsOf(options), cluster, endpoint: cluster.endpoint, kubeconfig },
        clusterSecurityGroupId: groupId,
        nodeSecurityGroupId: cluster.vpcConfig.clusterSecurityGroupId,
        clusterIngressRuleId: "",
        defaultNodeGroupAsgName: "",
        fargateProfileId: "",
        fargateProfileStatus: "",
        oidcProviderArn: "",
        oidcProviderUrl: issuer,
        oidcIssuer: issuer.apply((url) => url.replace("https://", "")),
        autoModeNodeRoleName: "",
    };
}
