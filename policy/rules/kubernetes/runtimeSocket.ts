import { posix } from "node:path";
import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import type { Report } from "../../rule";
import { podRule } from "../podRule";

/**
 * Where container runtimes listen by default (k8s.io/kubernetes 1.36.3, cmd/kubeadm/app/constants/constants_unix.go; Docker's own is
 * /var/run/docker.sock). On most nodes /var/run is a link to /run.
 */
const sockets = ["/run", "/var/run"].flatMap((folder) =>
    ["docker.sock", "cri-dockerd.sock", "containerd/containerd.sock", "crio/crio.sock"].map(
        (socket) => `${folder}/${socket}`,
    ),
);

/** Their names, wherever a distribution puts them. */
const socketNames: ReadonlySet<string> = new Set(sockets.map((socket) => posix.basename(socket)));

/** The same on Windows, where names have no case (constants_windows.go; Docker's own is docker_engine). */
const pipe = /\/pipe\/(containerd-containerd|cri-dockerd|docker_engine)$/i;

export const runtimeSocket = podRule({
    id: "POD-10",
    title: "No pod reaches the container runtime's socket",
    severity: "critical",
    level: "mandatory",
    controls: controls({ soc2: ["CC6.1"], iso27001: ["8.2"], cisKubernetes: ["5.2.12"] }),
    why: "Whoever can talk to the container runtime starts a privileged container on the node past every admission, and owns the node.",
    fix: "remove the volume; build images and read metrics without the node's runtime",
    link: "https://kubernetes.io/docs/concepts/storage/volumes/#hostpath",
    samples: {
        passing: [
            mounting({ emptyDir: {} }),
            mounting({ hostPath: { path: "/var/lib/kubelet/device-plugins" } }),
            mounting({ hostPath: { path: "/run/containerd-shim" } }),
            mounting({ hostPath: { path: "/run/containerd/containerd.sock.d" } }),
        ],
        failing: [
            ...[
                "/var/run/docker.sock",
                "/run/docker.sock/",
                "//run/./containerd//containerd.sock",
                "/var/run/containerd/../crio/crio.sock",
                "run/crio/crio.sock",
                "/run/cri-dockerd.sock",
                "/opt/runtime/containerd.sock",
                "/proc/1/root/run/docker.sock",
                "\\\\.\\pipe\\docker_engine",
                "//./PIPE/containerd-containerd",
                "\\\\?\\pipe\\cri-dockerd",
            ].map((path) => failing(path, "is the socket of a container runtime")),
            ...[
                "/",
                ".",
                "/run",
                "/run/",
                "/var",
                "/var/run",
                "/var/run/containerd",
                "/run/crio",
                "/proc/1/root",
                "/proc/1/task/1/cwd/proc/self/root/run",
            ].map((path) => failing(path, "is a folder with the socket of a container runtime")),
        ],
    },
    checkPod: ({ spec }, report) => {
        for (const volume of spec.get("volumes").items()) checkPath(volume.get("hostPath", "path"), report);
    },
});

function checkPath(value: Value, report: Report): void {
    const text = value.text();
    if (typeof text !== "string") return;
    const path = resolve(text);
    if (socketNames.has(posix.basename(path)) || pipe.test(path)) {
        report({ path: value.path, problem: "is the socket of a container runtime" });
    } else if (sockets.some((socket) => socket.startsWith(path === "/" ? path : `${path}/`))) {
        report({ path: value.path, problem: "is a folder with the socket of a container runtime" });
    }
}

/**
 * The one form of a path that the node takes for the same place: from its root, without `.`, `..` and doubled slashes, and without the
 * detour over the folders of a process, proc_pid_root(5) and proc_pid_cwd(5), of which the first process's are the node's root.
 */
function resolve(path: string): string {
    const fromRoot = posix.resolve(`/${path.replaceAll("\\", "/")}`);
    return posix.resolve("/", fromRoot.replace(/^(\/proc\/[^/]+(\/task\/[^/]+)?\/(root|cwd))+(?=\/|$)/, ""));
}

function mounting(source: Readonly<Record<string, unknown>>) {
    return { kind: "pod", set: { volumes: [{ name: "v", ...source }] } } as const;
}

function failing(path: string, problem: string) {
    return { sample: mounting({ hostPath: { path } }), problem };
}
