import * as fs from "node:fs";
import * as path from "node:path";
import { field, listField, onDisk, readJsonIfThere, textField } from "../system/files";
import { shortName } from "./events";
import type { ApiClient } from "./kubernetes";
import type { StatePaths } from "./paths";
import { stateFile } from "./recovery";

/** One resource as the engine's state or a simulated cloud has it. */
export interface Thing {
    readonly type: string;
    readonly id: string;
    readonly urn: string;
    /** Options that the engine keeps with it. */
    readonly protect: boolean;
    readonly retainOnDelete: boolean;
}

/** What there is after a stack's end, and what was to stay. */
export interface Remains {
    /** What the program declared to stay, as the state had it before. */
    readonly retained: readonly Thing[];
    readonly inState: readonly Thing[];
    /** Undefined for a stack on an existing cluster. */
    readonly inCloud: readonly Thing[] | undefined;
    /** Objects of the stack in a cluster that is not its own. */
    readonly inCluster: readonly string[];
}

/** What is there and should not be, and the other way round, in words. A thing is known by what it is, not by who says to have made it. */
export function leftovers({ retained, inState, inCloud, inCluster }: Remains): readonly string[] {
    const left = (inCloud ?? []).filter(isThere);
    const cloudOwn = inCloud === undefined ? [] : retained.filter(isInCloud);
    return [
        ...inState.map(({ urn }) => `${shortName(urn)} is in the state still`),
        ...without(left, retained).map(({ urn, id }) => `${shortName(urn)} (${id}) was left behind`),
        ...without(cloudOwn, left).map(({ urn, id }) => `${shortName(urn)} (${id}) was to stay and is gone`),
        ...inCluster.map((object) => `${object} was left in the cluster`),
    ];
}

function without(things: readonly Thing[], others: readonly Thing[]): readonly Thing[] {
    const keys = new Set(others.map(keyOf));
    return things.filter((thing) => !keys.has(keyOf(thing)));
}

const keyOf = ({ type, id }: Thing) => `${type} ${id}`;

/** A deleted vault or key leaves a note, so that its name stays taken; its type is no token (simulator/providers/azure/tokens.ts). */
const isThere = ({ type }: Thing) => type.includes(":");

/** Only what a simulated cloud holds can be looked for in it. */
const isInCloud = ({ type }: Thing) => /^(aws|azure-native):/.test(type);

export function thingsInState(paths: StatePaths, stack: string): readonly Thing[] {
    const latest = field(field(readJsonIfThere(stateFile(paths, stack)), "checkpoint"), "latest");
    return listField(latest, "resources").map(thingOf);
}

/** All that is in the simulated clouds (simulator/providers/cloud/store.ts). */
export function thingsInCloud({ clouds }: StatePaths): readonly Thing[] {
    const names = onDisk(clouds, () => (fs.existsSync(clouds) ? fs.readdirSync(clouds) : []));
    return names
        .filter((name) => name.endsWith(".json"))
        .flatMap((name) => listField(readJsonIfThere(path.join(clouds, name)), "resources"))
        .map(thingOf);
}

function thingOf(record: unknown): Thing {
    return {
        type: textField(record, "type") ?? "",
        id: textField(record, "id") ?? "",
        urn: textField(record, "urn") ?? "",
        protect: field(record, "protect") === true,
        retainOnDelete: field(record, "retainOnDelete") === true,
    };
}

/** Every object that has the platform's label, of whatever kind the API server knows, with a namespace or without one. */
export async function objectsOfPlatform(api: ApiClient): Promise<readonly string[]> {
    const groups = listField(await api.get("/apis"), "groups").flatMap(
        (group) => textField(field(group, "preferredVersion"), "groupVersion") ?? [],
    );
    const versions = ["/api/v1", ...groups.map((group) => `/apis/${group}`)];
    return (await Promise.all(versions.map((version) => objectsOf(api, version)))).flat().sort();
}

async function objectsOf(api: ApiClient, version: string): Promise<readonly string[]> {
    const kinds = listField(await api.get(version), "resources").filter((kind) =>
        listField(kind, "verbs").includes("list"),
    );
    const found = kinds.map(async (kind) => {
        const selected = `${version}/${textField(kind, "name")}?labelSelector=${platformSelector}`;
        return listField(await api.get(selected), "items").map(
            (object) => `${textField(kind, "kind")} ${place(object)}`,
        );
    });
    return (await Promise.all(found)).flat();
}

/** Everything that the program makes has it (platformLabels in components/foundation/labels.ts). */
const platformSelector = encodeURIComponent("app.kubernetes.io/part-of=tars");

function place(object: unknown): string {
    const metadata = field(object, "metadata");
    return [textField(metadata, "namespace"), textField(metadata, "name")].filter(Boolean).join("/");
}
