import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { labelsOf } from "../../foundation/labels";
import type { Dashboard } from "../../foundation/login";
import { type CustomResourcePlan, createCustomResource, type Operator } from "../../kubernetes/customResource";
import type { Placement } from "../../kubernetes/placement";
import { gateway } from "../identity";
import { planEntry, planStripping } from "./filters";
import { planAsking } from "./guards";

export interface DashboardGuardArgs {
    /** The namespace of the gateway. */
    readonly placement: Placement;
    readonly dashboards: readonly Dashboard[];
    /** Knows the mesh's own kinds, and acts on them. */
    readonly istio: Operator;
}

/** What the gateway asks of people on the way to dashboards: that they log in, and are who a dashboard is for. */
export class DashboardGuard extends TarsComponent {
    constructor(name: string, args: DashboardGuardArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "DashboardGuard", name, opts);
        const { placement, dashboards, istio } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const labels = labelsOf({ name: gateway.name, component: "edge" }, placement.ownership);
        const plans: Readonly<Record<string, Plan>> = {
            login: { ...policy, spec: planAsking(dashboards) },
            "own-headers": { ...filter, spec: planStripping() },
            entry: { ...filter, spec: planEntry(dashboards) },
        };
        for (const [role, plan] of Object.entries(plans)) {
            const place = { name: `${gateway.name}-dashboards-${role}`, namespace: placement.namespace, labels };
            createCustomResource(`${name}-${role}`, { ...plan, ...place }, istio, child);
        }
        this.registerOutputs({});
    }
}

type Plan = Pick<CustomResourcePlan<object>, "apiVersion" | "kind" | "spec">;

const policy = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy" } as const;
const filter = { apiVersion: "networking.istio.io/v1alpha3", kind: "EnvoyFilter" } as const;
