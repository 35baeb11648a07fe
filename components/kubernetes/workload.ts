import { Deployment, type DeploymentArgs, StatefulSet, type StatefulSetArgs } from "@pulumi/kubernetes/apps/v1";
import { Service, ServiceAccount } from "@pulumi/kubernetes/core/v1";
import { PodDisruptionBudget } from "@pulumi/kubernetes/policy/v1";
import type { core, meta } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { NodePool, WorkloadIdentity } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import type { ImageSources } from "../foundation/imageSources";
import { type Labels, labelsOf, selectorOf } from "../foundation/labels";
import { waypoint } from "../foundation/mesh";
import type { Bytes } from "../foundation/quantities";
import type { Size } from "../foundation/workloads";
import { hasWaypoint } from "./accessPaths";
import { createAutoscaler } from "./autoscaling";
import { createAccount } from "./identities";
import type { ImageFacts, ImageProbe } from "./images";
import type { Placement } from "./placement";
import { claimName, planPodTemplate, type SecretKey } from "./pod";
import type { Priority } from "./priorities";

/** What happens to a pod's data when the pod is replaced, and who decides how many pods there are. */
export type WorkloadKind =
    /** Keeps nothing; a fixed number of pods. */
    | { readonly kind: "stateless" }
    /** Keeps nothing; a fixed number of pods, each of which the others call by its own name (`peersOf`). */
    | { readonly kind: "named" }
    /** Keeps nothing; a pod is added when the pods use more than this share of the cpu that they request. */
    | { readonly kind: "autoscaled"; readonly targetCpuPercent: number }
    /** Every pod keeps a volume of its own, mounted at one of the image's writable paths. */
    | {
          readonly kind: "stateful";
          readonly path: string;
          readonly storage: Bytes;
          readonly storageClass: pulumi.Input<string>;
          /**
           * Whether the pods know each other by name (`peersOf`). They are then started all at once: each waits for the others, whichever comes
           * first.
           * @default undefined - they do not
           */
          readonly peers?: true;
      };

export interface WorkloadArgs {
    readonly placement: Placement;
    /** Name of its objects, and of the label that its pods are found by. */
    readonly name: string;
    /** Role in the architecture: `database`, `cache`. */
    readonly component: string;
    readonly kind: WorkloadKind;
    readonly priority: Priority;
    readonly image: ImageFacts;
    readonly size: Size;
    /** @default - the cluster's general nodes */
    readonly nodes?: NodePool;
    /** Nodes that its pods would rather be on. @default undefined - none */
    readonly rather?: NodePool | undefined;
    /** Topologies (labels of nodes) over which its pods must be spread. @default [] - over zones and nodes as far as there is room */
    readonly mustSpread?: readonly string[];
    /** Value of the label `app`, where something of the documents asks for another than the name. @default - the name */
    readonly app?: string;
    /** Labels of the pods beside those of all objects. @default {} */
    readonly podLabels?: Labels;
    /** Who its service account is in the cloud. @default undefined - nobody */
    readonly identity?: WorkloadIdentity | undefined;
    /** Whether somebody else makes the service account, which has the workload's name. @default false */
    readonly isAccountGiven?: boolean;
    /** Whether the program calls the Kubernetes API as its service account. @default false */
    readonly callsApi?: boolean;
    /** Extended resources a pod asks for, such as a GPU. @default {} */
    readonly devices?: Readonly<Record<string, string>>;
    /** Arguments of the image's entry point. @default [] - the image's own */
    readonly arguments?: readonly string[];
    /** Environment beside what the image row sets. @default [] */
    readonly environment?: readonly core.v1.EnvVar[];
    /** ConfigMaps and Secrets whose keys all become environment. @default [] */
    readonly environmentFrom?: readonly core.v1.EnvFromSource[];
    /** Secrets mounted as read-only folders, by path. @default {} */
    readonly secretFolders?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Single keys of Secrets, by the path of the folder that each appears in. @default {} */
    readonly secretKeys?: Readonly<Record<string, SecretKey>>;
    /** ConfigMaps mounted as read-only folders, by path. @default {} */
    readonly configFolders?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Annotations of the pods; a changed one replaces them all. @default {} */
    readonly annotations?: Readonly<Record<string, pulumi.Input<string>>>;
    /** Annotations of the object that makes the pods. @default {} */
    readonly ownAnnotations?: Readonly<Record<string, string>>;
    /** Answers once a pod can take work. @default - the image's probe */
    readonly readiness?: ImageProbe;
    /** Command run in the container right after it starts. @default [] - none */
    readonly afterStart?: readonly string[];
    /** Seconds that the program may take before it first answers. @default 60 */
    readonly startupSeconds?: number;
    /** Seconds that the program may take to finish when told to stop. @default 25 - with the drain of 5, Kubernetes' own 30 */
    readonly stopSeconds?: number;
}

/** How long the engine waits for the pods of a workload to be ready (requirements/001, step 4: `--timeout=300s`). */
const readyTimeouts: pulumi.CustomTimeouts = { create: "300s", update: "300s" };

/** Pods that run one image, the service that other pods reach them by, and what protects them while nodes come and go. */
export class Workload extends TarsComponent {
    /** Name of the service: other pods in the namespace reach it by this. */
    readonly serviceName: pulumi.Output<string>;

    constructor(name: string, args: WorkloadArgs, opts?: pulumi.ComponentResourceOptions) {
        super("kubernetes", "Workload", name, opts);
        const child = { parent: this, provider: args.placement.cluster.provider };
        const workload = resolve(args);
        const before = [...createServiceAccount(name, workload, child), ...createPeers(name, workload, child)];
        const pods = createPods(name, workload, { ...child, dependsOn: before });
        createDisruptionBudget(name, workload, child);
        const service = createService(name, workload, { ...child, dependsOn: [pods] });
        this.serviceName = service.metadata.name;
        this.registerOutputs({ serviceName: this.serviceName });
    }
}

type ResolvedWorkload = Required<WorkloadArgs> & { readonly labels: Labels; readonly imageSources: ImageSources };

function resolve(args: WorkloadArgs): ResolvedWorkload {
    const part = { name: args.name, component: args.component, version: args.image.tag };
    return {
        nodes: args.placement.cluster.nodes.general,
        rather: undefined,
        mustSpread: [],
        app: args.name,
        identity: undefined,
        isAccountGiven: false,
        callsApi: false,
        devices: {},
        arguments: [],
        environment: [],
        environmentFrom: [],
        secretFolders: {},
        secretKeys: {},
        configFolders: {},
        annotations: {},
        ownAnnotations: {},
        readiness: args.image.probe,
        afterStart: [],
        startupSeconds: 60,
        stopSeconds: 25,
        ...args,
        podLabels: { ...args.podLabels, ...args.identity?.podLabels },
        labels: { ...labelsOf(part, args.placement.ownership), app: args.app ?? args.name },
        imageSources: args.placement.imageSources,
    };
}

function metadataOf({ name, placement, labels }: ResolvedWorkload) {
    return { name, namespace: placement.namespace, labels };
}

/** An empty map is never in the live object. */
function annotated(workload: ResolvedWorkload): meta.v1.ObjectMeta {
    const { ownAnnotations: annotations } = workload;
    return { ...metadataOf(workload), ...(Object.keys(annotations).length === 0 ? {} : { annotations }) };
}

/** An identity of its own, so that rights can be given to it alone; its token is mounted nowhere. */
function createServiceAccount(
    name: string,
    workload: ResolvedWorkload,
    child: ChildOptions,
): readonly ServiceAccount[] {
    const { identity } = workload;
    if (workload.isAccountGiven) return [];
    if (identity !== undefined) return [createAccount(name, { ...metadataOf(workload), identity }, child)];
    const args = { metadata: metadataOf(workload), automountServiceAccountToken: false };
    return [new ServiceAccount(`${name}-account`, args, child)];
}

/** Name of the service by which pods of a workload know each other: `NAME-0.` before it is the first. */
export function peersOf(name: string): string {
    return `${name}-headless`;
}

/** Before the pods, which find each other by it while none of them is ready yet. */
function createPeers(name: string, workload: ResolvedWorkload, child: ChildOptions): readonly Service[] {
    if (!hasPeers(workload.kind)) return [];
    const metadata = { ...metadataOf(workload), name: peersOf(workload.name) };
    const spec = { ...planService(workload), clusterIP: "None", publishNotReadyAddresses: true };
    // The engine waits for pods behind a service, and these come later.
    const noWait = { ...metadata, annotations: { "pulumi.com/skipAwait": "true" } };
    return [new Service(`${name}-peers`, { metadata: noWait, spec }, child)];
}

function hasPeers(kind: WorkloadKind): boolean {
    return kind.kind === "named" || (kind.kind === "stateful" && kind.peers === true);
}

function createPods(name: string, workload: ResolvedWorkload, child: ChildOptions): pulumi.Resource {
    const options = { ...child, customTimeouts: readyTimeouts };
    const { kind } = workload;
    switch (kind.kind) {
        case "stateless":
            return new Deployment(name, planDeployment(workload, { replicas: workload.size.replicas.min }), options);
        case "autoscaled": {
            // No replicas here: the autoscaler owns the number, and a second owner would undo its work at every update.
            const deployment = new Deployment(name, planDeployment(workload, {}), options);
            const after = { ...child, dependsOn: [deployment] };
            createAutoscaler(name, { target: metadataOf(workload), size: workload.size, ...kind }, after);
            return deployment;
        }
        case "named":
            return new StatefulSet(name, planNamed(workload), options);
        case "stateful":
            return new StatefulSet(name, planStatefulSet(workload, kind), options);
    }
}

function planDeployment(workload: ResolvedWorkload, scale: { replicas?: number }): DeploymentArgs {
    return {
        metadata: annotated(workload),
        spec: {
            ...scale,
            selector: { matchLabels: selectorOf(workload.name) },
            strategy: {
                type: "RollingUpdate",
                rollingUpdate: { maxSurge: workload.size.surge, maxUnavailable: 0 },
            },
            template: planPodTemplate({ ...workload, claimPath: undefined }),
        },
    };
}

/** Pods with names, which keep nothing. */
function planNamed(workload: ResolvedWorkload) {
    return {
        metadata: annotated(workload),
        spec: {
            serviceName: hasPeers(workload.kind) ? peersOf(workload.name) : workload.name,
            ...(hasPeers(workload.kind) && { podManagementPolicy: "Parallel" }),
            replicas: workload.size.replicas.min,
            selector: { matchLabels: selectorOf(workload.name) },
            template: planPodTemplate({ ...workload, claimPath: undefined }),
        },
    } satisfies StatefulSetArgs;
}

function planStatefulSet(
    workload: ResolvedWorkload,
    { path, storage, storageClass }: Extract<WorkloadKind, { kind: "stateful" }>,
): StatefulSetArgs {
    const { metadata, spec } = planNamed(workload);
    return {
        metadata,
        spec: {
            ...spec,
            template: planPodTemplate({ ...workload, claimPath: path }),
            volumeClaimTemplates: [
                {
                    metadata: { name: claimName, labels: workload.labels },
                    spec: {
                        accessModes: ["ReadWriteOnce"],
                        storageClassName: storageClass,
                        resources: { requests: { storage } },
                    },
                },
            ],
            // Data outlives both a smaller replica count and the StatefulSet itself: deleting it is a decision of its own.
            persistentVolumeClaimRetentionPolicy: { whenDeleted: "Retain", whenScaled: "Retain" },
        },
    };
}

/** One pod at a time may be taken away on purpose: a budget of none would block every node upgrade. */
function createDisruptionBudget(name: string, workload: ResolvedWorkload, child: ChildOptions): void {
    const spec = { maxUnavailable: 1, selector: { matchLabels: selectorOf(workload.name) } };
    new PodDisruptionBudget(`${name}-disruption`, { metadata: metadataOf(workload), spec }, child);
}

/** Made after the pods: the engine waits until a service has endpoints, so one that comes first would wait for its own successor. */
function createService(name: string, workload: ResolvedWorkload, child: ChildOptions): Service {
    const { placement, labels } = workload;
    const passes = placement.mesh === "ambient" && hasWaypoint(workload.name);
    const metadata = { ...metadataOf(workload), labels: { ...labels, ...(passes ? throughWaypoint : {}) } };
    return new Service(`${name}-service`, { metadata, spec: { type: "ClusterIP", ...planService(workload) } }, child);
}

function planService(workload: ResolvedWorkload) {
    const ports = Object.entries(workload.image.ports).map(([port, number]) => ({
        name: port,
        port: number,
        targetPort: port,
        // Said, not guessed from the first bytes: https://istio.io/latest/docs/ops/configuration/traffic-management/protocol-selection/
        appProtocol: port === "http" ? "http" : "tcp",
    }));
    return { selector: selectorOf(workload.name), ports };
}

/** @see https://istio.io/latest/docs/ambient/usage/waypoint/ */
const throughWaypoint = {
    "istio.io/use-waypoint": waypoint.name,
    "istio.io/use-waypoint-namespace": waypoint.namespace,
} as const;
