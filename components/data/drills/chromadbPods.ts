import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import { backupProgramSize, chromadbJobs, type ServiceBackup } from "../../foundation/dataBackups";
import { imageReference } from "../../foundation/imageSources";
import type { StoredSize } from "../../foundation/workloads";
import { type ImageFacts, images } from "../../kubernetes/images";
import type { Placement } from "../../kubernetes/placement";
import { containerResources, hardenedContainer, hardenedPod, runAs } from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import { scriptsPath } from "./scripts";

export type Plan = Extract<ServiceBackup, { kind: "store" }>;

export interface ChromadbPodsPlan {
    readonly placement: Placement;
    readonly plan: Plan;
    /** ConfigMap with the programs. */
    readonly scripts: pulumi.Input<string>;
    /** Where backups go, as programs are told. */
    readonly target: readonly core.v1.EnvVar[];
    /** Where ChromaDB answers. */
    readonly serviceUrl: string;
    /** What ChromaDB has, and so what the drill's own has. */
    readonly size: StoredSize;
}

const scratchPort = images.chromadb.ports.http;

/** Reads ChromaDB and writes to the store. */
export function planBackupPod(args: ChromadbPodsPlan): core.v1.PodSpec {
    const environment = { SERVICE_URL: args.serviceUrl, KEEP_DAYS: `${args.plan.keepDays}` };
    return planPod(args, { name: chromadbJobs.backup, program: "backup.py", environment });
}

/**
 * Reads the store, and writes to a server in its own pod that nobody else reaches. It has a volume as large as ChromaDB's, which goes when the pod does. The
 * server starts before the program and ends after it.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/pods/sidecar-containers/
 */
export function planDrillPod(args: ChromadbPodsPlan): core.v1.PodSpec {
    const environment = { SCRATCH_URL: `http://127.0.0.1:${scratchPort}`, RPO_HOURS: `${args.plan.rpoHours}` };
    const pod = planPod(args, { name: chromadbJobs.drill, program: "drill.py", environment });
    const paths = images.chromadb.writablePaths.map(({ path, medium }) => ({ path, medium, name: nameOf(path) }));
    const volumes = paths.map(({ name, medium }) =>
        medium === "disk"
            ? { name, ephemeral: { volumeClaimTemplate: planClaim(args) } }
            : { name, emptyDir: { medium: "Memory", sizeLimit: "64Mi" } },
    );
    return {
        ...pod,
        initContainers: [planScratchServer(args, paths)],
        volumes: [...(pod.volumes as core.v1.Volume[]), ...volumes],
    };
}

interface Program {
    readonly name: string;
    readonly program: string;
    readonly environment: Readonly<Record<string, string>>;
}

function planPod({ placement, target, scripts }: ChromadbPodsPlan, { name, program, environment }: Program) {
    const { nodes } = placement.cluster;
    const { uid } = images.python;
    return {
        serviceAccountName: name,
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        restartPolicy: "Never",
        priorityClassName: priorityClassName("batch"),
        securityContext: hardenedPod(uid),
        nodeSelector: nodes.general.labels,
        tolerations: [...nodes.general.tolerations],
        terminationGracePeriodSeconds: 30,
        containers: [
            {
                name,
                image: imageReference(images.python, placement.imageSources),
                command: ["python3", `${scriptsPath}/${program}`],
                env: [
                    ...environmentOf(images.python),
                    ...target,
                    ...Object.entries(environment).map(([name, value]) => ({ name, value })),
                ],
                resources: containerResources(backupProgramSize),
                securityContext: { ...runAs(uid), ...hardenedContainer },
                volumeMounts: [{ name: "scripts", mountPath: scriptsPath, readOnly: true }],
            },
        ],
        volumes: [{ name: "scripts", configMap: { name: scripts, defaultMode: 0o444 } }],
    };
}

function planScratchServer(
    { placement, size }: ChromadbPodsPlan,
    paths: readonly { readonly path: string; readonly name: string }[],
): core.v1.Container {
    const { uid, gid } = images.chromadb;
    return {
        name: "scratch",
        image: imageReference(images.chromadb, placement.imageSources),
        restartPolicy: "Always",
        // It takes no call but from its own pod: rust/frontend/src/config.rs at 1.5.3 (listen_address).
        env: [...environmentOf(images.chromadb), { name: "CHROMA_LISTEN_ADDRESS", value: "127.0.0.1" }],
        resources: containerResources(size),
        securityContext: { ...runAs(uid), runAsGroup: gid, ...hardenedContainer },
        volumeMounts: paths.map(({ path, name }) => ({ name, mountPath: path })),
    };
}

/** Not in the cluster's own backup: it is there for minutes, and holds what is kept elsewhere. */
function planClaim({ placement, size }: ChromadbPodsPlan) {
    return {
        metadata: { labels: { "velero.io/exclude-from-backup": "true" } },
        spec: {
            accessModes: ["ReadWriteOnce"],
            storageClassName: placement.cluster.storageClasses.standard,
            resources: { requests: { storage: size.storage } },
        },
    };
}

function environmentOf({ env = {} }: ImageFacts): core.v1.EnvVar[] {
    return Object.entries(env).map(([name, value]) => ({ name, value }));
}

/** `/chroma/chroma` becomes `chroma-chroma`. */
function nameOf(path: string): string {
    return path.slice(1).replaceAll("/", "-");
}
