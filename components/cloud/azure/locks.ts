import { ManagementLockByScope } from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import type { Site } from "./site";

export interface LocksArgs {
    readonly site: Site;
    /** Ids of what is locked, by what it is. */
    readonly scopes: Readonly<Record<string, pulumi.Input<string>>>;
}

/**
 * Has Azure refuse to delete what holds data, whoever asks, in a stack that is guarded. A lock also keeps what is below it, rights included:
 * it comes after everything else and goes before, and to take a single right away one releases the stack first (`protection: released`).
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export class Locks extends TarsComponent {
    constructor(
        name: string,
        { site, scopes }: LocksArgs,
        opts: pulumi.ComponentResourceOptions & Pick<ChildOptions, "provider">,
    ) {
        super("cloud", "Locks", name, opts);
        const child = { parent: this, provider: opts.provider };
        const guarded = site.rules.protection === "guarded" ? Object.entries(scopes) : [];
        for (const [words, scope] of guarded) {
            const notes =
                "Holds data of the platform. Set protection: released in the stack file to take this lock away.";
            const lockName = site.naming("lock", "keep");
            new ManagementLockByScope(`${name}-${words}`, { lockName, level: "CanNotDelete", notes, scope }, child);
        }
        this.registerOutputs({});
    }
}
