import { nodeImage } from "../../components/cloud/aws/nodeImages";
import { planPools as planAws } from "../../components/cloud/aws/plan";
import { awsSettings } from "../../components/cloud/aws/settings";
import { planPools as planAzure } from "../../components/cloud/azure/plan";
import { azureSettings } from "../../components/cloud/azure/settings";
import { poolOf } from "../../simulator/providers/aws/kinds/nodePool";
import { types } from "../../simulator/providers/aws/kinds/types";
import { simulatedPool } from "../../simulator/providers/azure/kinds/nodes";
import { settingsOf } from "../program/stack";

const exclusive = { kind: "exclusive" } as const;
const timeSliced = { kind: "timeSliced", replicas: 4 } as const;
const mig = (profile: string) => ({ kind: "mig", profile }) as const;

/** A pool of the program, and what the simulated EKS makes of its node group and launch template. */
function onAws(machine: string, sharing: object, wanted: "gpu" | "general" = "gpu") {
    const section = Object(settingsOf("prod-aws").aws);
    const pools = { [wanted]: { machine, ...sharing } };
    const plan = planAws(awsSettings.parse({ ...section, pools })).find(({ role }) => role === wanted);
    if (plan === undefined) throw new Error(`no ${wanted} pool`);
    const { amiType, userData, disks } = nodeImage(plan);
    const template = {
        userData: Buffer.from(userData).toString("base64"),
        blockDeviceMappings: disks.map(({ deviceName, gib }) => ({ deviceName, ebs: { volumeSize: gib } })),
    };
    const record = { type: types.launchTemplate, id: "lt-1", urn: "", inputs: template, outputs: {}, ready: true };
    const cloud = {
        all: () => [],
        find: () => undefined,
        get: (type: string) => (type === types.launchTemplate ? record : undefined),
    };
    const inputs = {
        nodeGroupName: "gpu",
        clusterName: "tars",
        amiType,
        instanceTypes: [machine],
        launchTemplate: { id: "lt-1" },
        scalingConfig: { minSize: 0, maxSize: 4, desiredSize: 0 },
        subnetIds: [],
    };
    const config = { region: "us-east-1" };
    return { plan, pool: poolOf({ inputs, config, cloud }) };
}

describe("a simulated GPU node of EKS", () => {
    test.each<[string, object, Readonly<Record<string, number>>]>([
        ["g5.2xlarge", exclusive, { "nvidia.com/gpu": 1 }],
        ["g5.2xlarge", timeSliced, { "nvidia.com/gpu": 4 }],
        ["p5.48xlarge", mig("1g.10gb"), { "nvidia.com/gpu": 56 }],
    ])("%s with %j has %j, and so says the program's plan", (machine, sharing, devices) => {
        const { plan, pool } = onAws(machine, { sharing });
        expect(pool.devices).toEqual(devices);
        expect({ [plan.gpu?.resource ?? ""]: plan.gpus }).toEqual(devices);
    });

    test("has the pool's disk for images and pods, not the system's", () => {
        const { pool, plan } = onAws("g5.2xlarge", { sharing: exclusive });
        expect(pool.capacity.storage).toBe("200Gi");
        // A tenth is left free for evictions, and a GiB is the system's.
        expect(pool.allocatable?.storage).toBe("179Gi");
        expect(plan.allocatable.storage).toBe("179Gi");
    });
});

test("a simulated node of EKS has its own disks for pods when its template says so, as the plan counts on", () => {
    const { pool, plan } = onAws("m6idn.4xlarge", {}, "general");
    expect(pool.capacity.storage).toBe("882Gi");
    expect(pool.allocatable?.storage).toBe(plan.allocatable.storage);
    expect(plan.allocatable.storage).toBe("792Gi");
    expect(onAws("m6i.2xlarge", {}, "general").pool.capacity.storage).toBe("100Gi");
});

describe("a simulated GPU node of AKS", () => {
    test.each<[string, object, string | undefined, Readonly<Record<string, number>>]>([
        ["Standard_NV36ads_A10_v5", exclusive, undefined, { "nvidia.com/gpu": 1 }],
        ["Standard_NC24ads_A100_v4", mig("1g.10gb"), "MIG1g", { "nvidia.com/mig-1g.10gb": 7 }],
        ["Standard_NC40ads_H100_v5", mig("3g.47gb"), "MIG3g", { "nvidia.com/mig-3g.47gb": 2 }],
    ])("%s with %j, cut by %s, has %j, and so says the program's plan", (machine, sharing, cut, devices) => {
        const section = Object(settingsOf("prod-azure").azure);
        const pools = { gpu: { machine, sharing } };
        const plan = planAzure(azureSettings.parse({ ...section, pools })).find(({ role }) => role === "gpu");
        const pool = {
            agentPoolName: "gpu",
            vmSize: machine,
            ...(cut === undefined ? {} : { gpuInstanceProfile: cut }),
        };
        expect(simulatedPool(pool, "westeurope", "group").devices).toEqual(devices);
        expect({ [plan?.gpu?.resource ?? ""]: plan?.gpus }).toEqual(devices);
    });
});
