import fc from "fast-check";
import * as aws from "../../components/cloud/aws/machines";
import * as azure from "../../components/cloud/azure/machines";
import {
    type DocumentedMachine,
    documentedMachines,
    type MachinePurpose,
    type MachineShape,
    type MachineType,
    machinePurposes,
    shortfalls,
} from "../../components/cloud/machines";
import { type Amounts, bytes, millicores } from "../../components/foundation/quantities";

/** model_inference of 003. */
const inference: Amounts = { cpu: "4", memory: "16Gi" };

const fits = ({ allocatable }: MachineType, pod: Amounts) =>
    millicores(allocatable.cpu) >= millicores(pod.cpu) && bytes(allocatable.memory) >= bytes(pod.memory);

interface Cloud {
    readonly cloud: string;
    readonly all: Readonly<Record<string, MachineType>>;
    readonly chosen: (purpose: MachinePurpose) => MachineType;
    readonly documented: readonly [name: DocumentedMachine, shape: MachineShape, machine: MachineType][];
    readonly storage: (diskGib: number) => string;
}

function cloudOf<Name extends string>(
    cloud: string,
    machines: Readonly<Record<Name, MachineType>>,
    defaults: Readonly<Record<MachinePurpose, Name>>,
    choices: Readonly<Record<DocumentedMachine, Name>>,
    nodeAmounts: typeof aws.nodeAmounts,
): Cloud {
    return {
        cloud,
        all: machines,
        chosen: (purpose) => machines[defaults[purpose]],
        documented: names.map((name) => [name, documentedMachines[name], machines[choices[name]]]),
        storage: (diskGib) => nodeAmounts(machines[defaults.compute], diskGib).storage,
    };
}

const names: readonly DocumentedMachine[] = ["production", "minimum", "t3.medium", "c2-standard-8", "n2-highmem-8"];
const onAws = cloudOf("aws", aws.machines, aws.defaultMachines, aws.documentedChoices, aws.nodeAmounts);
const onAzure = cloudOf("azure", azure.machines, azure.defaultMachines, azure.documentedChoices, azure.nodeAmounts);

describe.each([onAws, onAzure])("$cloud", ({ all, chosen, documented, storage }) => {
    test.each(Object.entries(all))(
        "%s is called so, has a source, and keeps some of itself from pods",
        (name, machine) => {
            expect(machine.name).toBe(name);
            expect(machine.source).toMatch(/^https:\/\/github\.com\/[^/]+\/[^/]+\/blob\/[0-9a-f]{40}\/.+\.md$/);
            expect(URL.canParse(machine.source)).toBe(true);
            expect(millicores(machine.allocatable.cpu)).toBeLessThan(machine.cpu * 1000);
            expect(bytes(machine.allocatable.memory)).toBeLessThan(machine.memoryGib * 2 ** 30);
            expect(bytes(machine.allocatable.memory)).toBeGreaterThan(0.6 * machine.memoryGib * 2 ** 30);
            expect(machine.maxPods).toBeGreaterThanOrEqual(17);
            expect(machine.network.gbps).toBeGreaterThan(0);
        },
    );

    test.each(documented)("has the shape of %s", (_, shape, machine) => {
        expect(shortfalls(machine, shape)).toEqual([]);
        expect(machine.cpu).toBe(shape.cpu);
    });

    test("has for production what 000 asks: 16 cores, 64 GB, 500 GB NVMe, 10 Gbit/s", () => {
        const { cpu, memoryGib, localDisk, network } = chosen("general");
        expect([cpu, memoryGib, localDisk?.kind]).toEqual([16, 64, "nvme"]);
        expect((localDisk?.gib ?? 0) * 2 ** 30).toBeGreaterThanOrEqual(500e9);
        expect(network.gbps).toBeGreaterThanOrEqual(10);
    });

    const roomy = machinePurposes.filter((purpose) => purpose !== "system");
    test.each(roomy)("has a default for %s that holds an inference pod", (purpose) => {
        expect(fits(chosen(purpose), inference)).toBe(true);
    });

    test.each([
        ["gpuT4", /^T4$/],
        ["gpuA10", /^A10G?$/],
        ["gpuA100", /^A100$/],
        ["gpuH100", /^H100$/],
    ] as const)("has a default for %s with such GPUs, whole ones", (purpose, model) => {
        const { gpu } = chosen(purpose);
        expect(gpu?.model).toMatch(model);
        expect(gpu?.count).toBeGreaterThanOrEqual(1);
        expect(Number.isInteger(gpu?.count)).toBe(true);
    });

    test("has GPUs only where they are asked for", () => {
        const withGpus = machinePurposes.filter((purpose) => chosen(purpose).gpu !== undefined);
        expect(withGpus).toEqual(["gpuT4", "gpuA10", "gpuA100", "gpuH100"]);
    });

    test("leaves pods less than the disk of a node, in whole gibibytes", () => {
        fc.assert(
            fc.property(fc.integer({ min: 20, max: 4096 }), (diskGib) => {
                expect(storage(diskGib)).toMatch(/^\d+[GT]i$/);
                expect(bytes(storage(diskGib))).toBeLessThanOrEqual(0.9 * diskGib * 2 ** 30);
            }),
        );
    });
});

test("on AWS a machine's own disks hold the pods, whatever the root volume's size, unless it has GPUs", () => {
    const { "m6idn.4xlarge": own, "g5.2xlarge": gpu } = aws.machines;
    for (const diskGib of [20, 4096]) {
        // 950 GB are 884 GiB, of which XFS may take 2, the kubelet 1 and its threshold a tenth.
        expect(aws.nodeAmounts(own, diskGib).storage).toBe("792Gi");
    }
    expect(aws.nodeAmounts(gpu, 100).storage).toBe("89Gi");
});

test("spot nodes on AWS may be of another machine only where pods and disks see no difference", () => {
    const { "m6idn.4xlarge": own, "t3.2xlarge": burstable, "g5.2xlarge": gpu } = aws.machines;
    expect(aws.alternativesTo(own, aws.machineNames)).toEqual(["m6id.4xlarge"]);
    expect(aws.alternativesTo(own, ["m6idn.4xlarge"])).toEqual([]);
    expect(aws.alternativesTo(burstable, aws.machineNames)).toEqual(["m6i.2xlarge"]);
    expect(aws.alternativesTo(gpu, aws.machineNames)).not.toContain("g5.2xlarge");
});

describe("a machine that is too small", () => {
    test("says in what", () => {
        expect(shortfalls(aws.machines["m6id.4xlarge"], documentedMachines.production)).toEqual(["6.25 of 10 Gbit/s"]);
        expect(shortfalls(azure.machines.Standard_D8ds_v6, documentedMachines.production)).toEqual([
            "8 of 16 cores",
            "32 of 64 GiB of memory",
            "472 of 500 GB of local NVMe",
        ]);
    });

    test.each([
        aws.machines["c6i.2xlarge"],
        aws.machines["t3.medium"],
        aws.machines["t3.xlarge"],
        azure.machines.Standard_F8s_v2,
        azure.machines.Standard_B2ls_v2,
        azure.machines.Standard_B4s_v2,
    ])("$name holds no inference pod", (machine) => {
        expect(fits(machine, inference)).toBe(false);
    });
});

describe("figures of AWS", () => {
    test.each([
        ["t3.medium", "1930m", "3246Mi", 17],
        ["c6i.2xlarge", "7910m", "14162Mi", 58],
        ["m6i.2xlarge", "7910m", "29317Mi", 58],
        ["r6i.2xlarge", "7910m", "59627Mi", 58],
    ] as const)("%s leaves %s, %s and %d pods", (name, cpu, memory, maxPods) => {
        expect(aws.machines[name]).toMatchObject({ allocatable: { cpu, memory }, maxPods });
    });

    /** nodeadm/internal/kubelet/instance-info.jsonl of awslabs/amazon-eks-ami 81fec2e: a second source for the same pods. */
    test.each([
        ["t3.medium", 3, 6],
        ["m6i.2xlarge", 4, 15],
        ["m6idn.4xlarge", 8, 30],
        ["g4dn.2xlarge", 3, 10],
        ["p4d.24xlarge", 15, 50],
        ["p5.48xlarge", 2, 50],
    ] as const)("%s has as many pods as %d interfaces of %d addresses take", (name, interfaces, addresses) => {
        expect(aws.machines[name].maxPods).toBe(interfaces * (addresses - 1) + 2);
    });

    /** The arithmetic of nodeadm and Karpenter, so that a figure copied wrongly shows. */
    test.each(Object.values(aws.machines))(
        "$name leaves what nodeadm does",
        ({ cpu, memoryGib, maxPods, allocatable }) => {
            const cpuMillis =
                cpu * 1000 - [60, 10, 5, 5].slice(0, cpu).reduce((a, b) => a + b, 0) - 2.5 * Math.max(0, cpu - 4);
            expect(millicores(allocatable.cpu)).toBe(cpuMillis);
            expect(allocatable.memory).toBe(`${Math.floor(memoryGib * 1024 * 0.925 - (255 + 11 * maxPods) - 100)}Mi`);
        },
    );

    test.each([
        ["t3.medium", 110],
        ["m6idn.4xlarge", 110],
        ["p4d.24xlarge", 250],
        ["p5.48xlarge", 250],
    ] as const)("%s has %d pods with prefixes", (name, pods) => {
        expect(aws.podsWithPrefixes(aws.machines[name])).toBe(pods);
    });

    test("a node with few addresses has no more pods than those, prefixes or not", () => {
        expect(aws.podsWithPrefixes({ cpu: 2, maxPods: 4 })).toBe(34);
    });

    test("a root volume of 20Gi leaves 17Gi, as Karpenter says", () => {
        expect(aws.nodeAmounts(aws.machines["t3.medium"], 20)).toEqual({
            cpu: "1930m",
            memory: "3246Mi",
            storage: "17Gi",
        });
    });
});

const nodeSize = fc.record({
    cpu: fc.integer({ min: 1, max: 208 }),
    memoryGib: fc.integer({ min: 2, max: 4096 }),
    maxPods: fc.integer({ min: 10, max: 250 }),
});
const memoryOf = (size: azure.NodeSize) => bytes(azure.allocatableOf(size).memory);
const cpuOf = (size: azure.NodeSize) => millicores(azure.allocatableOf(size).cpu);

describe("what AKS leaves of a node", () => {
    test.each([
        [1, 60],
        [2, 100],
        [4, 140],
        [8, 180],
        [16, 260],
        [32, 420],
        [64, 740],
    ])("of %d cores is without the %dm of its table", (cpu, reserved) => {
        expect(azure.reservedOf({ cpu, memoryGib: 8, maxPods: 30 }).millicores).toBe(reserved);
        expect(cpuOf({ cpu, memoryGib: 8, maxPods: 30 })).toBe(cpu * 1000 - reserved);
    });

    /** The page counts 4 GB as 4000 MB; a quarter of them is 1000 there and 1024 here. */
    test.each([
        [8, 30, 650],
        [4, 70, 1024],
    ])("of %d GB for %d pods is without the %d MB of its examples", (memoryGib, maxPods, reserved) => {
        expect(azure.reservedOf({ cpu: 2, memoryGib, maxPods }).mebibytes).toBe(reserved);
        expect(memoryOf({ cpu: 2, memoryGib, maxPods }) / 2 ** 20).toBe(
            Math.floor(memoryGib * 1024 * 0.925 - reserved - 100),
        );
    });

    test("grows with its cores and its memory and shrinks with its pods, and is some of it", () => {
        fc.assert(
            fc.property(nodeSize, nodeSize, (a, b) => {
                const most = Math.max(a.maxPods, b.maxPods);
                const [small, large] = a.memoryGib <= b.memoryGib ? [a, b] : [b, a];
                expect(memoryOf({ ...small, maxPods: most })).toBeLessThanOrEqual(
                    memoryOf({ ...large, maxPods: most }),
                );
                expect(memoryOf({ ...a, maxPods: most })).toBeLessThanOrEqual(memoryOf(a));
                expect(Math.sign(cpuOf(a) - cpuOf(b))).toBe(Math.sign(a.cpu - b.cpu));
                expect(memoryOf(a)).toBeGreaterThan(0);
                expect(memoryOf(a)).toBeLessThan(a.memoryGib * 2 ** 30);
            }),
        );
    });

    test("is in the table for as many pods as CNI overlay has", () => {
        for (const { allocatable, ...machine } of Object.values(azure.machines)) {
            expect(machine.maxPods).toBe(250);
            expect(allocatable).toEqual(azure.allocatableOf(machine));
        }
    });

    /** The node that articles/aks/best-practices-app-cluster-reliability.md shows: 129886128Ki, of which pods have 119703055367. */
    test("of its disk is what a real node says, within one gibibyte", () => {
        const { storage } = azure.nodeAmounts(azure.machines.Standard_D8ds_v6, 129_886_128 / 2 ** 20);
        expect(119_703_055_367 - bytes(storage)).toBeGreaterThanOrEqual(0);
        expect(119_703_055_367 - bytes(storage)).toBeLessThan(2 ** 30);
    });
});
