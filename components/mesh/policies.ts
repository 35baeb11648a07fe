import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../foundation/component";
import { labelsOf } from "../foundation/labels";
import { istioVersion } from "../kubernetes/chartTable";
import { createCustomResource, type Operator } from "../kubernetes/customResource";
import { controlPlane } from "../kubernetes/meshTraffic";
import type { SystemPlace } from "../kubernetes/systemPlace";

export interface MeshPoliciesArgs {
    readonly place: SystemPlace;
    readonly istio: Operator;
}

/**
 * What holds for every pod that joins the mesh, wherever it is: objects in the mesh's root namespace without a selector.
 *
 * @see https://istio.io/latest/docs/ops/best-practices/security/#use-default-deny-patterns
 */
export const meshPolicies = {
    /** Nothing but mutual TLS. */
    "mutual-tls": {
        apiVersion: "security.istio.io/v1",
        kind: "PeerAuthentication",
        name: "default",
        spec: { mtls: { mode: "STRICT" } },
    },
    /** Nobody may call anybody: also in a namespace that somebody else brings into the mesh. */
    "allow-nothing": {
        apiVersion: "security.istio.io/v1",
        kind: "AuthorizationPolicy",
        name: "allow-nothing",
        spec: {},
    },
    /** Every call is counted and logged by the proxies themselves; where traces go comes with monitoring. */
    telemetry: {
        apiVersion: "telemetry.istio.io/v1",
        kind: "Telemetry",
        name: "default",
        spec: {
            accessLogging: [{ providers: [{ name: "envoy" }] }],
            metrics: [{ providers: [{ name: "prometheus" }] }],
        },
    },
} as const;

/** The rules of the whole mesh. */
export class MeshPolicies extends TarsComponent {
    constructor(name: string, { place, istio }: MeshPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mesh", "MeshPolicies", name, opts);
        const child = { parent: this, provider: place.cluster.provider };
        const labels = labelsOf({ name: "istio", component: "mesh", version: istioVersion }, place.ownership);
        for (const [role, policy] of Object.entries(meshPolicies)) {
            const plan = { ...policy, namespace: controlPlane.namespace, labels };
            createCustomResource(`${name}-${role}`, plan, istio, child);
        }
        this.registerOutputs({});
    }
}
