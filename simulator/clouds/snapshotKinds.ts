import { setTimeout as sleep } from "node:timers/promises";
import { parseAllDocuments } from "yaml";
import { Fault } from "../fault";
import { type ApiEditor, apiClient } from "../session/kubernetes";
import type { StatePaths } from "../session/paths";
import { snapshotDefinitions } from "../standins";
import { field, listField, readIfThere, readJsonIfThere, textField } from "../system/files";

const definitions = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions";

/** The API server takes well under a second to know a kind that it is told of. */
const withinMs = 30_000;
const pollMs = 100;

/** Tells the API server of the kinds of volume snapshots, and waits until it knows them. */
export async function addSnapshotKinds(paths: StatePaths): Promise<void> {
    const api = apiClient(paths.kubeconfig);
    const objects = readDefinitions(paths);
    for (const object of objects) await api.create(definitions, object);
    for (const object of objects) await untilKnown(api, nameOf(object));
}

/** Takes them away, with every object of theirs. */
export async function removeSnapshotKinds(paths: StatePaths): Promise<void> {
    const api = apiClient(paths.kubeconfig);
    for (const object of readDefinitions(paths)) await api.remove(`${definitions}/${nameOf(object)}`);
}

/** From the run's table of stand-ins, which the session wrote before the run's first cluster. */
function readDefinitions(paths: StatePaths): readonly object[] {
    const file = textField(field(readJsonIfThere(paths.standins), "definitions"), snapshotDefinitions);
    const text = file === undefined ? undefined : readIfThere(file);
    if (text === undefined) {
        throw new Fault(
            `the run has no definitions of volume snapshots (${paths.standins})`,
            "start the run anew: npx tars down, then npx tars simulate",
        );
    }
    return [...parseAllDocuments(text)]
        .map((document): unknown => document.toJS())
        .filter((object) => typeof object === "object" && object !== null);
}

function nameOf(object: object): string {
    return textField(field(object, "metadata"), "name") ?? "";
}

async function untilKnown(api: ApiEditor, name: string): Promise<void> {
    for (const deadline = Date.now() + withinMs; ; await sleep(pollMs)) {
        const found = listField(field(await api.get(`${definitions}/${name}`), "status"), "conditions");
        const known = (condition: unknown) =>
            textField(condition, "type") === "Established" && textField(condition, "status") === "True";
        if (found.some(known)) return;
        if (Date.now() <= deadline) continue;
        throw new Fault(
            `the API server does not know ${name} after ${withinMs / 1000}s`,
            "see npx tars status, and the log of the cluster that it names",
        );
    }
}
