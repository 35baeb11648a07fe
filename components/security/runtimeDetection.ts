import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { peakDemand } from "../foundation/demand";
import { type Labels, labelsOf } from "../foundation/labels";
import { detector } from "../foundation/supplyChain";
import { createChart } from "../kubernetes/chart";
import { charts } from "../kubernetes/chartTable";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import { createDefinitions } from "../kubernetes/definitions";
import { TenantNamespace } from "../kubernetes/namespace";
import { mostNodes, planQuota } from "../kubernetes/quota";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { planTetragonValues, release } from "./tetragonValues";
import { type TracingPlan, tracingPolicies } from "./tracingPolicies";

export interface RuntimeDetectionArgs {
    readonly place: SystemPlace;
}

/** Watches from every node what programs in pods do, and tells of what none of them should. */
export class RuntimeDetection extends TarsComponent {
    constructor(name: string, { place }: RuntimeDetectionArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "RuntimeDetection", name, opts);
        const { version } = charts[release];
        const labels = labelsOf({ name: release, component: "detection", version }, place.ownership);
        const tenant = createNamespace(name, place, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...place }, child);
        const values = planTetragonValues(place);
        const controller = createChart(
            release,
            { chart: release, release, namespace: tenant.namespace, values, sources: place.charts },
            { ...child, dependsOn: [tenant, definitions] },
        );
        createPolicies(name, labels, { definitions, controller }, child);
        this.registerOutputs({});
    }
}

function createNamespace(name: string, { cluster, ownership }: SystemPlace, parent: pulumi.Resource) {
    const size = { ...detector, replicas: { min: mostNodes, max: mostNodes }, surge: 0 };
    const quota = planQuota(peakDemand(size), undefined);
    const nodeAgents = "Tetragon's agents load programs into the kernel of their node and see every process on it";
    const unjudged =
        "no rule about pods fits an agent that has to be privileged; the pack judges it, with exceptions by name";
    return new TenantNamespace(
        name,
        { cluster, ownership, namespace: release, quota, nodeAgents, unjudged },
        { parent },
    );
}

function createPolicies(name: string, labels: Labels, operator: Operator, child: ChildOptions): void {
    for (const [policy, spec] of Object.entries<TracingPlan>(tracingPolicies)) {
        const plan = { apiVersion: "cilium.io/v1alpha1", kind: "TracingPolicy", name: policy, labels, spec };
        createCustomResource(`${name}-${policy}`, plan, operator, child);
    }
}
