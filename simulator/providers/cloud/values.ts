import { hasUnknown, type Properties, type Value } from "../properties";

/** What stands at a path such as `vpcConfig.subnetIds`. A list on the way, or at its end, stands for each of its items. */
export function valuesAt(value: Value | undefined, path: string): Value[] {
    return path === ""
        ? items(value)
        : path.split(".").reduce((found, name) => found.flatMap(within(name)), [value ?? null]);
}

/** The strings at a path; anything else there, such as a value that is not known yet, is left out. */
export function textsAt(value: Value | undefined, path: string): string[] {
    return valuesAt(value, path)
        .filter((found) => typeof found === "string" && !hasUnknown(found))
        .map(String);
}

export function textAt(value: Value | undefined, path: string): string | undefined {
    return textsAt(value, path)[0];
}

export function numberAt(value: Value | undefined, path: string): number | undefined {
    return valuesAt(value, path).find((found) => typeof found === "number");
}

export function isTrue(value: Value | undefined, path: string): boolean {
    return valuesAt(value, path).includes(true);
}

/** The object at a path, empty where there is none. */
export function mapAt(value: Value | undefined, path: string): Properties {
    return valuesAt(value, path).filter(isObject)[0] ?? {};
}

export function isObject(value: Value | undefined): value is Properties {
    return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Without the properties that are not wholly known yet. */
export function knownOf(properties: Properties): Properties {
    return Object.fromEntries(Object.entries(properties).filter(([, value]) => !hasUnknown(value)));
}

const within =
    (name: string) =>
    (value: Value): Value[] =>
        items(value).flatMap((item) => (isObject(item) ? items(item[name]) : []));

function items(value: Value | undefined): Value[] {
    if (value === undefined || value === null) return [];
    return Array.isArray(value) ? value.flatMap(items) : [value];
}
