import type { core } from "@pulumi/kubernetes/types/input";
import type * as pulumi from "@pulumi/pulumi";
import type { NodePool } from "../cloud/contract";
import { type ImageSources, imageReference } from "../foundation/imageSources";
import { type Labels, selectorOf } from "../foundation/labels";
import type { Size } from "../foundation/workloads";
import type { ImageFacts, ImageProbe, WritablePath } from "./images";
import { containerResources, hardenedContainer, runtimeDefault, spreadOf } from "./podParts";
import { type Priority, priorityClassName } from "./priorities";

/** One value of a Secret whose others are not for whoever reads it. */
export interface SecretKey {
    readonly secret: pulumi.Input<string>;
    readonly key: string;
}

/** What makes the pods of one workload different from all others; everything else is the same hardened pod. */
export interface PodPlan {
    readonly name: string;
    readonly labels: Labels;
    /** Labels of the pods beside those of all objects of the workload. @default {} */
    readonly podLabels?: Labels;
    readonly image: ImageFacts;
    readonly imageSources: ImageSources;
    readonly priority: Priority;
    readonly size: Size;
    readonly nodes: NodePool;
    /** Nodes that it would rather be on; `nodes` take what these have no room for. @default undefined - none */
    readonly rather?: NodePool | undefined;
    /** Topologies (labels of nodes) over which the pods must be spread. @default [] - over zones and nodes as far as there is room */
    readonly mustSpread?: readonly string[];
    /** Extended resources, such as a GPU: what is requested is also the limit. */
    readonly devices: Readonly<Record<string, string>>;
    readonly arguments: readonly string[];
    readonly environment: readonly core.v1.EnvVar[];
    readonly environmentFrom: readonly core.v1.EnvFromSource[];
    /** Secrets mounted as read-only folders, by the path they appear at. */
    readonly secretFolders: Readonly<Record<string, pulumi.Input<string>>>;
    /** ConfigMaps mounted as read-only folders, by the path they appear at. */
    readonly configFolders: Readonly<Record<string, pulumi.Input<string>>>;
    /** Single keys of Secrets, mounted read-only under their own names, by the path of the folder that each appears in. */
    readonly secretKeys: Readonly<Record<string, SecretKey>>;
    readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;
    /** The writable path that the pod's own volume claim is mounted at; undefined when the pod keeps nothing. */
    readonly claimPath: string | undefined;
    /** Answers once the pod can take work. */
    readonly readiness: ImageProbe;
    /** Command run in the container right after it starts; the pod serves nobody before it has ended. Empty for none. */
    readonly afterStart: readonly string[];
    /** Seconds that the program may take before it first answers. */
    readonly startupSeconds: number;
    /** Seconds that the program may take to finish its work when it is told to stop. */
    readonly stopSeconds: number;
    /** True for a program that calls the Kubernetes API as its service account. */
    readonly callsApi: boolean;
}

/** Name of the volume that a claim template and the mount of `claimPath` share. */
export const claimName = "storage";

/**
 * Seconds between "no new connections" and the stop signal: load balancers and kube-proxies learn of a leaving pod later
 * than the pod does (https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#pod-termination).
 */
const drainSeconds = 5;

/** Where programs look for the token of their service account. */
const tokenPath = "/var/run/secrets/kubernetes.io/serviceaccount";
const tokenName = "kube-api-access";

/** Where a container that calls the Kubernetes API has the volume of `planToken`. */
export const tokenMount = { name: tokenName, mountPath: tokenPath, readOnly: true } as const;

/** Memory that one memory-backed scratch path may take: sockets, locks and small files (`WritablePath.medium`). */
const memoryScratch = "64Mi";

/** The pod template of a workload: passes Pod Security `restricted` and needs no right in the cluster. */
export function planPodTemplate(plan: PodPlan): core.v1.PodTemplateSpec {
    return {
        metadata: { labels: { ...plan.labels, ...plan.podLabels }, annotations: plan.annotations },
        spec: {
            serviceAccountName: plan.name,
            automountServiceAccountToken: false,
            // Service links would set variables such as REDIS_PORT=tcp://..., which programs read as their own settings.
            enableServiceLinks: false,
            priorityClassName: priorityClassName(plan.priority),
            securityContext: planPodSecurity(plan.image),
            ...planNodes(plan),
            topologySpreadConstraints: spreadOf(selectorOf(plan.name), plan.mustSpread),
            terminationGracePeriodSeconds: drainSeconds + plan.stopSeconds,
            containers: [planContainer(plan)],
            volumes: planVolumes(plan),
        },
    };
}

/** Onto the nodes of one role, or onto those of either, of which the scheduler prefers one as much as it can. */
function planNodes({ nodes, rather }: PodPlan): Partial<core.v1.PodSpec> {
    if (rather === undefined) return { nodeSelector: nodes.labels, tolerations: [...nodes.tolerations] };
    return {
        tolerations: [...nodes.tolerations, ...rather.tolerations],
        affinity: {
            nodeAffinity: {
                requiredDuringSchedulingIgnoredDuringExecution: {
                    nodeSelectorTerms: [rather, nodes].map(planTerm),
                },
                preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 100, preference: planTerm(rather) }],
            },
        },
    };
}

function planTerm({ labels }: NodePool): core.v1.NodeSelectorTerm {
    return {
        matchExpressions: Object.entries(labels).map(([key, value]) => ({ key, operator: "In", values: [value] })),
    };
}

function planPodSecurity({ uid, gid }: ImageFacts): core.v1.PodSecurityContext {
    return {
        runAsNonRoot: true,
        runAsUser: uid,
        runAsGroup: gid,
        fsGroup: gid,
        fsGroupChangePolicy: "OnRootMismatch",
        seccompProfile: runtimeDefault,
    };
}

function planContainer(plan: PodPlan): core.v1.Container {
    const { image } = plan;
    return {
        name: plan.name,
        image: imageReference(image, plan.imageSources),
        args: [...plan.arguments],
        env: [...Object.entries(image.env ?? {}).map(([name, value]) => ({ name, value })), ...plan.environment],
        envFrom: [...plan.environmentFrom],
        ports: Object.entries(image.ports).map(([name, containerPort]) => ({ name, containerPort })),
        resources: planResources(plan),
        securityContext: hardenedContainer,
        lifecycle: planLifecycle(plan),
        ...planProbes(plan),
        volumeMounts: planMounts(plan),
    };
}

function planLifecycle({ afterStart }: PodPlan): core.v1.Lifecycle {
    const preStop = { sleep: { seconds: drainSeconds } };
    return afterStart.length === 0 ? { preStop } : { postStart: { exec: { command: [...afterStart] } }, preStop };
}

function planResources({ size, devices }: PodPlan): core.v1.ResourceRequirements {
    const { requests, limits } = containerResources(size);
    return { requests: { ...requests, ...devices }, limits: { ...limits, ...devices } };
}

/** Startup gives a slow program its time; readiness takes a busy pod out of service soon, liveness restarts a dead one late. */
function planProbes({ image, readiness, startupSeconds }: PodPlan): Partial<core.v1.Container> {
    const alive = planProbe(image.probe);
    const ready = planProbe(readiness);
    return {
        startupProbe: {
            ...alive,
            periodSeconds: 2,
            timeoutSeconds: 2,
            failureThreshold: Math.ceil(startupSeconds / 2),
        },
        readinessProbe: { ...ready, periodSeconds: 5, timeoutSeconds: 3, failureThreshold: 3 },
        livenessProbe: { ...alive, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 6 },
    };
}

function planProbe(probe: ImageProbe): core.v1.Probe {
    switch (probe.kind) {
        case "http":
            return { httpGet: { path: probe.path, port: probe.port, ...(probe.scheme && { scheme: probe.scheme }) } };
        case "tcp":
            return { tcpSocket: { port: probe.port } };
        case "exec":
            return { exec: { command: [...probe.command] } };
    }
}

function planMounts({ image, claimPath, callsApi, ...plan }: PodPlan): core.v1.VolumeMount[] {
    const writable = image.writablePaths.map(({ path }) => ({
        name: path === claimPath ? claimName : volumeName(path),
        mountPath: path,
    }));
    const folders = [plan.secretFolders, plan.secretKeys, plan.configFolders].flatMap(Object.keys).map((path) => ({
        name: volumeName(path),
        mountPath: path,
        readOnly: true,
    }));
    const token = callsApi ? [tokenMount] : [];
    return [...writable, ...folders, ...token];
}

function planVolumes({
    image,
    size,
    claimPath,
    secretFolders,
    secretKeys,
    configFolders,
    callsApi,
}: PodPlan): core.v1.Volume[] {
    const scratch = image.writablePaths
        .filter(({ path }) => path !== claimPath)
        .map((writable) => ({ name: volumeName(writable.path), emptyDir: planScratch(writable, size) }));
    const secrets = Object.entries(secretFolders).map(([path, secretName]) => ({
        name: volumeName(path),
        secret: { secretName, defaultMode: 0o440 },
    }));
    const keys = Object.entries(secretKeys).map(([path, { secret: secretName, key }]) => ({
        name: volumeName(path),
        secret: { secretName, items: [{ key, path: key }], defaultMode: 0o440 },
    }));
    const configs = Object.entries(configFolders).map(([path, name]) => ({
        name: volumeName(path),
        configMap: { name, defaultMode: 0o440 },
    }));
    return [...scratch, ...secrets, ...keys, ...configs, ...(callsApi ? [planToken()] : [])];
}

/**
 * What Kubernetes would mount by itself, said here: a token that ends after an hour and is renewed, the cluster's authority and the namespace.
 * Its own 3607 seconds are a sign by which the API server may make the token last a year (`--service-account-extend-token-expiration`).
 * Without an audience it is for the API server, whose own differs from cloud to cloud.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/#bound-service-account-tokens
 */
export function planToken(): core.v1.Volume {
    const namespace = { path: "namespace", fieldRef: { apiVersion: "v1", fieldPath: "metadata.namespace" } };
    const sources = [
        { serviceAccountToken: { path: "token", expirationSeconds: 3600 } },
        { configMap: { name: "kube-root-ca.crt", items: [{ key: "ca.crt", path: "ca.crt" }] } },
        { downwardAPI: { items: [namespace] } },
    ];
    return { name: tokenName, projected: { sources, defaultMode: 0o440 } };
}

function planScratch({ medium }: WritablePath, { scratch }: Size): core.v1.EmptyDirVolumeSource {
    return medium === "memory" ? { medium: "Memory", sizeLimit: memoryScratch } : { sizeLimit: scratch };
}

/** `/var/log/tars` becomes `var-log-tars`. */
function volumeName(path: string): string {
    return path.slice(1).replaceAll("/", "-");
}
