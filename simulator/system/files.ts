import * as fs from "node:fs";
import * as path from "node:path";
import { exitCodes, Fault } from "../fault";

const fixes: Readonly<Record<string, string>> = {
    ENOSPC: "free space on that disk, or set TARS_STATE_DIR and TARS_CACHE_DIR to folders with room",
    EDQUOT: "free space within your quota, or set TARS_STATE_DIR and TARS_CACHE_DIR to folders with room",
    EACCES: "give yourself read and write access to it, or set TARS_STATE_DIR to a folder of your own",
    EPERM: "give yourself read and write access to it, or set TARS_STATE_DIR to a folder of your own",
    EROFS: "set TARS_STATE_DIR to a folder that can be written",
    ENOTDIR: "remove the file that stands where a folder must be, or set TARS_STATE_DIR to another folder",
    EEXIST: "remove the file that stands where a folder must be, or set TARS_STATE_DIR to another folder",
};

/** The code of a failed system call (`ENOENT` ...), or undefined for any other error. */
export function systemCode(error: unknown): string | undefined {
    return textField(error, "code");
}

/** Runs `work`; a system error that a person can mend becomes a Fault naming the place, anything else passes. */
export function onDisk<T>(place: string, work: () => T): T {
    try {
        return work();
    } catch (error) {
        throw diskFault(place, error) ?? error;
    }
}

/** The Fault for a disk that is full, closed to us or not what it should be; undefined for any other error. */
export function diskFault(place: string, error: unknown): Fault | undefined {
    const code = systemCode(error);
    const fix = code === undefined ? undefined : fixes[code];
    if (fix === undefined) return undefined;
    const where = textField(error, "path") ?? place;
    const reason = (textField(error, "message") ?? "").replace(/^[A-Z]+: /, "").replace(/, .*$/, "");
    return new Fault(`cannot use ${where}: ${reason} (${code})`, fix, exitCodes.prerequisite);
}

/** Makes `directory` and its parents, readable by the owner only. */
export function makePrivateDirectory(directory: string): void {
    onDisk(directory, () => {
        fs.mkdirSync(directory, { recursive: true, mode: 0o700 });
        fs.accessSync(directory, fs.constants.R_OK | fs.constants.W_OK | fs.constants.X_OK);
    });
}

/** Writes the whole file or nothing, readable by the owner only. */
export function writePrivateFile(file: string, text: string): void {
    onDisk(file, () => {
        makePrivateDirectory(path.dirname(file));
        const beside = `${file}.${process.pid}.new`;
        try {
            fs.writeFileSync(beside, text, { mode: 0o600, flush: true });
            fs.renameSync(beside, file);
        } catch (error) {
            fs.rmSync(beside, { force: true });
            throw error;
        }
    });
}

/** The file's text, or undefined where there is no such file. */
export function readIfThere(file: string): string | undefined {
    return onDisk(file, () => {
        try {
            return fs.readFileSync(file, "utf8");
        } catch (error) {
            if (systemCode(error) === "ENOENT") return undefined;
            throw error;
        }
    });
}

/** The file's JSON, or undefined where there is no such file or it does not hold JSON (a write cut short). */
export function readJsonIfThere(file: string): unknown {
    const text = readIfThere(file);
    if (text === undefined) return undefined;
    try {
        return JSON.parse(text);
    } catch {
        return undefined;
    }
}

/** One field of something read from outside, without trusting its shape. */
export function field(value: unknown, name: string): unknown {
    if (typeof value !== "object" || value === null) return undefined;
    const found: unknown = Reflect.get(value, name);
    return found;
}

/** `field` where it must be a string. */
export function textField(value: unknown, name: string): string | undefined {
    const found = field(value, name);
    return typeof found === "string" ? found : undefined;
}

/** `field` where it must be a number. */
export function numberField(value: unknown, name: string): number | undefined {
    const found = field(value, name);
    return typeof found === "number" ? found : undefined;
}

/** `field` where it must be a list. */
export function listField(value: unknown, name: string): readonly unknown[] {
    const found = field(value, name);
    return Array.isArray(found) ? found : [];
}

/** For `.catch`: a path that does not exist is an answer, anything else an error. */
export function whenMissing(error: unknown): undefined {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
}
