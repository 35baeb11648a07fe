import { PriorityClass } from "@pulumi/kubernetes/scheduling/v1";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cloud/contract";
import { type ChildOptions, TarsComponent } from "../foundation/component";
import { type Ownership, platformLabels } from "../foundation/labels";

/**
 * What matters more when nodes run short: a pod that fits nowhere may take the place of pods of the rows below its own. A value can never
 * change, so there is room between them; from 1000000000 on values are Kubernetes' own.
 *
 * None is the cluster's default: that would also rank the pods of others.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/#priorityclass
 */
const priorities = {
    system: { value: 1_000_000, description: "what the cluster's other pods need in order to run" },
    data: { value: 100_000, description: "keeps data that others work with" },
    serving: { value: 10_000, description: "answers requests" },
    batch: { value: 1_000, description: "can wait for room, and takes nobody's", preemptionPolicy: "Never" },
} as const;

export type Priority = keyof typeof priorities;

/** Name of the class, as pods give it. The policy pack's compliant sample and the examples use these names. */
export function priorityClassName(priority: Priority): string {
    return `tars-${priority}`;
}

export interface PriorityClassesArgs {
    readonly cluster: ClusterHandle;
    readonly ownership: Ownership;
}

/** The priority classes of the cluster. The API server refuses pods of a class that is not there, so these come first. */
export class PriorityClasses extends TarsComponent {
    constructor(name: string, args: PriorityClassesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("kubernetes", "PriorityClasses", name, opts);
        const child = { parent: this, provider: args.cluster.provider };
        createClass(name, args, "system", child);
        createClass(name, args, "data", child);
        createClass(name, args, "serving", child);
        createClass(name, args, "batch", child);
        this.registerOutputs({});
    }
}

function createClass(name: string, { ownership }: PriorityClassesArgs, priority: Priority, child: ChildOptions): void {
    const metadata = { name: priorityClassName(priority), labels: platformLabels(ownership) };
    new PriorityClass(`${name}-${priority}`, { metadata, globalDefault: false, ...priorities[priority] }, child);
}
