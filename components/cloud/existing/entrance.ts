import { everywhere, privateRanges } from "../../foundation/ranges";
import type { Exposure } from "../../settings/edge";
import type { Entrance } from "../contract";
import type { ClusterSettings } from "./settings";

const clients = { public: [everywhere], internal: privateRanges } as const satisfies Readonly<
    Record<Exposure, readonly string[]>
>;

/** As the cluster's owner says that its load balancer works. */
export function entranceOf({ entrance }: ClusterSettings, exposure: Exposure): Entrance {
    return { ...entrance, clients: clients[exposure], front: undefined };
}
