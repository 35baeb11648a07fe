import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { demandAtPeak } from "../../foundation/demand";
import { labelsOf } from "../../foundation/labels";
import { nginxControllerSize } from "../../foundation/nginxSizes";
import { createOperatorBudget } from "../../kubernetes/budget";
import { createChart } from "../../kubernetes/chart";
import { charts } from "../../kubernetes/chartTable";
import type { Operator } from "../../kubernetes/customResource";
import { createDefinitions } from "../../kubernetes/definitions";
import { TenantNamespace } from "../../kubernetes/namespace";
import { planQuota } from "../../kubernetes/quota";
import type { SystemPlace } from "../../kubernetes/systemPlace";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { createAgentCertificates } from "./agentCertificates";
import { controllerLabels, controllerNamespace, release } from "./names";
import { planControllerTraffic } from "./traffic";
import { planValues } from "./values";

export interface NginxControllerArgs {
    readonly place: SystemPlace;
    /** Namespaces of the gateway and of what it leads to; they must be there. */
    readonly watched: readonly string[];
    /** Makes the certificates by which the control plane and NGINX's pods know each other. */
    readonly certManager: Operator;
}

/** The control plane of NGINX Gateway Fabric: makes NGINX's pods for a Gateway of its class, and tells them what to do. */
export class NginxController extends TarsComponent {
    /** What its objects wait for, and Gateways and routes of its class. */
    readonly operator: Operator;

    constructor(name: string, args: NginxControllerArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "NginxController", name, opts);
        const { place, watched, certManager } = args;
        const tenant = createNamespace(name, place, this);
        const child = { parent: this, provider: place.cluster.provider, dependsOn: [tenant.object] };
        const { version } = charts[release];
        const labels = labelsOf({ name: release, component: "edge", version }, place.ownership);
        const inside = { namespace: tenant.namespace, labels };
        const traffic = createTraffic(name, planControllerTraffic(place.cluster), inside, child);
        const definitions = createDefinitions(`${name}-definitions`, { of: release, ...place }, child);
        const certificates = createAgentCertificates(name, { ...inside, certManager }, child);
        const controller = createChart(
            release,
            { chart: release, release, ...inside, values: planValues(place, watched), sources: place.charts },
            { ...child, dependsOn: [tenant, definitions, ...traffic, ...certificates] },
        );
        const pods = nginxControllerSize(place.copies).replicas.min;
        createOperatorBudget(name, { of: release, pods, podLabels: controllerLabels, ...inside }, child);
        this.operator = { definitions, controller };
        this.registerOutputs({});
    }
}

/** Outside the mesh: it calls the API server, and NGINX's pods call it over TLS of their own. */
function createNamespace(name: string, { cluster, ownership, copies }: SystemPlace, parent: pulumi.Resource) {
    const quota = planQuota(demandAtPeak([nginxControllerSize(copies)]), undefined);
    return new TenantNamespace(name, { cluster, ownership, namespace: controllerNamespace, quota }, { parent });
}
