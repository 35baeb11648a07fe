import { posix } from "node:path";
import { controls } from "../../controls";
import { processDetour, runtimePipes, runtimeSockets, socketNames } from "../../facts/sockets";
import type { Value } from "../../reading/value";
import type { Report } from "../../rule";
import { podRule } from "../podRule";

const names: ReadonlySet<string> = new Set(socketNames);
const pipe = new RegExp(`/pipe/(${runtimePipes.join("|")})$`, "i");
const detour = new RegExp(`^${processDetour}+(?=/|$)`);

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
    if (names.has(posix.basename(path)) || pipe.test(path)) {
        report({ path: value.path, problem: "is the socket of a container runtime" });
    } else if (runtimeSockets.some((socket) => socket.startsWith(path === "/" ? path : `${path}/`))) {
        report({ path: value.path, problem: "is a folder with the socket of a container runtime" });
    }
}

/**
 * The one form of a path that the node takes for the same place: from its root, without `.`, `..` and doubled slashes, and without the
 * detour over the folders of a process.
 */
function resolve(path: string): string {
    const fromRoot = posix.resolve(`/${path.replaceAll("\\", "/")}`);
    return posix.resolve("/", fromRoot.replace(detour, ""));
}

function mounting(source: Readonly<Record<string, unknown>>) {
    return { kind: "pod", set: { volumes: [{ name: "v", ...source }] } } as const;
}

function failing(path: string, problem: string) {
    return { sample: mounting({ hostPath: { path } }), problem };
}
