import * as fs from "node:fs";
import * as path from "node:path";
import { exitCodes, Fault } from "../fault";
import { onDisk, readJsonIfThere, textField, writePrivateFile } from "../system/files";
import { type StatePaths, statePaths, stateRoot } from "./paths";

/** What a session's file says of itself: TARS_STATE_DIR may be any folder, and what is not a run there is none of our business. */
const kind = "tars-platform simulated run";

/** Writes down that `paths.directory` is a run, with what its session has to say; the first thing a session does once it holds the lock. */
export function writeSession(paths: StatePaths, session: object): void {
    writePrivateFile(paths.session, JSON.stringify({ kind, ...session }));
}

function isRun(paths: StatePaths): boolean {
    return textField(readJsonIfThere(paths.session), "kind") === kind;
}

/** Names of all runs in the state folder. */
export function knownRuns(root: string = stateRoot()): readonly string[] {
    return entriesOf(root)
        .filter((entry) => entry.isDirectory() && isRun(statePaths(entry.name, root)))
        .map((entry) => entry.name)
        .sort();
}

/** Entries of a run's folder that this project makes, or half made when it was cut off. */
export function ownNames(paths: StatePaths): readonly string[] {
    const { directory, ...places } = paths;
    const made = new Set(Object.values(places).map((place) => path.basename(place)));
    return entriesOf(directory)
        .map(({ name }) => name)
        .filter((name) => made.has(name.replace(/\.\d+\.new$/, "")));
}

/**
 * A folder may become a run when it holds nothing of anybody else's.
 *
 * @throws Fault (exit code 4) when it does, for a run's state is deleted in the end
 */
export function requireOwnFolder(paths: StatePaths): void {
    if (isRun(paths)) return;
    const own = new Set(ownNames(paths));
    const foreign = entriesOf(paths.directory).find(({ name }) => !own.has(name));
    if (foreign === undefined) return;
    throw new Fault(
        `${paths.directory} is no state of a run: it holds ${foreign.name}`,
        "move that away, or set TARS_STATE_DIR to a folder of its own",
        exitCodes.prerequisite,
    );
}

function entriesOf(directory: string): readonly fs.Dirent[] {
    return onDisk(directory, () =>
        fs.existsSync(directory) ? fs.readdirSync(directory, { withFileTypes: true }) : [],
    );
}
