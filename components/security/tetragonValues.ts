import { detectorContainers } from "../foundation/supplyChain";
import { chartImage, containerResources, hardenedContainer, runtimeDefault } from "../kubernetes/podParts";
import type { SystemPlace } from "../kubernetes/systemPlace";

/** Name of the release and of its namespace. */
export const release = "tetragon";

/** Port of the agents' metrics on their nodes: `tetragon.prometheus.port` of the chart. */
export const metricsPort = 2112;

const agent = { repository: "quay.io/cilium/tetragon", tag: "v1.7.0" } as const;
/** What chart 1.7.0 writes events out with. */
const exporter = { repository: "quay.io/cilium/hubble-export-stdout", tag: "v1.1.1" } as const;

/**
 * Starts of programs are told of pods alone: a node starts hundreds a minute, and who may log in to it is another matter. What the tracing policies
 * find is told of nodes, too. Lines are joined by "or", the parts of a line by "and".
 *
 * @see https://tetragon.io/docs/concepts/events/#export-filtering
 */
const silence = [
    { health_check: true },
    { namespace: ["", "kube-system"], event_set: ["PROCESS_EXEC", "PROCESS_EXIT"] },
] as const;

/** Values of a password on a command line, as programs commonly name them. */
const redaction = [{ redact: ["(?i)--?(?:password|passwd|token|secret)(?:\\s+|=)(\\S*)"] }] as const;

/**
 * Values of the chart: one agent a node, and not the operator, which would only make the definitions that are a step of their own here. Keys and
 * defaults: install/kubernetes/tetragon/values.yaml of cilium/tetragon at v1.7.0.
 */
export function planTetragonValues({ imageSources }: Pick<SystemPlace, "imageSources">) {
    return {
        crds: { installMethod: "none" },
        tetragonOperator: { enabled: false },
        rthooks: { enabled: false },
        // Before everything else on its node: what starts earlier is not seen.
        priorityClassName: "system-node-critical",
        // Every node, whatever keeps others away from it.
        tolerations: [{ operator: "Exists" }],
        podSecurityContext: { seccompProfile: runtimeDefault },
        updateStrategy: { type: "RollingUpdate", rollingUpdate: { maxUnavailable: "10%" } },
        tetragon: {
            image: chartImage(agent, imageSources),
            resources: containerResources(detectorContainers.agent),
            // It loads programs into the kernel; its own files it never changes.
            securityContext: { privileged: true, readOnlyRootFilesystem: true },
            gops: { enabled: false },
            exportDenyList: linesOf(silence),
            redactionFilters: linesOf(redaction),
            prometheus: { enabled: true, port: metricsPort, serviceMonitor: { enabled: false } },
        },
        // Events become lines of a container's log, which are gathered as any other's.
        export: {
            mode: "stdout",
            resources: containerResources(detectorContainers.export),
            // It reads a file that only root may read, and may do nothing else.
            securityContext: { ...hardenedContainer, runAsUser: 0, seccompProfile: runtimeDefault },
            stdout: { image: chartImage(exporter, imageSources) },
        },
    };
}

function linesOf(filters: readonly object[]): string {
    return filters.map((filter) => JSON.stringify(filter)).join("\n");
}
