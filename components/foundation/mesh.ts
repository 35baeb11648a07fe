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
