import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1";
import { calls } from "../foundation/calls";
import type { ChildOptions } from "../foundation/component";
import { labelsOf, selectorOf } from "../foundation/labels";
import { type WorkloadName, workloadNames } from "../foundation/workloads";
import type { Placement } from "../kubernetes/placement";
import { planCalls } from "../kubernetes/traffic";

/** Workloads that call a service which the cloud runs: the same that call it in the cluster. */
export function callersOf(service: WorkloadName): readonly WorkloadName[] {
    return workloadNames.filter((name) => calls[name].includes(service));
}

interface WaysOut {
    readonly placement: Placement;
    readonly service: WorkloadName;
    readonly egress: Parameters<typeof planCalls>[1];
}

/** Beside the policies of the paths between pods, a way out of each caller's pods towards the service, and to nothing else there. */
export function createWaysOut(name: string, { placement, service, egress }: WaysOut, child: ChildOptions): void {
    for (const caller of callersOf(service)) {
        const labels = labelsOf({ name: caller, component: "access" }, placement.ownership);
        const metadata = { name: `${caller}-${service}`, namespace: placement.namespace, labels };
        new NetworkPolicy(`${name}-${caller}`, { metadata, spec: planCalls(selectorOf(caller), egress) }, child);
    }
}
