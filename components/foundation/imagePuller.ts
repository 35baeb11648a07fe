import type { NodeAgent } from "./loads";

/** The pod that holds a large image on its node: it sleeps. Figures are ours. */
export const imagePuller: NodeAgent = {
    name: "image-pull",
    requests: { cpu: "5m", memory: "16Mi" },
    limits: { cpu: "50m", memory: "32Mi" },
    scratch: "16Mi",
};
