import { confirmAccount } from "../../components/cloud/aws/account";
import { keeping } from "../../components/cloud/aws/protection";
import { type Graph, type KubernetesObject, readGraph } from "./graph";

let graph: Graph;
beforeAll(async () => {
    graph = await readGraph("prod-aws");
});

/** A resource of AWS, with inputs of which each test reads a few. */
type Resource = KubernetesObject;
const of = (kind: string): readonly Resource[] =>
    graph.all.flatMap((found) =>
        found.type.endsWith(`:${kind}`) && /^(aws|eks):/.test(found.type) ? [{ ...found, kind }] : [],
    );
const named = (kind: string, name: string): Resource => {
    const [found, ...others] = of(kind).filter((resource) => resource.name === name);
    if (found === undefined || others.length > 0) throw new Error(`not one ${kind} ${name}`);
    return found;
};
const only = (kind: string): Resource => {
    const [found, ...others] = of(kind);
    if (found === undefined || others.length > 0) throw new Error(`not one ${kind}`);
    return found;
};
const bySuffix = (kind: string, suffix: string) => of(kind).filter(({ name }) => name.endsWith(suffix));
const zones = ["eu-central-1a", "eu-central-1b", "eu-central-1c"];
const pools = ["system", "general", "compute", "memory", "gpu", "spot"];
const key = "[arn of keys-key]";

describe("the account", () => {
    test("must be the caller's: the provider of everything takes its account from what AWS says of the caller", () => {
        const provider = graph.all.find(({ type, name }) => type === "pulumi:providers:aws" && name === "aws");
        expect(provider?.inputs).toMatchObject({ region: "eu-central-1", allowedAccountIds: '["123456789012"]' });
        const others = graph.all.filter(({ type }) => type.startsWith("aws:"));
        expect(others.length).toBeGreaterThan(140);
        expect(others.filter(({ provider: used }) => used !== provider?.urn)).toEqual([]);
    });

    test("of somebody else is refused, with both named", () => {
        expect(confirmAccount("123456789012", "123456789012")).toBe("123456789012");
        expect(() => confirmAccount("210987654321", "123456789012")).toThrow(
            "aws.account: is 123456789012, but AWS says that the caller belongs to 210987654321",
        );
    });

    test("finds the owner's tags on everything that can carry some", () => {
        const without =
            /:(Route|RouteTableAssociation|RolePolicy|RolePolicyAttachment|Alias|LifecyclePolicy|Tag|Bucket[A-Z]\w+|EventTarget|QueuePolicy)$/;
        const taggable = graph.all.filter(({ type }) => /^(aws|eks):/.test(type) && !without.test(type));
        const owned = {
            owner: "platform-team",
            environment: "production",
            "data-class": "confidential",
            "cost-centre": "cc-1001",
        };
        for (const { inputs } of taggable) expect(inputs.tags).toMatchObject(owned);
    });
});

describe("the network", () => {
    test("has a subnet of each purpose in each zone, none of which gives out public addresses", () => {
        const subnets = of("Subnet").map(({ name, inputs }) => [
            name,
            inputs.availabilityZone,
            inputs.mapPublicIpOnLaunch,
        ]);
        const expected = ["public", "data", "nodes"].flatMap((purpose) =>
            zones.map((zone) => [`network-${purpose}-${zone}`, zone, false]),
        );
        expect(subnets.sort()).toEqual(expected.sort());
    });

    test("lets nodes out through their own zone, and data nowhere", () => {
        const ways = of("Route").map(({ inputs }) => [inputs.routeTableId, inputs.natGatewayId ?? inputs.gatewayId]);
        expect(Object.fromEntries(ways)).toEqual({
            "network-public-routes-id": "network-internet-id",
            ...Object.fromEntries(zones.map((zone) => [`network-nodes-${zone}-routes-id`, `network-nat-${zone}-id`])),
        });
        expect(bySuffix("RouteTable", "data-routes")).toHaveLength(1);
    });

    test("closes the group that AWS gives to what names none", () => {
        expect(only("DefaultSecurityGroup").inputs).toMatchObject({ ingress: [], egress: [] });
    });

    test("has a list for every subnet; data talks to the network only", () => {
        const listed = of("NetworkAcl").flatMap(({ inputs }) => inputs.subnetIds);
        expect(listed.sort()).toEqual(
            of("Subnet")
                .map(({ name }) => `${name}-id`)
                .sort(),
        );
        const { ingress, egress } = named("NetworkAcl", "network-data-list").inputs;
        for (const rules of [ingress, egress]) {
            expect(rules.map(({ cidrBlock }: { cidrBlock: string }) => cidrBlock)).toEqual(["10.20.0.0/16"]);
        }
    });

    test("reaches AWS's services without leaving: S3 by its routes, the others by name", () => {
        const services = of("VpcEndpoint").map(({ inputs }) => [
            inputs.serviceName.replace("com.amazonaws.eu-central-1.", ""),
            inputs,
        ]);
        const { s3, ...others } = Object.fromEntries(services);
        expect(s3).toMatchObject({
            vpcEndpointType: "Gateway",
            routeTableIds: expect.arrayContaining(["network-data-routes-id"]),
        });
        expect(Object.keys(others).sort()).toEqual([
            "ec2",
            "ecr.api",
            "ecr.dkr",
            "eks",
            "eks-auth",
            "kms",
            "logs",
            "secretsmanager",
            "sts",
        ]);
        for (const endpoint of Object.values(others)) {
            expect(endpoint).toMatchObject({
                vpcEndpointType: "Interface",
                privateDnsEnabled: true,
                securityGroupIds: ["network-endpoints-id"],
            });
        }
        expect(named("SecurityGroupIngressRule", "network-endpoints-https").inputs).toMatchObject({
            cidrIpv4: "10.20.0.0/16",
            fromPort: 443,
            toPort: 443,
        });
    });

    test("records who talked to whom", () => {
        const { inputs } = only("FlowLog");
        expect(inputs).toMatchObject({
            trafficType: "ALL",
            vpcId: "network-vpc-id",
            logDestination: "[arn of logs-network]",
        });
    });
});

describe("the control plane", () => {
    test("is private, encrypted, logged in full, let into by entries, and hard to delete", () => {
        expect(only("Cluster").inputs).toMatchObject({
            name: "tars-production",
            version: "1.36",
            authenticationMode: "API",
            endpointPrivateAccess: true,
            endpointPublicAccess: false,
            encryptionConfigKeyArn: key,
            enabledClusterLogTypes: ["api", "audit", "authenticator", "controllerManager", "scheduler"],
            kubernetesServiceIpAddressRange: "10.4.0.0/14",
            deletionProtection: true,
            createOidcProvider: false,
            skipDefaultNodeGroup: true,
            skipDefaultSecurityGroups: true,
        });
        expect(only("Cluster").inputs).not.toHaveProperty("publicAccessCidrs");
    });

    test("comes after its log group, its role's policies and the network; it has a provider of its own", () => {
        const cluster = only("Cluster");
        for (const earlier of [
            named("LogGroup", "logs-cluster"),
            named("RolePolicyAttachment", "cluster-AmazonEKSClusterPolicy"),
            ...of("NatGateway"),
        ]) {
            expect(graph.waitsFor(cluster, earlier)).toBe(true);
        }
        expect(cluster.provider).toMatch(/pulumi:providers:eks::eks$/);
    });

    test("brings no add-on by itself; the stack's are exact versions", () => {
        expect(only("Cluster").inputs).toMatchObject({
            bootstrapSelfManagedAddons: false,
            useDefaultVpcCni: true,
            kubeProxyAddonOptions: { enabled: false },
            corednsAddonOptions: { enabled: false },
        });
        const versions = of("Addon").map(({ inputs }) => [inputs.addonName, inputs.addonVersion]);
        expect(Object.keys(Object.fromEntries(versions)).sort()).toEqual([
            "aws-ebs-csi-driver",
            "coredns",
            "eks-pod-identity-agent",
            "kube-proxy",
            "vpc-cni",
        ]);
        for (const [, version] of versions) expect(version).toMatch(/^v\d+\.\d+\.\d+-eksbuild\.\d+$/);
    });

    test("gives pods whole prefixes of addresses, and enforces network policies", () => {
        const cni = of("Addon").find(({ inputs }) => inputs.addonName === "vpc-cni");
        expect(JSON.parse(cni?.inputs.configurationValues)).toMatchObject({
            env: { ENABLE_PREFIX_DELEGATION: "true" },
            enableNetworkPolicy: "true",
        });
    });

    test("is reached with the caller's own login: no token, no profile", () => {
        const provider = graph.all.find(
            ({ type, name }) => type === "pulumi:providers:kubernetes" && name === "cluster",
        );
        const { users } = JSON.parse(String(provider?.inputs.kubeconfig));
        expect(users).toEqual([
            {
                name: "tars-production",
                user: {
                    exec: {
                        apiVersion: "client.authentication.k8s.io/v1beta1",
                        command: "aws",
                        args: [
                            "eks",
                            "get-token",
                            "--cluster-name",
                            "tars-production",
                            "--region",
                            "eu-central-1",
                            "--output",
                            "json",
                        ],
                        interactiveMode: "Never",
                    },
                },
            },
        ]);
        expect(provider?.inputs.clusterIdentifier).toBe("[endpoint]");
    });
});

describe("the pools", () => {
    const bounds = Object.entries({
        system: [3, 6, 3],
        general: [6, 12, 6],
        compute: [2, 10, 3],
        memory: [1, 5, 2],
        gpu: [0, 4, 0],
        spot: [0, 10, 0],
    });

    test.each(bounds)(
        "of role %s has the documents' bounds, which a scaler moves within",
        (role, [minSize, maxSize, desiredSize]) => {
            const group = named("NodeGroup", `nodes-${role}`);
            expect(group.inputs.scalingConfig).toEqual({ minSize, maxSize, desiredSize });
            expect(group.options?.ignoreChanges).toEqual(["scalingConfig.desiredSize"]);
            expect(group.inputs.subnetIds).toEqual(zones.map((zone) => `network-nodes-${zone}-id`));
            expect(group.inputs.updateConfig).toEqual({ maxUnavailablePercentage: 33 });
        },
    );

    test("are those of the roles, by label, and only general nodes take any pod", () => {
        expect(
            of("NodeGroup")
                .map(({ name }) => name)
                .sort(),
        ).toEqual(pools.map((role) => `nodes-${role}`).sort());
        const memory = named("NodeGroup", "nodes-memory").inputs;
        expect(memory.labels).toEqual({ "node-type": "memory-optimized" });
        expect(memory.taints).toEqual([{ key: "node-type", value: "memory-optimized", effect: "NO_SCHEDULE" }]);
        const open = of("NodeGroup").filter(({ inputs }) => inputs.taints.length === 0);
        expect(open.map(({ name }) => name)).toEqual(["nodes-general"]);
    });

    test("are made of the machines that the documents describe; GPUs come with NVIDIA's drivers, spot nodes from spot capacity", () => {
        const kinds = of("NodeGroup").map(({ name, inputs }) => [
            name,
            [inputs.instanceTypes[0], inputs.amiType, inputs.capacityType],
        ]);
        expect(Object.fromEntries(kinds)).toEqual({
            "nodes-system": ["m6i.xlarge", "AL2023_x86_64_STANDARD", "ON_DEMAND"],
            "nodes-general": ["m6idn.4xlarge", "AL2023_x86_64_STANDARD", "ON_DEMAND"],
            "nodes-compute": ["m6i.2xlarge", "AL2023_x86_64_STANDARD", "ON_DEMAND"],
            "nodes-memory": ["r6i.2xlarge", "AL2023_x86_64_STANDARD", "ON_DEMAND"],
            "nodes-gpu": ["g5.2xlarge", "AL2023_x86_64_NVIDIA", "ON_DEMAND"],
            "nodes-spot": ["m6idn.4xlarge", "AL2023_x86_64_STANDARD", "SPOT"],
        });
    });

    test("start from templates with encrypted disks, whose nodes tell pods nothing of the machine", () => {
        expect(of("LaunchTemplate")).toHaveLength(pools.length);
        for (const { inputs } of of("LaunchTemplate")) {
            expect(inputs.metadataOptions).toEqual({
                httpEndpoint: "enabled",
                httpTokens: "required",
                httpPutResponseHopLimit: 1,
            });
            const [{ deviceName, ebs }] = inputs.blockDeviceMappings;
            expect([deviceName, ebs.volumeType, ebs.encrypted, ebs.kmsKeyId]).toEqual([
                "/dev/xvda",
                "gp3",
                "true",
                key,
            ]);
            expect(Buffer.from(inputs.userData, "base64").toString()).toContain("      maxPods: 110\n");
            expect(inputs.vpcSecurityGroupIds).toEqual(["eks-nodes-id"]);
        }
    });

    test("come after what makes a node ready, and before names, volumes and every pod of ours", () => {
        const group = named("NodeGroup", "nodes-general");
        const addon = (name: string) => named("Addon", name);
        for (const name of ["node-addons-vpc-cni", "node-addons-kube-proxy", "node-addons-eks-pod-identity-agent"]) {
            expect(graph.waitsFor(group, addon(name))).toBe(true);
        }
        for (const name of ["cluster-addons-coredns", "cluster-addons-aws-ebs-csi-driver"]) {
            expect(graph.waitsFor(addon(name), group)).toBe(true);
            expect(graph.waitsFor(graph.named("Deployment", "tars-backend"), addon(name))).toBe(true);
        }
    });

    test("that may be empty tell the autoscaler what their nodes would be", () => {
        const told = of("Tag").map(({ inputs }) => [
            inputs.tag.key.replace("k8s.io/cluster-autoscaler/node-template/", ""),
            inputs.tag.value,
        ]);
        expect(told.sort()).toEqual([
            ["label/node-type", "gpu"],
            ["label/node-type", "spot"],
            ["resources/nvidia.com/gpu", "1"],
            ["taint/node-type", "spot:NoSchedule"],
            ["taint/nvidia.com/gpu", "present:NoSchedule"],
        ]);
    });

    test("are found by the autoscaler, which takes its role by the account that it runs under", () => {
        const [container] = graph.named("Deployment", "cluster-autoscaler").inputs.spec.template.spec.containers;
        expect(container.args).toContain(
            "--node-group-auto-discovery=asg:tag=k8s.io/cluster-autoscaler/enabled,k8s.io/cluster-autoscaler/tars-production",
        );
        const { namespace, serviceAccount } = named("PodIdentityAssociation", "cluster-autoscaler-association").inputs;
        expect(graph.named("ServiceAccount", serviceAccount).inputs.metadata.namespace).toBe(namespace);
    });
});

describe("rights", () => {
    const policies = () =>
        [...of("RolePolicy"), ...of("Key")].map(({ name, inputs }) => [name, JSON.parse(inputs.policy)] as const);
    const texts = (value: string | readonly string[]) => [value].flat();

    test("are single actions, never all of a service's", () => {
        expect(policies().length).toBeGreaterThan(5);
        for (const [, { Statement }] of policies()) {
            for (const { Action } of Statement)
                for (const action of texts(Action)) expect(action).toMatch(/^[a-z0-9-]+:[A-Za-z]+$/);
        }
    });

    test("name what they are about, unless no such call knows a resource", () => {
        const wide = policies().flatMap(([name, { Statement }]) =>
            name === "keys-key"
                ? []
                : Statement.flatMap((one: { Resource: string[]; Action: string[] }) =>
                      texts(one.Resource).includes("*") ? texts(one.Action) : [],
                  ),
        );
        const known =
            /^(ec2|autoscaling|eks|pricing):(Describe|Get)|^autoscaling:(SetDesiredCapacity|TerminateInstanceInAutoScalingGroup)$|^iam:GetInstanceProfile$/;
        expect(wide.filter((action) => !known.test(action))).toEqual([]);
    });

    test("of the team's pods are what the stack file says: to read the data bucket", () => {
        const { Statement } = JSON.parse(named("RolePolicy", "team-app-policy").inputs.policy);
        const bucket = "arn:aws:s3:::tars-production-123456789012-eu-central-1-data";
        expect(
            Statement.map(({ Action, Resource }: { Action: string[]; Resource: string[] }) => [Action, Resource]),
        ).toEqual([
            [["s3:GetBucketLocation", "s3:ListBucket"], [bucket]],
            [["s3:GetObject"], [`${bucket}/*`]],
            [["kms:Decrypt"], [key]],
        ]);
        expect(named("PodIdentityAssociation", "team-app-association").inputs).toMatchObject({
            namespace: "team-app",
            serviceAccount: "api-watcher",
            roleArn: "[arn of team-app-role]",
        });
    });

    test("are taken through Pod Identity by volumes, addresses and the autoscalers, and by nothing else of ours", () => {
        const accounts = of("PodIdentityAssociation").map(
            ({ inputs }) => `${inputs.namespace}/${inputs.serviceAccount}`,
        );
        expect(accounts.sort()).toEqual([
            "cluster-autoscaler/cluster-autoscaler",
            "kube-system/aws-node",
            "kube-system/ebs-csi-controller-sa",
            "kube-system/karpenter",
            "team-app/api-watcher",
        ]);
    });
});

describe("what the stack keeps", () => {
    test("is encrypted with one key that changes every year", () => {
        expect(only("Key").inputs).toMatchObject({ enableKeyRotation: true, deletionWindowInDays: 30 });
        for (const { inputs } of of("LogGroup")) expect([inputs.kmsKeyId, inputs.retentionInDays]).toEqual([key, 90]);
        for (const { inputs } of of("BucketServerSideEncryptionConfiguration")) {
            expect(inputs.rules[0].applyServerSideEncryptionByDefault).toEqual({
                sseAlgorithm: "aws:kms",
                kmsMasterKeyId: key,
            });
        }
        for (const { inputs } of of("Repository"))
            expect(inputs.encryptionConfigurations).toEqual([{ encryptionType: "KMS", kmsKey: key }]);
    });

    test("in buckets is private, versioned, and read by TLS only", () => {
        const buckets = of("Bucket").map(({ inputs }) => inputs.bucket);
        expect(buckets).toHaveLength(2);
        const about = (kind: string) => of(kind).map(({ inputs }) => inputs.bucket);
        for (const kind of ["BucketPublicAccessBlock", "BucketVersioning", "BucketPolicy", "BucketOwnershipControls"]) {
            expect(about(kind).sort()).toEqual(buckets.sort());
        }
        for (const { inputs } of of("BucketPublicAccessBlock")) {
            const { bucket, ...blocks } = inputs;
            expect(Object.values(blocks)).toEqual([true, true, true, true]);
        }
        for (const { inputs } of of("BucketPolicy")) {
            const [statement] = JSON.parse(inputs.policy).Statement;
            expect([statement.Effect, statement.Condition]).toEqual([
                "Deny",
                { Bool: { "aws:SecureTransport": "false" } },
            ]);
        }
    });

    test("as a backup cannot be changed before its time", () => {
        expect(named("Bucket", "stores-backups").inputs.objectLockEnabled).toBe(true);
        expect(only("BucketObjectLockConfiguration").inputs).toMatchObject({
            bucket: "tars-production-123456789012-eu-central-1-backups",
            rule: { defaultRetention: { mode: "COMPLIANCE", days: 35 } },
        });
    });

    test("as images is immutable, scanned at each push, and forgotten when nobody wants it", () => {
        expect(only("Repository").inputs).toMatchObject({
            name: "tars-production/tars-backend",
            imageTagMutability: "IMMUTABLE",
            imageScanningConfiguration: { scanOnPush: true },
        });
        const { rules } = JSON.parse(only("LifecyclePolicy").inputs.policy);
        expect(
            rules.map(({ selection, action }: Resource["inputs"]) => [
                selection.countType,
                selection.countNumber,
                action.type,
            ]),
        ).toEqual([
            ["sinceImagePushed", 7, "expire"],
            ["sinceImagePulled", 30, "transition"],
            ["sinceImageTransitioned", 90, "expire"],
        ]);
    });

    test("on volumes is encrypted, made where its pod lands, and stays when the claim goes", () => {
        const classes = graph.of("StorageClass").map(({ inputs }) => [inputs.metadata.name, inputs.parameters.type]);
        expect(Object.fromEntries(classes)).toEqual({ fast: "io2", standard: "gp3", cold: "sc1" });
        for (const { inputs } of graph.of("StorageClass")) {
            expect(inputs).toMatchObject({
                provisioner: "ebs.csi.aws.com",
                parameters: { encrypted: "true", kmsKeyId: key },
                volumeBindingMode: "WaitForFirstConsumer",
                allowVolumeExpansion: true,
                reclaimPolicy: "Retain",
            });
        }
    });

    test("is protected by kind, and stays behind where the data would be lost", () => {
        const kinds = (option: "protect" | "retainOnDelete") =>
            [
                ...new Set(
                    graph.all.flatMap((found) =>
                        found.options?.[option] === true ? [found.type.split(":").at(-1)] : [],
                    ),
                ),
            ].sort();
        expect(kinds("protect")).toEqual([
            "Bucket",
            "Cluster",
            "Key",
            "LifecyclePolicy",
            "Repository",
            "Subnet",
            "Vpc",
        ]);
        expect(kinds("retainOnDelete")).toEqual([
            "Alias",
            "Bucket",
            "BucketLifecycleConfiguration",
            "BucketObjectLockConfiguration",
            "BucketOwnershipControls",
            "BucketPolicy",
            "BucketPublicAccessBlock",
            "BucketServerSideEncryptionConfiguration",
            "BucketVersioning",
            "Key",
            "LogGroup",
        ]);
        expect(keeping.dnsZone).toEqual({ protect: true, retainOnDelete: true });
    });
});

test("Karpenter finds its roles, a way in for its nodes, and a queue that tells of their ends", () => {
    expect(only("AccessEntry").inputs).toMatchObject({
        principalArn: "[arn of karpenter-nodes-role]",
        type: "EC2_LINUX",
    });
    expect(only("Queue").inputs).toMatchObject({ name: "tars-production-karpenter", sqsManagedSseEnabled: true });
    expect(
        of("EventRule")
            .map(({ name }) => name)
            .sort(),
    ).toEqual(
        of("EventTarget")
            .map(({ name }) => name.replace("-target", ""))
            .sort(),
    );
    expect(of("EventRule")).toHaveLength(4);
});
