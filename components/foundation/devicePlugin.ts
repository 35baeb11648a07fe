import type { Size } from "./workloads";

/** What one pod of NVIDIA's device plugin gets. Upstream names no figures; these are ours: it waits for the kubelet's calls and holds a list of devices. */
export const devicePluginSize: Pick<Size, "requests" | "limits" | "scratch"> = {
    requests: { cpu: "50m", memory: "128Mi" },
    limits: { cpu: "200m", memory: "128Mi" },
    scratch: "64Mi",
};
