import { scratchLabel } from "../../policy/rules/data/storageEncryption";
import { anotherGraph } from "./anotherGraph";
import type { Graph, KubernetesObject } from "./graph";
import { parsed, settingsOf, settingsWith } from "./stack";

/** What the issue asks of volumes, by stack: how their driver is told of the key, whether they outlive their claims. */
const stacks = [
    {
        stack: "prod-aws",
        driver: "ebs.csi.aws.com",
        names: ["cold", "fast", "scratch", "standard"],
        key: { encrypted: "true", kmsKeyId: "[arn of keys-key]" },
        policy: "Retain",
    },
    {
        stack: "staging",
        driver: "ebs.csi.aws.com",
        names: ["cold", "fast", "scratch", "standard"],
        key: { encrypted: "true", kmsKeyId: "[arn of keys-key]" },
        policy: "Delete",
    },
    {
        stack: "prod-azure",
        driver: "disk.csi.azure.com",
        names: ["tars-cold", "tars-fast", "tars-scratch", "tars-standard"],
        // Where a class says nothing, AKS encrypts with the set of the cluster.
        key: {},
        policy: "Retain",
    },
];

describe.each(stacks)("volumes of $stack", ({ stack, driver, names, key, policy }) => {
    let graph: Graph;
    let classes: readonly KubernetesObject[];
    let snapshots: KubernetesObject;
    beforeAll(async () => {
        graph = await anotherGraph(stack);
        classes = graph.of("StorageClass");
        const [found, ...others] = graph.objects.filter(({ inputs }) => inputs.kind === "VolumeSnapshotClass");
        if (found === undefined || others.length > 0) throw new Error(`${others.length + 1} classes of snapshots`);
        snapshots = found;
    });

    test("are of four classes, one for copies that go with their claims everywhere, each encrypted with the platform's key, made where their pod runs, and able to grow", () => {
        expect(classes.map(({ inputs }) => inputs.metadata.name).sort()).toEqual(names);
        for (const { inputs } of classes) {
            expect(inputs).toMatchObject({
                provisioner: driver,
                volumeBindingMode: "WaitForFirstConsumer",
                allowVolumeExpansion: true,
                reclaimPolicy: inputs.metadata.name.endsWith("scratch") ? "Delete" : policy,
            });
            expect(inputs.metadata.labels?.[scratchLabel] === "scratch").toBe(inputs.metadata.name.endsWith("scratch"));
            expect(inputs.parameters).toMatchObject(key);
        }
    });

    test("are copied by the same driver; a copy outlives what asked for it exactly where a volume does", () => {
        expect(snapshots.inputs).toMatchObject({
            apiVersion: "snapshot.storage.k8s.io/v1",
            metadata: {
                name: "tars-snapshots",
                annotations: { "snapshot.storage.kubernetes.io/is-default-class": "true" },
            },
            driver,
            deletionPolicy: policy,
        });
    });

    test("have copies that say whose they are", () => {
        const { owner, costCentre } = Object(settingsOf(stack).ownership);
        const parameters = JSON.stringify(snapshots.inputs.parameters);
        expect(parameters).toContain(`owner=${owner}`);
        expect(parameters).toContain(`cost-centre=${costCentre}`);
    });

    test("wait for what brings the kinds of copies", () => {
        const bringers = graph.all.filter(
            ({ type, inputs }) =>
                Object(inputs).addonName === "snapshot-controller" ||
                (type.endsWith(":ManagedCluster") && Object(inputs).storageProfile?.snapshotController?.enabled),
        );
        expect(bringers).toHaveLength(1);
        for (const bringer of bringers) expect(graph.waitsFor(snapshots, bringer)).toBe(true);
    });
});

test("on AWS the driver comes after the controller of copies, without which it makes none", async () => {
    const graph = await anotherGraph("staging");
    const addon = (name: string) => {
        const found = graph.all.find(({ inputs }) => Object(inputs).addonName === name);
        if (found === undefined) throw new Error(`no add-on ${name}`);
        return found;
    };
    const controller = addon("snapshot-controller");
    expect(graph.waitsFor(addon("aws-ebs-csi-driver"), controller)).toBe(true);
    expect(Object(controller.inputs)).toMatchObject({ addonVersion: "v8.6.0-eksbuild.8" });
});

test("a given cluster's class of copies is the one that its owner names, or none", () => {
    expect(() => parsed(settingsWith("dev", "cluster.snapshotClass", "csi-snapshots"))).not.toThrow();
    expect(() => parsed(settingsWith("dev", "cluster.snapshotClass", "CSI snapshots"))).toThrow(
        "cluster.snapshotClass: must be",
    );
});
