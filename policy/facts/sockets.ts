/**
 * Where container runtimes listen by default (k8s.io/kubernetes 1.36.3, cmd/kubeadm/app/constants/constants_unix.go; Docker's own is
 * /var/run/docker.sock). On most nodes /var/run is a link to /run.
 */
export const runtimeSockets: readonly string[] = ["/run", "/var/run"].flatMap((folder) =>
    ["docker.sock", "cri-dockerd.sock", "containerd/containerd.sock", "crio/crio.sock"].map(
        (socket) => `${folder}/${socket}`,
    ),
);

/** Their names, wherever a distribution puts them. */
export const socketNames: readonly string[] = ["docker.sock", "cri-dockerd.sock", "containerd.sock", "crio.sock"];

/** The same on Windows, where names have no case (constants_windows.go; Docker's own is docker_engine). */
export const runtimePipes = ["containerd-containerd", "cri-dockerd", "docker_engine"] as const;

/**
 * The detour over the folders of a process, proc_pid_root(5) and proc_pid_cwd(5), of which the first process's are the node's root; to be
 * read at the start of a path and up to the end of one of its parts.
 */
export const processDetour = "(/proc/[^/]+(/task/[^/]+)?/(root|cwd))";
