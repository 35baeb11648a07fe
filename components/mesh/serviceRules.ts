import * as pulumi from "@pulumi/pulumi";
import { behindWaypoint } from "../foundation/calls";
import { TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import type { MeshMode } from "../foundation/mesh";
import type { Naming } from "../foundation/naming";
import { type Fault, httpServices, type ServiceLimits, serviceLimits } from "../foundation/serviceLimits";
import type { WorkloadName } from "../foundation/workloads";
import { servedPorts } from "../kubernetes/accessPaths";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import type { Placement } from "../kubernetes/placement";
import { planDestination, planRoute, planServiceRoute } from "./serviceRulePlans";

export interface ServiceRulesArgs {
    readonly placement: Placement;
    readonly mode: MeshMode;
    readonly istio: Operator;
    readonly gatewayApi: Operator;
    readonly faults: readonly Fault[];
    /** Services that run in the cluster. */
    readonly services: readonly WorkloadName[];
    /** What their Services are called. */
    readonly naming: Naming;
}

/**
 * How callers treat each service: how many connections and waiting calls they allow themselves, when they leave a failing pod alone, how long
 * they wait. Proxies that know HTTP hold to it: those in pods, gateways, and the waypoint of an ambient mesh, whose proxies of nodes know connections
 * only and have no such limits.
 */
export class ServiceRules extends TarsComponent {
    constructor(name: string, args: ServiceRulesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mesh", "ServiceRules", name, opts);
        const { placement, mode, istio, gatewayApi, faults, services, naming } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const host = (service: string) => pulumi.interpolate`${service}.${placement.namespace}.svc.cluster.local`;
        const create = (kind: keyof typeof kinds, service: string, spec: object) => {
            const { apiVersion, role } = kinds[kind];
            const labels = labelsOf({ name: service, component: "mesh" }, placement.ownership);
            const object = { apiVersion, kind, name: service, namespace: placement.namespace, labels, spec };
            createCustomResource(
                `${name}-${service}-${role}`,
                object,
                kind === "HTTPRoute" ? gatewayApi : istio,
                child,
            );
        };
        for (const service of services) {
            const limits: ServiceLimits = serviceLimits[service];
            create("DestinationRule", service, planDestination(host(naming.serviceOf(service)), limits));
        }
        // A route of its own only where a proxy reads it, and one of the two kinds: nobody says what becomes of both.
        for (const service of mode === "sidecar" ? httpServices : []) {
            const fault = faults.find((each) => each.service === service);
            create("VirtualService", service, planRoute(host(service), serviceLimits[service], fault));
        }
        for (const service of mode === "ambient" ? behindWaypoint : []) {
            const [port = 0] = servedPorts[service];
            create("HTTPRoute", service, planServiceRoute(service, port, serviceLimits[service]));
        }
        this.registerOutputs({});
    }
}

const kinds = {
    DestinationRule: { apiVersion: "networking.istio.io/v1", role: "limits" },
    VirtualService: { apiVersion: "networking.istio.io/v1", role: "route" },
    HTTPRoute: { apiVersion: "gateway.networking.k8s.io/v1", role: "route" },
} as const;
