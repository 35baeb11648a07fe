import type { Entrance, NodePool } from "../../cloud/contract";
import { bytes, formatBytes } from "../../foundation/quantities";
import type { Size } from "../../foundation/workloads";
import { containerResources, runtimeDefault, spreadOf } from "../../kubernetes/podParts";
import { priorityClassName } from "../../kubernetes/priorities";
import { drain, targetCpuPercent } from "../../kubernetes/proxyOptions";
import { gateway } from "../identity";
import { nginxPorts } from "./names";

export interface ProxyPlan {
    readonly size: Size;
    readonly nodes: NodePool;
    readonly entrance: Entrance;
}

/**
 * What NGINX's pods for the Gateway are to be like, their Service and their autoscaler, and how NGINX knows its callers.
 *
 * @see https://github.com/nginx/nginx-gateway-fabric/blob/v2.6.7/apis/v1alpha2/nginxproxy_types.go
 */
export function planProxy({ size, nodes, entrance }: ProxyPlan) {
    return {
        ...planClientAddress(entrance),
        metrics: { port: nginxPorts.metrics },
        kubernetes: {
            deployment: {
                replicas: size.replicas.min,
                autoscaling: {
                    enable: size.replicas.max > size.replicas.min,
                    minReplicas: size.replicas.min,
                    maxReplicas: size.replicas.max,
                    targetCPUUtilizationPercentage: targetCpuPercent,
                },
                pod: {
                    terminationGracePeriodSeconds: drain.graceSeconds,
                    nodeSelector: nodes.labels,
                    tolerations: nodes.tolerations,
                    topologySpreadConstraints: spreadOf(gateway.podLabels),
                },
                container: {
                    resources: containerResources(size),
                    // Load balancers learn of a leaving pod later than the pod does.
                    lifecycle: { preStop: { sleep: { seconds: drain.seconds } } },
                },
                patches: [{ type: "StrategicMerge", value: planPatch(size) }],
            },
            service: { type: "LoadBalancer", externalTrafficPolicy: entrance.externalTrafficPolicy },
        },
    };
}

/**
 * Where the caller's address is, and whom NGINX believes it: only who gets through the network policy reaches it at all. One proxy before it is one address at
 * the right end of the header; more than one is refused beforehand, because NGINX would have to know them by their addresses.
 *
 * @see https://nginx.org/en/docs/http/ngx_http_realip_module.html
 */
function planClientAddress({ clientAddress, trustedHops, clients }: Entrance) {
    if (clientAddress === "preserved" && trustedHops === 0) return {};
    const mode = clientAddress === "proxyProtocol" ? "ProxyProtocol" : "XForwardedFor";
    const trustedAddresses = clients.map((value) => ({ type: "CIDR", value }));
    return { rewriteClientIP: { mode, setIPRecursively: false, trustedAddresses } };
}

/** The program that copies NGINX's first configuration into place and ends. Ours: it takes moments. */
const startSize = {
    requests: { cpu: "50m", memory: "32Mi", "ephemeral-storage": "64Mi" },
    limits: { cpu: "250m", memory: "64Mi", "ephemeral-storage": "64Mi" },
} as const;

const unprivileged = {
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ["ALL"] },
} as const;

/**
 * Folders of configuration, state and logs, each with the most that it may take. Ours: configuration of one gateway takes kilobytes.
 *
 * @see https://github.com/nginx/nginx-gateway-fabric/blob/v2.6.7/internal/controller/provisioner/objects.go (buildBaseVolumes)
 */
const folders = [
    "nginx-agent",
    "nginx-agent-log",
    "nginx-agent-lib",
    "nginx-conf",
    "nginx-stream-conf",
    "nginx-main-includes",
    "nginx-events-includes",
    "nginx-secrets",
    "nginx-run",
    "nginx-includes",
] as const;
const folderLimit = "16Mi";

/**
 * What an NginxProxy has no field for. Ambient mode would carry callers' connections into the mesh, which takes none without its own TLS; so only what
 * NGINX itself calls is carried, as Istio means it for gateways that are not its own.
 *
 * @see https://istio.io/latest/docs/reference/config/annotations/#AmbientBypassInboundCapture
 */
function planPatch({ scratch, surge }: Size) {
    const bodies = formatBytes(bytes(scratch) - folders.length * bytes(folderLimit));
    const pod = {
        // The agent shows its control plane a token that is mounted by itself.
        automountServiceAccountToken: false,
        enableServiceLinks: false,
        priorityClassName: priorityClassName("serving"),
        securityContext: { runAsNonRoot: true, seccompProfile: runtimeDefault },
        initContainers: [{ name: "init", resources: startSize, securityContext: unprivileged }],
        volumes: [
            ...folders.map((name) => ({ name, emptyDir: { sizeLimit: folderLimit } })),
            // Bodies of requests until all of each is there.
            { name: "nginx-cache", emptyDir: { sizeLimit: bodies } },
        ],
    };
    const annotations = { "ambient.istio.io/bypass-inbound-capture": "true" };
    const strategy = { type: "RollingUpdate", rollingUpdate: { maxSurge: surge, maxUnavailable: 0 } };
    return { spec: { strategy, template: { metadata: { annotations }, spec: pod } } };
}
