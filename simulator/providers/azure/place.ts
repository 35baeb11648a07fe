import type { CloudRecord, CloudView, Subject } from "../cloud/kind";
import { textAt } from "../cloud/values";
import type { InputIssue } from "../protocol";
import type { ArmKind } from "./arm";
import { groupOf, idAt, isSubscription, isWithin, parametersOf, parentOf, sameId, subscriptionId } from "./ids";
import { pages } from "./sources";
import { allTokens, tokens } from "./tokens";

/** Whether something with this id is there and ready. */
export function exists(cloud: CloudView, id: string): boolean {
    if (isSubscription(id)) return true;
    if (cloud.find(allTokens, "id", id)?.ready) return true;
    if (secretOf.test(id)) return isKept(cloud, id);
    // Every storage account has this one, whether a program sets it or not.
    return /\/blobServices\/default$/i.test(id) && exists(cloud, parentOf(id));
}

const secretOf = /\/providers\/Microsoft\.KeyVault\/vaults\/[^/]+\/secrets\/[^/]+$/i;

/** People keep secrets, and no program makes any: in a vault of the stack's, or in one of a group that is none of the stack's. */
function isKept(cloud: CloudView, id: string): boolean {
    return !exists(cloud, groupOf(id)) || exists(cloud, parentOf(id));
}

/** Whether the place that a resource is to have is there, and open to changes. */
export function checkPlace(arm: Pick<ArmKind, "path" | "special">, { inputs, cloud }: Subject): InputIssue[] {
    const id = idAt(arm.path, inputs);
    return [
        ...(arm.special === "made" ? [] : missingPlace(arm.path, id, cloud)),
        ...locksOn(id, cloud)
            .filter((lock) => textAt(lock.outputs, "level") === "ReadOnly")
            .map((lock) => ({ property: "id", reason: `is below the read-only lock ${lock.id} (${pages.locks})` })),
    ];
}

function missingPlace(path: string, id: string, cloud: CloudView): InputIssue[] {
    const parameters = parametersOf(path);
    const [first = "id"] = parameters;
    const places = parameters.includes("resourceGroupName") ? [groupOf(id), parentOf(id)] : [parentOf(id)];
    const missing = [...new Set(places)].find(
        (place) => !sameId(place, subscriptionId) && place !== id && !exists(cloud, place),
    );
    return missing === undefined ? [] : [{ property: first, reason: `names a place that does not exist: ${missing}` }];
}

/** Why a resource cannot be deleted: a lock, or what would go with it. */
export function reasonToStay(record: CloudRecord, cloud: CloudView, pastLocks: boolean): string | undefined {
    if (record.type === tokens.lock) return undefined;
    const [lock] = pastLocks ? [] : locksOn(record.id, cloud);
    if (lock !== undefined)
        return `ScopeLocked: ${lock.id} (${textAt(lock.outputs, "level")}) is to be deleted first (${pages.locks})`;
    const inside = allTokens.flatMap((token) => cloud.all(token)).filter((other) => isPart(record.id, other.id));
    if (inside.length === 0) return undefined;
    const ids = inside.map(({ id }) => id).join(", ");
    return `Azure would delete with it what the program still has, or keeps on purpose: ${ids}`;
}

/** A lock holds everything at and below its scope, role assignments and diagnostic settings included. */
function locksOn(id: string, cloud: CloudView): readonly CloudRecord[] {
    return cloud.all(tokens.lock).filter((lock) => isWithin(textAt(lock.outputs, "scope") ?? "", id));
}

/** Whether deleting `outer` takes `inner` away; what is only put on a resource, such as a lock or a role assignment, does not count. */
function isPart(outer: string, inner: string): boolean {
    if (!isWithin(outer, inner) || sameId(outer, inner)) return false;
    return !/\/providers\/Microsoft\.(Authorization|Insights\/diagnosticSettings)/i.test(inner.slice(outer.length));
}
