import { ManagementLockByScope } from "@pulumi/azure-native/authorization";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../../foundation/component";
import type { Site } from "./site";

/**
 * Has Azure refuse to delete a resource, whoever asks, in a stack that is guarded. A lock also keeps what is below it, rights included: to
 * take a right away, release the stack first (`protection: released`).
 *
 * @see https://learn.microsoft.com/azure/azure-resource-manager/management/lock-resources
 */
export function lock(name: string, { rules, naming }: Site, scope: pulumi.Input<string>, child: ChildOptions): void {
    if (rules.protection !== "guarded") return;
    new ManagementLockByScope(
        `${name}-lock`,
        {
            lockName: naming("lock", "keep"),
            level: "CanNotDelete",
            notes: "Holds data of the platform. Set protection: released in the stack file to take this lock away.",
            scope,
        },
        child,
    );
}
