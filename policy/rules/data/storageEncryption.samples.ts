import type { FailingSample, Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const storageClass = (inputs: Mapping): Sample =>
    sampleOf(kubernetesResource("storage.k8s.io/v1", "StorageClass", { metadata: { name: "fast" }, ...inputs }));
const volume = (spec: Mapping): Sample =>
    sampleOf(kubernetesResource("core/v1", "PersistentVolume", { metadata: { name: "disk" }, spec }));

const ebs = {
    provisioner: "ebs.csi.aws.com",
    parameters: { encrypted: "true", kmsKeyId: "key" },
    reclaimPolicy: "Retain",
} as const;
const azure = { provisioner: "disk.csi.azure.com", reclaimPolicy: "Retain" } as const;
const csi = { driver: "ebs.csi.aws.com", volumeHandle: "vol-1" } as const;

export const passing: readonly Sample[] = [
    storageClass(ebs),
    storageClass(azure),
    storageClass({ provisioner: "efs.csi.aws.com", reclaimPolicy: "Retain" }),
    { ...storageClass({ ...ebs, reclaimPolicy: "Delete" }), ...{ environment: "staging" } },
    storageClass({
        ...ebs,
        metadata: { name: "scratch", labels: { "tars-platform/volumes": "scratch" } },
        reclaimPolicy: "Delete",
    }),
    volume({ csi, persistentVolumeReclaimPolicy: "Retain" }),
    volume({ csi }),
];

const noKey = "names no customer-managed key";
const goes = "is Delete, so that data goes with its claim";

export const failing: readonly FailingSample[] = [
    {
        sample: storageClass({ ...ebs, parameters: { kmsKeyId: "key" } }),
        problem: "does not say true, so that volumes are not encrypted",
    },
    { sample: storageClass({ ...ebs, parameters: { encrypted: "true" } }), problem: noKey },
    { sample: storageClass({ ...ebs, parameters: { encrypted: "true", kmsKeyId: "" } }), problem: noKey },
    { sample: storageClass({ provisioner: "file.csi.azure.com", reclaimPolicy: "Retain" }), problem: noKey },
    {
        sample: storageClass({ ...ebs, provisioner: "kubernetes.io/aws-ebs" }),
        problem: "is built into Kubernetes, which has given such drivers up",
    },
    {
        sample: storageClass({ ...ebs, provisioner: "disks.example" }),
        problem: "is a driver whose encryption this rule does not know",
    },
    { sample: storageClass({ provisioner: "ebs.csi.aws.com", parameters: ebs.parameters }), problem: goes },
    { sample: storageClass({ ...ebs, reclaimPolicy: "Delete" }), problem: goes },
    { sample: volume({ csi, persistentVolumeReclaimPolicy: "Delete" }), problem: goes },
    {
        sample: volume({ awsElasticBlockStore: { volumeID: "vol-1" } }),
        problem: "is a driver built into Kubernetes, or a node's own disk",
    },
    {
        sample: volume({ hostPath: { path: "/data" } }),
        problem: "is a driver built into Kubernetes, or a node's own disk",
    },
];
