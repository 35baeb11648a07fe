import fc from "fast-check";
import { isMapping } from "../../policy/reading/value";
import type { Mapping } from "../policy/support";
import { pods } from "./podSpecs";

/** A pod as a test sends it: what stands beside its spec, and in which namespace. */
export interface SentPod {
    readonly namespace: string | undefined;
    readonly metadata: unknown;
    readonly spec: Mapping;
}

const images = [
    ...[
        "registry.k8s.io/pause:3.10",
        "redis:7",
        "docker.io/redis:7",
        "index.docker.io/library/redis:7",
        "library/redis:7",
    ],
    ...[
        "docker.io/library/redis/x:7",
        "ollama/ollama:1",
        "docker.io/ollama/ollama:latest",
        "ollama/other:1",
        "DOCKER.IO/redis:1",
    ],
    ...[
        "nginx:1",
        "registry.k8s.io/../x:1",
        "registry.k8s.io/a//b:1",
        "registry.k8s.io/./b:1",
        "registry.k8s.io/...:1",
    ],
    ...[
        "registry.k8s.io:443/a:1",
        "registry.k8s.io.example/a:1",
        "localhost:5000/redis:1",
        "localhost/redis:1",
        "REGISTRY.k8s.io/a:1",
    ],
    ...[
        "nvcr.io/nvidia/a",
        "nvcr.io/nvidia:1",
        "ghcr.io/chroma-core/chroma:1:2",
        "ghcr.io/chroma-core/chroma@sha256:1",
        "Library/redis:1",
    ],
    ...[
        `redis@sha256:${"a".repeat(64)}`,
        `redis:latest@sha256:${"0".repeat(64)}`,
        "redis:latest",
        "redis:",
        "redis:-1",
        "redis:la.test",
    ],
    ...[
        "registry.k8s.io/a:1/b:2",
        "your-registry/tars-backend:1",
        "docker.io/your-registry/tars-backend:1",
        "your-registry/other:1",
    ],
] as const;

const hostPaths = [
    ...[
        "/",
        "/run",
        "/var/run/",
        "/var/run/docker.sock",
        "//run/./containerd//containerd.sock",
        "run/crio/crio.sock",
        ".",
        "/var",
    ],
    ...[
        "/proc/1/root",
        "/proc/1/task/1/cwd/proc/self/root/run",
        "/proc/1/root/etc",
        "/proc/1/rootx/run",
        "/proc/1/root/run/docker.sock",
    ],
    ...[
        "\\\\.\\pipe\\docker_engine",
        "//./PIPE/containerd-containerd",
        "/pipe/docker_engine/x",
        "/run/containerd-shim",
        "/running",
    ],
    ...[
        "/var/lib/kubelet/device-plugins",
        "/data",
        "/run/containerd/containerd.sock.d",
        "/opt/containerd.sock",
        "/x/docker.sock/",
    ],
] as const;

const tokens = [
    ...[{ path: "t" }, { path: "t", audience: "" }, { path: "t", audience: "vault" }],
    ...[
        { path: "t", audience: "vault", expirationSeconds: 3600 },
        { path: "t", audience: "vault", expirationSeconds: 3601 },
    ],
] as const;

const more = fc.record({
    image: fc.oneof({ weight: 2, arbitrary: fc.constant(images[0]) }, fc.constantFrom(...images)),
    account: fc.oneof(
        { weight: 6, arbitrary: fc.constant("app") },
        fc.constantFrom(undefined, "default", "nvidia-device-plugin", "cluster-autoscaler"),
    ),
    namespace: fc.oneof(
        { weight: 4, arbitrary: fc.constant(undefined) },
        fc.constantFrom("gpu-resources", "cluster-autoscaler"),
    ),
    automount: fc.oneof({ weight: 4, arbitrary: fc.constant(false) }, fc.constantFrom(undefined, null, true)),
    sizeLimit: fc.oneof(
        { weight: 2, arbitrary: fc.constant("1Gi") },
        fc.constantFrom(undefined, null, "0", "0Mi", "64Mi", "1e3"),
    ),
    token: fc.constantFrom(undefined, undefined, ...tokens),
    hostPath: fc.constantFrom(...hostPaths),
    readOnly: fc.boolean(),
    volumeName: fc.constantFrom("v", "kube-api-access-x"),
});

/** The generated pods of the comparison with Pod Security, made into such that the API takes for valid wherever that leaves them bad. */
export function sentPods(): fc.Arbitrary<SentPod> {
    return fc.tuple(pods(), more).map(([{ metadata, spec }, chosen]) => {
        const volumes = listAt(spec, "volumes").map((volume, index) => completeVolume(volume, index, chosen));
        const { ephemeralContainers: _, ...rest } = JSON.parse(JSON.stringify(spec));
        const completed: Mapping = {
            ...rest,
            volumes: chosen.token === undefined ? volumes : [...volumes, tokenVolume(chosen)],
            serviceAccountName: chosen.account,
            automountServiceAccountToken: chosen.automount,
            containers: listAt(spec, "containers").map((each) => ({ image: chosen.image, ...hardened(each, chosen) })),
            initContainers: listAt(spec, "initContainers").map((each) => ({
                image: images[0],
                restartPolicy: "Always",
                ...hardened(each, chosen),
            })),
        };
        return { namespace: chosen.namespace, metadata, spec: acceptable(completed) };
    });
}

/** Pod Security, for which the pods were made, asks nobody for a read-only root file system. */
function hardened(container: Mapping, { readOnly }: More): Mapping {
    const { securityContext } = container;
    if (!readOnly || !isMapping(securityContext)) return container;
    return { ...container, securityContext: { readOnlyRootFilesystem: true, ...securityContext } };
}

type More = typeof more extends fc.Arbitrary<infer Chosen> ? Chosen : never;

function tokenVolume({ token, volumeName }: More): Mapping {
    return { name: volumeName, projected: { sources: [{ serviceAccountToken: token }] } };
}

/** What the API asks of a volume beside its type. */
const needed: Readonly<Record<string, Mapping>> = {
    configMap: { name: "c" },
    csi: { driver: "csi.example.com" },
    ephemeral: {
        volumeClaimTemplate: { spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } } },
    },
    image: { reference: "registry.k8s.io/data:1" },
    nfs: { server: "nfs.example.com", path: "/" },
    persistentVolumeClaim: { claimName: "c" },
    projected: { sources: [{ configMap: { name: "c" } }] },
    secret: { secretName: "s" },
    awsElasticBlockStore: { volumeID: "v" },
    azureDisk: { diskName: "d", diskURI: "u" },
    azureFile: { secretName: "s", shareName: "s" },
    cephfs: { monitors: ["m"] },
    cinder: { volumeID: "v" },
    fc: { targetWWNs: ["w"], lun: 1 },
    flexVolume: { driver: "a/b" },
    flocker: { datasetName: "d" },
    gcePersistentDisk: { pdName: "p" },
    glusterfs: { endpoints: "e", path: "p" },
    iscsi: { targetPortal: "p", iqn: "iqn.2001-04.com.example:a", lun: 1 },
    photonPersistentDisk: { pdID: "p" },
    portworxVolume: { volumeID: "v" },
    quobyte: { registry: "r:1", volume: "v" },
    rbd: { monitors: ["m"], image: "i" },
    scaleIO: { gateway: "g", system: "s", volumeName: "v" },
    storageos: { volumeName: "v" },
    vsphereVolume: { volumePath: "p" },
    gitRepo: { repository: "r" },
};

function completeVolume(volume: Mapping, index: number, { sizeLimit, hostPath }: More): Mapping {
    const [type = "emptyDir"] = Object.keys(volume).filter((key) => key !== "name" && volume[key] !== null);
    const source = isMapping(volume[type]) ? volume[type] : {};
    const extra = type === "emptyDir" ? { sizeLimit } : type === "hostPath" ? { path: hostPath } : needed[type];
    return { name: `v${index}`, [type]: { ...source, ...extra } };
}

function listAt(spec: object, key: string): readonly Mapping[] {
    const list: unknown = Reflect.get(spec, key);
    return Array.isArray(list) ? list.filter(isMapping) : [];
}

/** A pod without what the API refuses in it beside what the rules look at. */
export function acceptable(spec: Mapping): Mapping {
    const isWindows = isMapping(spec.os) && spec.os.name === "windows";
    const { priorityClassName: _, ...rest } = spec;
    const ofPod = isWindows ? { ...rest, securityContext: onlyWindows(spec.securityContext) } : rest;
    const context = (container: Mapping) =>
        isWindows ? onlyWindows(container.securityContext) : consistent(container.securityContext);
    const containers = (key: string) =>
        listAt(spec, key).map((each, index) => ({
            ...each,
            ...handlersOf(each),
            ports: distinctPorts(each, key.length * 100 + index * 10),
            securityContext: context(each),
        }));
    const init = containers("initContainers");
    return { ...ofPod, containers: containers("containers"), ...(init.length > 0 ? { initContainers: init } : {}) };
}

/** The API warns of ports that overlap, and has room for 4 KB of warnings in all. */
function distinctPorts(container: Mapping, first: number): readonly Mapping[] {
    return listAt(container, "ports").map(({ hostIP: _, ...port }, index) => ({
        ...port,
        containerPort: first + index,
    }));
}

/** A privileged container has every privilege: the API refuses one that says it may gain none. */
function consistent(context: unknown): unknown {
    if (!isMapping(context) || context.privileged !== true) return context;
    const { allowPrivilegeEscalation: _, ...rest } = context;
    return rest;
}

/** What the API lets a pod for Windows say. */
function onlyWindows(context: unknown): unknown {
    if (!isMapping(context)) return context;
    const { runAsNonRoot, windowsOptions } = context;
    return { runAsNonRoot, windowsOptions };
}

/** The API takes one action of a probe or hook, and none of which there is nothing to do. */
function handlersOf(container: Mapping): Mapping {
    const probes = ["livenessProbe", "readinessProbe", "startupProbe"].map((key) => [key, oneAction(container[key])]);
    const lifecycle = isMapping(container.lifecycle) ? container.lifecycle : {};
    const hooks = ["postStart", "preStop"].map((key) => [key, oneAction(lifecycle[key])]);
    return { ...Object.fromEntries(probes), lifecycle: Object.fromEntries(hooks) };
}

function oneAction(handler: unknown): unknown {
    if (!isMapping(handler)) return undefined;
    const [found] = Object.entries(handler).filter(
        ([key, value]) => value !== null && value !== undefined && key !== "name",
    );
    return found === undefined ? undefined : Object.fromEntries([found]);
}
