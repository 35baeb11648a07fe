/** A cluster as the platform makes one: the component, its role, network and key, a node group; configuration may say otherwise. */
export const eksProgram = `
const pulumi = require("@pulumi/pulumi");
const aws = require("@pulumi/aws");
const eks = require("@pulumi/eks");
const config = new pulumi.Config();
const region = "eu-north-1";
const provider = new aws.Provider("aws", { region, allowedAccountIds: ["123456789012"] });
const opts = { provider };
const trust = (service, ...actions) => JSON.stringify({ Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: ["sts:AssumeRole", ...actions], Principal: { Service: service } }] });
const role = (name, service, ...policies) => {
    const made = new aws.iam.Role(name, { name, assumeRolePolicy: trust(service) }, opts);
    const attached = policies.map((policy) => new aws.iam.RolePolicyAttachment(name + "-" + policy, { role: made.name, policyArn: "arn:aws:iam::aws:policy/" + policy }, { provider, parent: made }));
    return { made, attached };
};
const vpc = new aws.ec2.Vpc("vpc", { cidrBlock: "10.20.0.0/16" }, opts);
const subnets = ["a", "b", "c"].map((zone, index) => new aws.ec2.Subnet(zone, { vpcId: vpc.id, cidrBlock: "10.20." + index * 16 + ".0/20", availabilityZone: region + zone }, opts));
const group = new aws.ec2.SecurityGroup("control", { vpcId: vpc.id, name: "control", description: "of the control plane" }, opts);
const key = new aws.kms.Key("key", { enableKeyRotation: true }, opts);
const control = role("control", "eks.amazonaws.com", "AmazonEKSClusterPolicy");
const nodes = role("nodes", "ec2.amazonaws.com", "AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly");
const cluster = new eks.Cluster("main", {
    name: "tars",
    version: config.get("version") ?? "1.36",
    upgradePolicy: { supportType: "EXTENDED" },
    vpcId: vpc.id,
    privateSubnetIds: subnets.map(({ id }) => id),
    kubernetesServiceIpAddressRange: "10.4.0.0/14",
    serviceRole: control.made,
    skipDefaultSecurityGroups: true,
    clusterSecurityGroup: group,
    authenticationMode: "API",
    accessEntries: { admin: { principalArn: "arn:aws:iam::123456789012:role/admin", accessPolicies: { all: { policyArn: "arn:aws:eks::aws:cluster-access-policy/AmazonEKSClusterAdminPolicy", accessScope: { type: "cluster" } } } }, developers: { principalArn: "arn:aws:iam::123456789012:role/developers", type: "STANDARD", kubernetesGroups: ["tars:developers"], tags: { team: "developers" } } },
    endpointPrivateAccess: true,
    endpointPublicAccess: false,
    encryptionConfigKeyArn: key.arn,
    enabledClusterLogTypes: ["api", "audit"],
    deletionProtection: config.getBoolean("protected") ?? false,
    createOidcProvider: false,
    skipDefaultNodeGroup: true,
    bootstrapSelfManagedAddons: false,
    useDefaultVpcCni: true,
    kubeProxyAddonOptions: { enabled: false },
    corednsAddonOptions: { enabled: false },
    tags: { team: "platform" },
    ...config.getObject("options"),
}, { provider: new eks.Provider("eks", {}), providers: { aws: provider }, dependsOn: control.attached });
const clusterName = cluster.eksCluster.name;
const cni = new aws.eks.Addon("cni", { clusterName, addonName: "vpc-cni", addonVersion: "v1.22.3-eksbuild.1", configurationValues: JSON.stringify({ env: { ENABLE_PREFIX_DELEGATION: "true" } }) }, opts);
const template = new aws.ec2.LaunchTemplate("gpu", { name: "gpu", updateDefaultVersion: true, blockDeviceMappings: [["/dev/xvda", 4], ["/dev/xvdb", config.getNumber("disk") ?? 100]].map(([deviceName, volumeSize]) => ({ deviceName, ebs: { volumeSize, volumeType: "gp3", encrypted: "true" } })), userData: Buffer.from('[settings.kubernetes]\\nmax-pods = 250\\n[settings.kubelet-device-plugins.nvidia]\\ndevice-sharing-strategy = "time-slicing"\\n[settings.kubelet-device-plugins.nvidia.time-slicing]\\nreplicas = 2\\n').toString("base64") }, opts);
const pool = new aws.eks.NodeGroup("gpu", {
    clusterName,
    nodeGroupName: "gpu",
    nodeRoleArn: nodes.made.arn,
    subnetIds: subnets.map(({ id }) => id),
    instanceTypes: [config.get("machine") ?? "p5.48xlarge"],
    amiType: "BOTTLEROCKET_x86_64_NVIDIA",
    capacityType: "SPOT",
    scalingConfig: { minSize: 0, maxSize: config.getNumber("most") ?? 2, desiredSize: 1 },
    labels: { "node-type": "gpu" },
    taints: [{ key: "nvidia.com/gpu", value: "present", effect: "NO_SCHEDULE" }],
    launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
    version: config.get("version") ?? "1.36",
}, { provider, dependsOn: config.getBoolean("hasty") ? [] : [...nodes.attached, cni] });
new aws.autoscaling.Tag("gpu", { autoscalingGroupName: pool.resources[0].autoscalingGroups[0].name, tag: { key: "k8s.io/cluster-autoscaler/node-template/label/node-type", value: "gpu", propagateAtLaunch: false } }, opts);
module.exports = { endpoint: cluster.eksCluster.endpoint, issuer: cluster.eksCluster.identities[0].oidcs[0].issuer, vpc: cluster.eksCluster.vpcConfig.vpcId, kubeconfig: cluster.kubeconfigJson, group: cluster.clusterSecurityGroupId };
`;
