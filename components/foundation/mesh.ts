/**
 * How pods join the mesh: through a proxy on their node (`ambient`), or one in each pod (`sidecar`).
 *
 * @see https://istio.io/latest/docs/overview/dataplane-modes/
 */
export const meshModes = ["ambient", "sidecar"] as const;
export type MeshMode = (typeof meshModes)[number];

/**
 * Port on which a pod of an ambient mesh takes every call of another one.
 *
 * @see https://istio.io/latest/docs/ambient/usage/networkpolicy/
 */
export const hbonePort = 15_008;

/**
 * The proxy that knows HTTP, which an ambient mesh leads the calls of some services through: its namespace, the Gateway that asks for it, and what Istio
 * gives its pods by that name (deployment controller of pilot at 1.30.3: for waypoints the name as it is).
 *
 * @see https://istio.io/latest/docs/ambient/usage/waypoint/
 */
export const waypoint = {
    namespace: "istio-waypoint",
    name: "waypoint",
    serviceAccount: "waypoint",
    podLabels: { "gateway.networking.k8s.io/gateway-name": "waypoint" },
} as const;
