import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { judgedResources } from "../../cli/src/judgedResources";
import { mockMonitor, type Registration } from "../../cli/src/registrations";
import { machines as aws } from "../../components/cloud/aws/machines";
import { nodeImage as nodeImageOf } from "../../components/cloud/aws/nodeImages";
import { machines, nodeAmounts } from "../../components/cloud/azure/machines";
import { type GpuSharing, poolSettings } from "../../components/cloud/common/poolSettings";
import { type GpuNodes, type PoolPlan, planPools, poolHandles } from "../../components/cloud/common/pools";
import type { GpuPool } from "../../components/cloud/contract";
import { usualPluginFolders } from "../../components/foundation/pluginFolders";
import { bytes, millicores } from "../../components/foundation/quantities";
import { NvidiaDevicePlugin } from "../../components/kubernetes/devicePlugin";
import { defaultConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";

const [d16, a100] = ["Standard_D16ds_v6", "Standard_NC24ads_A100_v4"] as const;
const schema = poolSettings({
    names: [d16, a100],
    defaults: {
        system: d16,
        general: d16,
        burstable: d16,
        compute: d16,
        memory: d16,
        gpuT4: a100,
        gpuA10: a100,
        gpuA100: a100,
        gpuH100: a100,
    },
});

const exclusive = { kind: "exclusive" } as const;
const timeSliced = { kind: "timeSliced", replicas: 4 } as const;
const mig = { kind: "mig", profile: "1g.10gb" } as const;

const daemonSet = { devicePlugin: "daemonSet", migStrategy: "mixed" } as const;
const nodeImage = { devicePlugin: "nodeImage", migStrategy: "single" } as const;

function plansOf(sharing: GpuSharing, gpuNodes: GpuNodes): readonly PoolPlan[] {
    const daemons = { pods: 0, cpu: "0", memory: "0" };
    const spotTaint = { key: "spot", value: "true", effect: "NoSchedule" } as const;
    const catalogue = { machines, nodeAmounts, maxPods: () => 110, daemons, spotTaint, gpuNodes };
    const settings = schema.parse({ gpu: { sharing, nodes: { max: 4 } } });
    return planPools("toy", { settings, zones: 3, catalogue });
}

function poolOf(sharing: GpuSharing, gpuNodes: GpuNodes): GpuPool {
    const { gpu } = poolHandles(plansOf(sharing, gpuNodes));
    if (gpu === undefined) throw new Error("no GPU pool");
    return gpu;
}

describe("a sharing plan", () => {
    test.each<[GpuSharing, GpuNodes, string, number]>([
        [exclusive, daemonSet, "nvidia.com/gpu", 1],
        [timeSliced, daemonSet, "nvidia.com/gpu", 4],
        [mig, daemonSet, "nvidia.com/mig-1g.10gb", 7],
        [mig, nodeImage, "nvidia.com/gpu", 7],
    ])("%j on nodes %j makes pods ask for %s, of which a node has %d", (sharing, nodes, resource, gpus) => {
        expect(poolOf(sharing, nodes).resource).toBe(resource);
        expect(plansOf(sharing, nodes).find(({ role }) => role === "gpu")?.gpus).toBe(gpus);
    });

    test("takes the plugin's pod from the node only where the platform runs it, with room for an upgrade", () => {
        const [without, withPlugin] = [nodeImage, daemonSet].map((nodes) => plansOf(exclusive, nodes).at(-1));
        expect(poolOf(exclusive, nodeImage).devicePlugin).toBeUndefined();
        expect(poolOf(exclusive, daemonSet).devicePlugin).toMatchObject({ nodes: 6 });
        expect(withPlugin?.pods).toBe((without?.pods ?? 0) - 1);
        const [more, less] = [without, withPlugin].map((plan) => plan?.allocatable ?? { cpu: "0", memory: "0" });
        expect(millicores(more?.cpu ?? "0") - millicores(less?.cpu ?? "0")).toBe(50);
        expect(bytes(more?.memory ?? "0") - bytes(less?.memory ?? "0")).toBe(128 * 2 ** 20);
    });
});

describe.each<[GpuSharing, object, readonly string[]]>([
    [exclusive, { migStrategy: "none", failOnInitError: true }, []],
    [timeSliced, { migStrategy: "none", failOnInitError: true }, []],
    [mig, { migStrategy: "mixed", failOnInitError: true }, ["SYS_ADMIN"]],
])("the device plugin of a pool with %j", (sharing, flags, capabilities) => {
    let registered: readonly Registration[];
    const only = (kind: string) => {
        const [found, ...others] = registered.filter(({ type }) => type.endsWith(`:${kind}`));
        if (found === undefined || others.length > 0) throw new Error(`not one ${kind}`);
        return JSON.parse(JSON.stringify(found.inputs));
    };

    beforeAll(async () => {
        registered = await registrationsOf(poolOf(sharing, daemonSet));
    });

    test("is told of the plan", () => {
        const config = JSON.parse(only("ConfigMap").data["config.yaml"]);
        expect(config.flags).toEqual(flags);
        const resources = [{ name: "nvidia.com/gpu", replicas: 4 }];
        const timeSlicing = { renameByDefault: false, failRequestsGreaterThanOne: true, resources };
        expect(config.sharing).toEqual(sharing === timeSliced ? { timeSlicing } : undefined);
    });

    test("runs on the pool's nodes alone", () => {
        const { spec } = only("DaemonSet").spec.template;
        expect(spec.nodeSelector).toEqual({ "node-type": "gpu" });
        expect(spec.tolerations).toEqual([
            { key: "nvidia.com/gpu", operator: "Equal", value: "present", effect: "NoSchedule" },
        ]);
    });

    test("may write one folder of its node, and nothing else", () => {
        const { spec } = only("DaemonSet").spec.template;
        const folders = spec.volumes.flatMap((volume: { hostPath?: { path: string } }) => volume.hostPath?.path ?? []);
        expect(folders).toEqual(["/var/lib/kubelet/device-plugins"]);
        const { privileged, readOnlyRootFilesystem, capabilities: own } = spec.containers[0].securityContext;
        expect({ privileged, readOnlyRootFilesystem }).toEqual({ privileged: false, readOnlyRootFilesystem: true });
        expect([own.drop, own.add ?? []]).toEqual([["ALL"], capabilities]);
    });

    test("stands in a namespace that says why it is privileged, and passes the policy pack as it is", () => {
        const { labels, annotations } = only("Namespace").metadata;
        expect(labels["pod-security.kubernetes.io/enforce"]).toBe("privileged");
        expect(annotations["tars-platform/privileged-because"]).toMatch(/kubelet/);
        const { findings, remediations } = judge(judgedResources(registered), defaultConfiguration, {
            ...bareTerms,
            ...readPackFiles(rules),
        });
        // Who checks signatures is the platform's to make, and not there.
        const mandatory = findings.filter(({ level, rule }) => level === "mandatory" && !/^IMG-0[14]$/.test(rule));
        expect(mandatory.map(({ rule, message }) => `${rule} ${message}`)).toEqual([]);
        expect(remediations).toEqual([]);
    });
});

async function registrationsOf(pool: GpuPool): Promise<readonly Registration[]> {
    const monitor = mockMonitor();
    await pulumi.runtime.setMocks(monitor.mocks, "tars-platform", "test", false);
    monitor.listen(pulumi.runtime.getMonitor());
    const ownership = { owner: "o", environment: "dev", dataClass: "internal", costCentre: "c" } as const;
    await pulumi.runtime.runInPulumiStack(async () => {
        const cluster = {
            provider: new Provider("cluster", { clusterIdentifier: "test" }),
            identity: pulumi.output("00000000-0000-0000-0000-000000000000"),
            isGuarded: false,
            nodes: poolHandles(plansOf(exclusive, daemonSet)),
            storageClasses: { fast: "f", standard: "s", cold: "c" },
            scratchClass: undefined,
            snapshotClass: undefined,
            entrance: {
                annotations: {},
                externalTrafficPolicy: "Local",
                clientAddress: "preserved",
                trustedHops: 0,
                clients: ["10.0.0.0/8"],
                front: undefined,
            } as const,
            monitoringNamespace: "monitoring",
            mostNodes: 3,
            pluginFolders: usualPluginFolders,
            apiRanges: ["10.0.0.0/8"],
            secretStore: undefined,
            scaler: undefined,
            teams: undefined,
            loadBalancerController: undefined,
            backupStore: undefined,
            followedStore: undefined,
        };
        const plugin = pool.devicePlugin;
        if (plugin === undefined) throw new Error("the nodes bring the plugin");
        new NvidiaDevicePlugin("nvidia-device-plugin", {
            cluster,
            ownership,
            imageSources: { mirrors: {}, digests: new Map() },
            pool,
            plugin,
        });
    });
    await pulumi.runtime.disconnect();
    return monitor.registrations();
}

describe("a GPU node on EKS", () => {
    const text = (sharing: GpuSharing) => {
        const plan = plansOf(sharing, nodeImage).at(-1);
        if (plan === undefined) throw new Error("no GPU pool");
        return nodeImageOf({ ...plan, machine: aws["p5.4xlarge"] });
    };

    test("is Bottlerocket, which brings the plugin, with the pods that the plan counts on", () => {
        expect(text(exclusive)).toMatchObject({
            amiType: "BOTTLEROCKET_x86_64_NVIDIA",
            userData: "[settings.kubernetes]\nmax-pods = 110\n",
        });
    });

    test("keeps images and pods on the disk that the pool asks for", () => {
        expect(text(exclusive).disks).toEqual([
            { deviceName: "/dev/xvda", gib: 4 },
            { deviceName: "/dev/xvdb", gib: 200 },
        ]);
    });

    test("gives turns under the name of whole GPUs, and one each", () => {
        expect(text(timeSliced).userData).toContain('device-sharing-strategy = "time-slicing"');
        for (const line of ["replicas = 4", "rename-by-default = false", "fail-requests-greater-than-one = true"])
            expect(text(timeSliced).userData.split("\n")).toContain(line);
    });

    test("cuts slices by the model of its GPU", () => {
        expect(text(mig).userData).toContain('device-partitioning-strategy = "mig"');
        expect(text(mig).userData).toContain('.mig.profile]\n"h100.80gb" = "1g.10gb"\n');
    });
});
