import * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import type { MeshMode } from "../foundation/mesh";
import { type Fault, httpServices, type ServiceLimits, serviceLimits } from "../foundation/serviceLimits";
import { workloadNames } from "../foundation/workloads";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import type { Placement } from "../kubernetes/placement";
import { planDestination, planRoute } from "./serviceRulePlans";

export interface ServiceRulesArgs {
    readonly placement: Placement;
    readonly mode: MeshMode;
    readonly istio: Operator;
    readonly faults: readonly Fault[];
}

/**
 * How callers treat each service: how many connections and waiting calls they allow themselves, when they leave a failing pod alone, how long
 * they wait. Proxies that know HTTP hold to it: those in pods, and gateways; the proxies of nodes in ambient mode know connections only, and
 * have no such limits.
 */
export class ServiceRules extends TarsComponent {
    constructor(name: string, args: ServiceRulesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mesh", "ServiceRules", name, opts);
        const { placement, mode, istio, faults } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const host = (service: string) => pulumi.interpolate`${service}.${placement.namespace}.svc.cluster.local`;
        const create = (kind: "DestinationRule" | "VirtualService", service: string, spec: object) => {
            const labels = labelsOf({ name: service, component: "mesh" }, placement.ownership);
            const object = { apiVersion: "networking.istio.io/v1", kind, name: service, labels, spec };
            const role = kind === "DestinationRule" ? "limits" : "route";
            createCustomResource(
                `${name}-${service}-${role}`,
                { ...object, namespace: placement.namespace },
                istio,
                child,
            );
        };
        for (const service of workloadNames) {
            const limits: ServiceLimits = serviceLimits[service];
            create("DestinationRule", service, planDestination(host(service), limits));
        }
        // A route of its own only where a proxy reads it.
        const routed = mode === "sidecar" ? httpServices : [];
        for (const service of routed) {
            const fault = faults.find((each) => each.service === service);
            create("VirtualService", service, planRoute(host(service), serviceLimits[service], fault));
        }
        this.registerOutputs({});
    }
}
