import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import type { Inside } from "../../kubernetes/trafficPolicies";
import { type GatewayPods, type Page, planPageCallers } from "./traffic";

/** What leads to a page. */
export interface Doors {
    readonly gateway: GatewayPods;
    /** Namespace of the routes that lead to it. */
    readonly routesFrom: string;
    /** Knows the mesh's own kinds, and acts on them. */
    readonly istio: Operator;
    /** Knows the kinds of the Gateway API, and acts on them. */
    readonly gatewayApi: Operator;
}

/** Who may call a page in the mesh, and which routes may lead to it. Istio reads grants in this version. */
export function createDoors(
    name: string,
    page: Page,
    { gateway, routesFrom, istio, gatewayApi }: Doors,
    inside: Inside,
    child: ChildOptions,
): readonly pulumi.Resource[] {
    const object = { ...inside, name: page.name };
    const spec = planPageCallers(page, gateway);
    const policy = { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy", spec };
    const grant = {
        apiVersion: "gateway.networking.k8s.io/v1beta1",
        kind: "ReferenceGrant",
        spec: {
            from: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute", namespace: routesFrom }],
            to: [{ group: "", kind: "Service", name: page.name }],
        },
    };
    return [
        createCustomResource(`${name}-callers`, { ...object, ...policy }, istio, child),
        createCustomResource(`${name}-grant`, { ...object, ...grant }, gatewayApi, child),
    ];
}
