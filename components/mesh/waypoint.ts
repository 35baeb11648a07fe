import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { demandAtPeak } from "../foundation/demand";
import { labelsOf } from "../foundation/labels";
import { hbonePort, waypoint } from "../foundation/mesh";
import { waypointSize } from "../foundation/meshSizes";
import { planWaypointTraffic } from "../kubernetes/access";
import type { AccessPath } from "../kubernetes/accessPaths";
import { istioVersion } from "../kubernetes/chartTable";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import { proxyMetricsPort, toControlPlane } from "../kubernetes/meshTraffic";
import { TenantNamespace } from "../kubernetes/namespace";
import { planProxyOptions } from "../kubernetes/proxyOptions";
import { planQuota } from "../kubernetes/quota";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { fromMonitoring, planTrafficOf } from "../kubernetes/traffic";
import { createTraffic } from "../kubernetes/trafficPolicies";

export interface WaypointArgs {
    readonly place: SystemPlace;
    /** Namespace of the services whose calls pass it. */
    readonly served: string;
    readonly paths: readonly AccessPath[];
    readonly istio: Operator;
    readonly gatewayApi: Operator;
}

/**
 * In an ambient mesh, the proxy that knows HTTP: calls of services that say so pass it, and it holds to their limits and asks who calls. The proxies
 * of nodes know connections only. It is outside of the namespace that it serves: whoever may change pods there is not who carries everybody's calls.
 *
 * @see https://istio.io/latest/docs/ambient/usage/waypoint/
 */
export class Waypoint extends TarsComponent {
    constructor(name: string, args: WaypointArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mesh", "Waypoint", name, opts);
        const { place, served, paths } = args;
        const { cluster, ownership } = place;
        const { namespace } = waypoint;
        const quota = planQuota(demandAtPeak([waypointSize(place.copies)]), undefined);
        const tenant = new TenantNamespace(name, { cluster, ownership, namespace, quota }, { parent: this });
        const child = { parent: this, provider: cluster.provider, dependsOn: [tenant.object] };
        const part = { name: waypoint.name, component: "mesh", version: istioVersion };
        const inside = { namespace: tenant.namespace, labels: labelsOf(part, ownership) };
        const traffic = createTraffic(name, { [waypoint.name]: planTraffic(place, paths, served) }, inside, child);
        const metadata = { ...inside, name: optionsName };
        const options = new ConfigMap(`${name}-options`, { metadata, data: planOptions(place) }, child);
        createGateway(name, args, inside, { ...child, dependsOn: [tenant, options, ...traffic] });
        this.registerOutputs({});
    }
}

const optionsName = `${waypoint.name}-options`;

function planTraffic({ cluster }: SystemPlace, paths: readonly AccessPath[], served: string) {
    const { ingress, egress } = planWaypointTraffic(paths, served);
    return planTrafficOf(waypoint.podLabels, {
        ingress: [...ingress, fromMonitoring(cluster, proxyMetricsPort)],
        egress: [toControlPlane, ...egress],
    });
}

function planOptions({ cluster, copies }: SystemPlace) {
    const { podLabels } = waypoint;
    return planProxyOptions({ size: waypointSize(copies), nodes: cluster.nodes.general, podLabels });
}

type Inside = Omit<Parameters<typeof createCustomResource>[1], "apiVersion" | "kind" | "name" | "spec">;

function createGateway(name: string, args: WaypointArgs, inside: Inside, child: ChildOptions): void {
    const reference = { group: "gateway.networking.k8s.io", kind: "Gateway", name: waypoint.name };
    const closed = {
        apiVersion: "security.istio.io/v1",
        kind: "AuthorizationPolicy",
        ...inside,
        name: "allow-nothing",
        // Who may call a service, a policy beside the service says.
        spec: { targetRefs: [reference] },
    };
    const nobody = createCustomResource(`${name}-allow-nothing`, closed, args.istio, child);
    const gateway = {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        ...inside,
        name: waypoint.name,
        labels: { ...inside.labels, "istio.io/waypoint-for": "service" },
        annotations: { "pulumi.com/waitFor": "condition=Programmed" },
        spec: planGateway(args.served),
    };
    const dependsOn = [...(child.dependsOn ?? []), nobody];
    createCustomResource(`${name}-gateway`, gateway, args.gatewayApi, { ...child, dependsOn });
}

/** @see https://istio.io/latest/docs/ambient/usage/waypoint/#cross-namespace-waypoint (who may use it) */
function planGateway(served: string) {
    const selector = { matchLabels: { "kubernetes.io/metadata.name": served } };
    return {
        gatewayClassName: "istio-waypoint",
        infrastructure: { parametersRef: { group: "", kind: "ConfigMap", name: optionsName } },
        listeners: [
            {
                name: "mesh",
                port: hbonePort,
                protocol: "HBONE",
                allowedRoutes: { namespaces: { from: "Selector", selector } },
            },
        ],
    };
}
