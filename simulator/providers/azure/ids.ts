import type { Properties } from "../properties";

/** What Microsoft's own documentation puts where a subscription or tenant belongs; no real one has it. */
export const exampleId = "00000000-0000-0000-0000-000000000000";
export const subscriptionId = `/subscriptions/${exampleId}`;

/** Names of the parameters of a path such as `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}`. */
export function parametersOf(path: string): readonly string[] {
    return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = ""]) => name).filter((name) => name !== "subscriptionId");
}

/** The id of a resource: its path with its own names in place. */
export function idAt(path: string, inputs: Properties): string {
    const filled = path.replaceAll(/\{(\w+)\}/g, (_, name: string) =>
        name === "subscriptionId"
            ? exampleId
            : String(inputs[name] ?? "").replace(/^\/(?=.)/, name === "scope" ? "/" : ""),
    );
    return `/${filled.replace(/^\/+/, "")}`;
}

/** `Microsoft.Network/virtualNetworks/subnets` of the path of a subnet. */
export function typeAt(path: string): string {
    const [namespace = "", ...rest] = (path.split("/providers/").at(-1) ?? "").split("/");
    if (path.split("/providers/").length === 1) return "Microsoft.Resources/resourceGroups";
    return [namespace, ...rest.filter((_, index) => index % 2 === 0)].join("/");
}

/** Resource Manager makes no difference between letters and capitals. */
export const sameId = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/** Whether a resource is `scope` or lies below it. */
export function isWithin(scope: string, id: string): boolean {
    const [outer, inner] = [scope.toLowerCase().replace(/\/+$/, ""), id.toLowerCase()];
    return inner === outer || inner.startsWith(`${outer}/`);
}

/** The id without its last type and name: what the resource is a part of. */
export function parentOf(id: string): string {
    const segments = id.split("/").slice(0, -2);
    return segments.at(-2) === "providers" ? segments.slice(0, -2).join("/") : segments.join("/");
}

export const groupOf = (id: string): string => id.split("/").slice(0, 5).join("/");
export const nameOfId = (id: string): string => id.split("/").at(-1) ?? "";
export const isSubscription = (id: string): boolean => sameId(id, subscriptionId);

/** A GUID of forty digits that nothing else has; `part` tells two GUIDs of one resource apart. */
export function guidFrom(unique: string, part = 0): string {
    const digits = unique.slice(part) + unique.slice(0, part);
    return [
        digits.slice(0, 8),
        digits.slice(8, 12),
        `4${digits.slice(13, 16)}`,
        `8${digits.slice(17, 20)}`,
        digits.slice(20, 32),
    ].join("-");
}
