import { z } from "zod";
import { usualPluginFolders } from "../../foundation/pluginFolders";
import { bytes, count, cpu, distinct, dnsLabel, ipRange, labelValue } from "../../settings/fields";
import { protection } from "../common/settings";
import { teamAccess } from "../common/teams";
import { vaultSettings } from "./secretStore";

/** The Gateway API takes eight, and the platform has one of its own. @see https://gateway-api.sigs.k8s.io/reference/spec/#gatewayinfrastructure */
const mostAnnotations = 7;

const labelKey = z.string().regex(/^([a-z0-9.-]+\/)?[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/, {
    error: "must be a label key, such as node-type or example.com/node-type",
});

const nodeShape = {
    count: count(1, 5000).meta({ description: "nodes of this role", examples: [3] }),
    cpu: cpu().meta({ description: "allocatable cores of one node", examples: ["7910m"] }),
    memory: bytes().meta({ description: "allocatable memory of one node", examples: ["28Gi"] }),
    storage: bytes().meta({ description: "allocatable ephemeral storage of one node", examples: ["90Gi"] }),
    pods: count(1, 250)
        .default(110)
        .meta({ description: "allocatable pods of one node; 110 is the kubelet's own default", examples: [110] }),
    labels: z
        .record(labelKey, labelValue())
        .default({})
        .meta({ description: "labels that tell nodes of this role from others" }),
};

const generalNodes = z.strictObject(nodeShape).meta({ description: "nodes that take any pod" });

const gpuNodes = z
    .strictObject({
        ...nodeShape,
        gpus: count(1, 16).meta({ description: "NVIDIA GPUs of one node", examples: [1] }),
        taint: labelKey.optional().meta({
            description: "key of the NoSchedule taint that keeps other pods away",
            examples: ["nvidia.com/gpu"],
        }),
    })
    .meta({ description: "nodes with GPUs; leave out when there are none, then inference runs on CPUs" });

const entrance = z
    .strictObject({
        annotations: z
            .record(labelKey, z.string().max(4096))
            .refine((given) => Object.keys(given).length <= mostAnnotations, {
                error: `must be at most ${mostAnnotations} annotations`,
            })
            .default({})
            .meta({
                description: "annotations by which the cluster's load balancers are told what to be",
                examples: [{ "metallb.io/address-pool": "internal" }],
            }),
        externalTrafficPolicy: z
            .enum(["Local", "Cluster"])
            .default("Local")
            .meta({
                description: "Cluster where load balancers keep the address of callers by themselves",
                examples: ["Local"],
            }),
        clientAddress: z
            .enum(["preserved", "proxyProtocol"])
            .default("preserved")
            .meta({
                description: "proxyProtocol where the load balancer writes the caller's address before a connection",
                examples: ["preserved"],
            }),
        trustedHops: count(0, 10)
            .default(0)
            .meta({ description: "proxies before the gateway that add to X-Forwarded-For", examples: [1] }),
    })
    .prefault({})
    .meta({ description: "how callers from outside come to the gateway" });

const storageClass = (purpose: string) =>
    dnsLabel()
        .default("standard")
        .meta({ description: `storage class for ${purpose}`, examples: ["standard", "gp2", "ssd"] });

/** Names that begin so are the API server's own, and everybody's: system:authenticated, system:masters. */
const group = z.string().regex(/^(?!system:)\S(.*\S)?$/, {
    error: "must be the name of a group, none of Kubernetes' own (system:...)",
});
const nodeFolder = (usual: string, what: string) =>
    z
        .string()
        .regex(/^(\/[A-Za-z0-9_.-]+)+$/, { error: "must be the path of a folder on the node, from its root" })
        .default(usual)
        .meta({ description: `folder of the nodes with the ${what}`, examples: [usual] });

/** What a stack says about the cluster that it is put on. */
export const clusterSettings = z
    .strictObject({
        kind: z.literal("kubeconfig").meta({ description: "how the cluster is reached", examples: ["kubeconfig"] }),
        context: z
            .string()
            .min(1)
            .optional()
            .meta({ description: "kubeconfig context; without it the current one", examples: ["internal-dev"] }),
        identity: z
            .guid()
            .optional()
            .meta({
                description: "UID of the cluster's kube-system namespace; without it the first update records it",
                examples: ["6f1c1a0e-9d3b-4a52-8a37-1f2a3b4c5d6e"],
            }),
        nodes: z
            .strictObject({ general: generalNodes, gpu: gpuNodes.optional() })
            .meta({ description: "the cluster's nodes, by role" }),
        storageClasses: z
            .strictObject({
                fast: storageClass("databases"),
                standard: storageClass("ordinary volumes"),
                cold: storageClass("what is seldom read"),
            })
            .prefault({})
            .meta({ description: "the cluster's storage classes, by meaning" }),
        snapshotClass: dnsLabel()
            .optional()
            .meta({
                description: "the cluster's class of volume snapshots; without it volumes are not copied",
                examples: ["csi-snapshots"],
            }),
        entrance,
        apiRanges: distinct(ipRange())
            .min(1)
            .default(["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"])
            .meta({
                description: "ranges in which pods reach the API server; every private address where nothing is said",
                examples: [["10.96.0.1/32", "192.168.10.0/28"]],
            }),
        protection: protection("data"),
        access: teamAccess(group, "oidc:tars-developers"),
        secretStore: vaultSettings.optional(),
        pluginFolders: z
            .strictObject({
                configuration: nodeFolder(usualPluginFolders.configuration, "configuration of network plugins"),
                programs: nodeFolder(usualPluginFolders.programs, "programs of network plugins"),
                networks: nodeFolder(usualPluginFolders.networks, "networks of the node's pods"),
            })
            .prefault({})
            .meta({
                description:
                    "where nodes keep their network plugins; k3s, MicroK8s and others have places of their own, see docs/mesh.md",
            }),
        monitoringNamespace: dnsLabel()
            .default("monitoring")
            .meta({ description: "namespace that metrics are scraped from", examples: ["monitoring"] }),
    })
    .meta({ description: "the existing cluster" });

export type ClusterSettings = z.output<typeof clusterSettings>;
