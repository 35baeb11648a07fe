import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../foundation/component";
import type { MeshMode } from "../foundation/mesh";
import type { Operator } from "../kubernetes/customResource";
import { createDefinitions } from "../kubernetes/definitions";
import type { SystemPlace } from "../kubernetes/systemPlace";
import { ControlPlane } from "./controlPlane";
import type { Authorizer } from "./controlPlaneValues";
import { NodeAgents } from "./nodeAgents";
import { MeshPolicies } from "./policies";

export interface MeshArgs {
    readonly place: SystemPlace;
    readonly mode: MeshMode;
    /** Whether istiod fetches the keys of whoever signs callers' tokens. */
    readonly fetchesKeys: boolean;
    /** Whom its proxies may ask before they let a request through. */
    readonly authorizers: readonly Authorizer[];
}

/**
 * Istio: between any two pods of the platform nothing but mutual TLS, and no call that nobody declared.
 *
 * Whatever joins the mesh, or is an object of it, depends on this component, so that it comes after and goes before it.
 */
export class Mesh extends TarsComponent {
    /** What makes Istio's kinds known, and who acts on them. */
    readonly istio: Operator;
    /** The same of the Gateway API: istiod runs its gateways. */
    readonly gatewayApi: Operator;

    constructor(name: string, args: MeshArgs, opts?: pulumi.ComponentResourceOptions) {
        super("mesh", "Mesh", name, opts);
        const { place, mode } = args;
        const child = { parent: this, provider: place.cluster.provider };
        const definitions = createDefinitions(`${name}-definitions`, { of: "istio", ...place }, child);
        const gatewayApi = createDefinitions(`${name}-gateway-api`, { of: "gateway-api", ...place }, child);
        // Istiod looks for the Gateway API's kinds when it starts.
        const after = { parent: this, dependsOn: [definitions, gatewayApi] };
        const { chart } = new ControlPlane("istiod", args, after);
        const agents = new NodeAgents("istio-nodes", { place, mode }, { parent: this, dependsOn: [chart] });
        this.istio = { definitions, controller: chart };
        this.gatewayApi = { definitions: gatewayApi, controller: chart };
        new MeshPolicies("istio", { place, istio: this.istio }, { parent: this, dependsOn: [agents] });
        this.registerOutputs({});
    }
}
