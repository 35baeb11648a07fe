import { rolloutPods } from "../foundation/demand";
import type { Load } from "../foundation/loads";
import { bytes, formatBytes, formatMillicores, millicores, type NodeAmounts } from "../foundation/quantities";
import type { Size } from "../foundation/workloads";

/** What a pod reserves of a node, with what the mesh adds to it. */
export function amountsOf({ requests, scratch, sidecar }: Size): NodeAmounts {
    if (sidecar === undefined) return { ...requests, storage: scratch };
    return {
        cpu: formatMillicores(millicores(requests.cpu) + millicores(sidecar.requests.cpu)),
        memory: formatBytes(bytes(requests.memory) + bytes(sidecar.requests.memory)),
        storage: formatBytes(bytes(scratch) + bytes(sidecar.scratch)),
    };
}

/** The sum in full, such as `tars-backend (10 + 1) x 1 + postgres 1 x 500m`. */
export function sum(loads: readonly Load[], resource: keyof NodeAmounts): string {
    return loads.map(({ name, size }) => `${name} ${podsInWords(size)} x ${amountsOf(size)[resource]}`).join(" + ");
}

function podsInWords(size: Size): string {
    const more = rolloutPods(size);
    return more === 0 ? `${size.replicas.max}` : `(${size.replicas.max} + ${more})`;
}
