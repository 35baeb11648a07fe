import fc from "fast-check";

/** The parts of a pod that a test looks into; the rest is only handed on. */
export interface Pod {
    readonly metadata: object;
    readonly spec: {
        readonly os?: { readonly name?: unknown } | null;
        readonly hostUsers?: boolean | null;
        readonly volumes?: readonly (Readonly<Record<string, unknown>> | null)[] | null;
    };
}

/**
 * Pods with every field that Pod Security looks at, in every place where it may stand: most pods are compliant but for one or two
 * fields, so that each check is met alone, the others are wild. Each is as JSON gives it.
 */
export function pods(): fc.Arbitrary<Pod> {
    return fc
        .oneof({ weight: 3, arbitrary: podWith(60) }, { weight: 2, arbitrary: podWith(12) }, podWith(1))
        .map((pod) => JSON.parse(JSON.stringify(pod)));
}

/** How many times likelier than anything else a field has its usual value. */
type Usual = number;

/** Mostly the usual value (undefined where a field is usually not there), else one of the others, null or nothing. */
function field(usual: unknown, others: readonly unknown[]): (weight: Usual) => fc.Arbitrary<unknown> {
    return (weight) =>
        fc.oneof({ weight, arbitrary: fc.constant(usual) }, fc.constantFrom(undefined, null, ...others, ...others));
}

/** A list that is usually not there. */
function list(item: fc.Arbitrary<unknown>, weight: Usual): fc.Arbitrary<unknown> {
    const items = fc.oneof({ weight: 20, arbitrary: item }, fc.constant(null));
    return fc.oneof(
        { weight, arbitrary: fc.constant(undefined) },
        fc.constantFrom(null, []),
        fc.array(items, { minLength: 1, maxLength: 3 }),
    );
}

const booleans = [true, false] as const;
const ids = [0, 1, 999, 9_999, 10_000, 65_534] as const;
const capabilities = [
    ...["AUDIT_WRITE", "CHOWN", "DAC_OVERRIDE", "FOWNER", "FSETID", "KILL", "MKNOD", "NET_BIND_SERVICE", "SETFCAP"],
    ...["SETGID", "SETPCAP", "SETUID", "SYS_CHROOT", "ALL", "NET_ADMIN", "NET_RAW", "SYS_ADMIN", "SYS_PTRACE", "BPF"],
    ...["CAP_CHOWN", "CAP_SYS_ADMIN", "chown", "net_bind_service", "all", ""],
] as const;
const profiles = [
    { type: "RuntimeDefault" },
    { type: "Localhost", localhostProfile: "own" },
    ...[{ type: "Unconfined" }, { type: "runtimeDefault" }, { type: "" }, { type: null }],
    ...[{ localhostProfile: "own" }, {}],
] as const;
const seLinux = fc.record(
    {
        type: fc.constantFrom(
            ...["", "container_t", "container_init_t", "container_kvm_t", "container_engine_t"],
            ...["spc_t", "unconfined_t", "container_T", null],
        ),
        user: fc.constantFrom("", null, "system_u"),
        role: fc.constantFrom("", null, "system_r"),
        level: fc.constantFrom("s0", "s0:c123,c456"),
    },
    { requiredKeys: [] },
);
const windowsOptions = field(undefined, [
    ...[{ hostProcess: true }, { hostProcess: false }, { hostProcess: null }],
    ...[{}, { runAsUserName: "ContainerAdministrator" }],
]);
const sysctl = fc.record({
    name: fc.constantFrom(
        ...["kernel.shm_rmid_forced", "net.ipv4.ip_local_port_range", "net.ipv4.ip_local_reserved_ports"],
        ...["net.ipv4.ip_unprivileged_port_start", "net.ipv4.ping_group_range", "net.ipv4.tcp_fin_timeout"],
        ...["net.ipv4.tcp_keepalive_intvl", "net.ipv4.tcp_keepalive_probes", "net.ipv4.tcp_keepalive_time"],
        ...["net.ipv4.tcp_rmem", "net.ipv4.tcp_syncookies", "net.ipv4.tcp_wmem"],
        ...["net.ipv4/tcp_rmem", "NET.IPV4.TCP_RMEM", "kernel.msgmax", "net.core.somaxconn", "vm.swappiness", "", null],
    ),
    value: fc.constant("1"),
});

function podWith(weight: Usual): fc.Arbitrary<unknown> {
    return fc.record({ metadata: metadata(weight), spec: specWith(weight) });
}

function specWith(weight: Usual): fc.Arbitrary<unknown> {
    const hostNamespace = field(undefined, booleans)(weight);
    return fc.record({
        securityContext: orNothing(podSecurityContext(weight), weight),
        hostNetwork: hostNamespace,
        hostPID: hostNamespace,
        hostIPC: hostNamespace,
        hostUsers: field(undefined, booleans)(weight),
        os: field(undefined, [{ name: "linux" }, { name: "windows" }, { name: "Windows" }, {}])(weight),
        volumes: list(volume, Math.ceil(weight / 2)),
        containers: containers({ names: ["a", "b"], atLeast: 1 }, weight),
        initContainers: containers({ names: ["c", "d"], atLeast: 0 }, weight),
        ephemeralContainers: containers({ names: ["e"], atLeast: 0 }, weight),
    });
}

/** Something that is usually there. */
function orNothing(something: fc.Arbitrary<unknown>, weight: Usual): fc.Arbitrary<unknown> {
    return fc.oneof({ weight: 2 * weight, arbitrary: something }, fc.constantFrom(undefined, null, {}));
}

interface Containers {
    readonly names: readonly string[];
    readonly atLeast: number;
}

function containers({ names, atLeast }: Containers, weight: Usual): fc.Arbitrary<unknown> {
    const some = fc
        .subarray([...names], { minLength: atLeast })
        .chain((chosen) => fc.tuple(...chosen.map((name) => container(name, weight))));
    return fc.oneof({ weight: 100, arbitrary: some }, fc.constantFrom(undefined, null, [], [null]));
}

function container(name: string, weight: Usual): fc.Arbitrary<unknown> {
    const probe = sometimes(action, weight);
    return fc.record({
        name: fc.constant(name),
        securityContext: orNothing(securityContext(weight), weight),
        ports: list(port, weight),
        livenessProbe: probe,
        readinessProbe: probe,
        startupProbe: probe,
        lifecycle: sometimes(fc.record({ postStart: sometimes(action, 1), preStop: sometimes(action, 1) }), weight),
    });
}

/** Something that is usually not there. */
function sometimes(something: fc.Arbitrary<unknown>, weight: Usual): fc.Arbitrary<unknown> {
    return fc.oneof({ weight: 2 * weight, arbitrary: fc.constant(undefined) }, fc.constantFrom(null, {}), something);
}

const host = fc.constantFrom(undefined, null, "", "localhost", "169.254.169.254");
const httpHeaders = fc.constantFrom(undefined, [{ name: "Host", value: "localhost" }]);

/** What a probe or a lifecycle hook does; the API takes one of these, the library looks at each. */
const action = fc.record(
    {
        httpGet: fc.record({ port: fc.constantFrom(80, "http"), host, httpHeaders }),
        tcpSocket: fc.record({ port: fc.constantFrom(80, "http"), host }),
        exec: fc.constantFrom(null, { command: ["true"] }),
    },
    { requiredKeys: [] },
);

const port = fc.record(
    {
        containerPort: fc.constant(8080),
        hostPort: fc.constantFrom(0, 80, 8080, null),
        hostIP: fc.constant("127.0.0.1"),
    },
    { requiredKeys: ["containerPort"] },
);

function securityContext(weight: Usual): fc.Arbitrary<unknown> {
    return fc.record({
        privileged: field(undefined, booleans)(weight),
        allowPrivilegeEscalation: field(false, booleans)(weight),
        capabilities: orNothing(capabilitiesWith(weight), weight),
        ...ofPodToo(weight),
        runAsNonRoot: field(undefined, booleans)(weight),
        seccompProfile: field(undefined, profiles)(weight),
        procMount: field(undefined, ["Default", "Unmasked", "", "default"])(weight),
        readOnlyRootFilesystem: field(undefined, booleans)(weight),
    });
}

function capabilitiesWith(weight: Usual): fc.Arbitrary<unknown> {
    const drops = [["ALL"], ["KILL", "ALL"], ["KILL"], ["all"], ["CAP_ALL"], ["ALL", null], [null], []];
    return fc.record({
        drop: field(["ALL"], drops)(weight),
        add: list(fc.constantFrom(...capabilities), weight),
    });
}

function podSecurityContext(weight: Usual): fc.Arbitrary<unknown> {
    return fc.record({
        ...ofPodToo(weight),
        runAsNonRoot: field(true, booleans)(weight),
        seccompProfile: field({ type: "RuntimeDefault" }, profiles)(weight),
        fsGroup: field(undefined, ids)(weight),
        supplementalGroups: list(fc.constantFrom(...ids), weight),
        sysctls: list(sysctl, Math.ceil(weight / 2)),
    });
}

/** What a container and its pod may both set, neither usually. */
function ofPodToo(weight: Usual) {
    return {
        runAsUser: field(undefined, ids)(weight),
        runAsGroup: field(undefined, ids)(weight),
        appArmorProfile: field(undefined, profiles)(weight),
        seLinuxOptions: sometimes(seLinux, weight),
        windowsOptions: windowsOptions(weight),
    };
}

/** Every type of volume in the API (k8s.io/api 0.36.3, VolumeSource). */
const volumeTypes = [
    ...["awsElasticBlockStore", "azureDisk", "azureFile", "cephfs", "cinder", "configMap", "csi", "downwardAPI"],
    ...["emptyDir", "ephemeral", "fc", "flexVolume", "flocker", "gcePersistentDisk", "gitRepo", "glusterfs"],
    ...["image", "iscsi", "nfs", "persistentVolumeClaim", "photonPersistentDisk", "portworxVolume", "projected"],
    ...["quobyte", "rbd", "scaleIO", "secret", "storageos", "vsphereVolume"],
] as const;

const hostPath = fc.record(
    {
        path: fc.constantFrom(
            ...["/", "/run", "/var/run/", "/var/run/docker.sock", "/run/containerd/containerd.sock", "/run/crio"],
            ...["/var/lib/kubelet/device-plugins", "/data", "/etc/../run", "", null],
        ),
        type: fc.constantFrom("", "Directory", "Socket"),
    },
    { requiredKeys: [] },
);

/** Of one type; rarely of two, which the API refuses, or of none. */
const volume = fc
    .tuple(
        fc.oneof(
            { weight: 8, arbitrary: fc.constantFrom(...volumeTypes).map((type) => ({ [type]: {} })) },
            { weight: 4, arbitrary: hostPath.map((source) => ({ hostPath: source })) },
            fc.constantFrom({}, { emptyDir: null }, { hostPath: null }),
        ),
        fc.oneof({ weight: 6, arbitrary: fc.constant({}) }, fc.constantFrom({ emptyDir: {} }, { nfs: {} })),
    )
    .map(([type, second]) => ({ name: "v", ...type, ...second }));

/** The annotations that AppArmor had before its fields: of a container that is there, and of one that is not. */
function metadata(weight: Usual): fc.Arbitrary<unknown> {
    const appArmor = "container.apparmor.security.beta.kubernetes.io";
    const keys = [`${appArmor}/a`, `${appArmor}/c`, `${appArmor}/other`, `${appArmor}/`, appArmor, "seccomp"];
    const values = ["runtime/default", "localhost/own", "localhost/", "unconfined", "localhost", "own", "", null];
    const annotations = fc.dictionary(fc.constantFrom(...keys), fc.constantFrom(...values), { maxKeys: 3 });
    return fc.record({ annotations: sometimes(annotations, weight) });
}
