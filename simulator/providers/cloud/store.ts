import { createHash } from "node:crypto";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Fault } from "../../fault";
import { field, listField, numberField, readIfThere, textField, writePrivateFile } from "../../system/files";
import { tryLock } from "../../system/lock";
import type { Properties } from "../properties";
import type { CloudRecord, CloudView } from "./kind";
import { isObject, textsAt } from "./values";

/** The folder of a run's simulated clouds, which the session names. */
export function cloudFolder(): string {
    const folder = process.env.TARS_SIMULATOR_CLOUD;
    if (!folder)
        throw new Error("TARS_SIMULATOR_CLOUD must name the folder that the run keeps its simulated clouds in");
    return folder;
}

/** What exists, open to changes. */
export interface CloudDraft extends CloudView {
    put(record: CloudRecord): void;
    remove(record: Pick<CloudRecord, "type" | "id">): void;
    /** Forty hexadecimal digits that were never given before. */
    unique(urn: string): string;
}

/**
 * One simulated cloud: a JSON file that outlives the plugin. Several plugins may serve one cloud at a time (the engine starts one for each
 * provider of a program), so whoever changes it holds a lock, and the file is replaced as a whole.
 */
export class CloudStore {
    private readonly file: string;
    private readonly lock: string;

    constructor(
        folder: string,
        cloud: string,
        private readonly same = (a: string, b: string) => a === b,
    ) {
        this.file = join(folder, `${cloud}.json`);
        this.lock = join(folder, `${cloud}.lock`);
    }

    read(): CloudView {
        return this.open();
    }

    /** Runs `work` on what exists and keeps what it changed; nothing is kept when it throws. */
    async change<T>(work: (draft: CloudDraft) => T): Promise<T> {
        for (;;) {
            const taken = tryLock(this.lock, "a simulated cloud's plugin");
            if ("release" in taken) {
                try {
                    return this.apply(work);
                } finally {
                    taken.release();
                }
            }
            await sleep(5);
        }
    }

    private apply<T>(work: (draft: CloudDraft) => T): T {
        const books = this.open();
        const result = work(books);
        writePrivateFile(this.file, books.toText());
        return result;
    }

    private open(): Books {
        return new Books(this.file, readIfThere(this.file), this.same);
    }
}

class Books implements CloudDraft {
    private readonly records = new Map<string, CloudRecord>();
    private serial: number;

    constructor(
        file: string,
        text: string | undefined,
        private readonly same: (a: string, b: string) => boolean,
    ) {
        const content = text === undefined ? {} : parse(file, text);
        this.serial = numberField(content, "serial") ?? 0;
        for (const record of listField(content, "resources").map(toRecord)) this.put(record);
    }

    all(type: string): readonly CloudRecord[] {
        return [...this.records.values()].filter((record) => record.type === type);
    }

    get(type: string, id: string): CloudRecord | undefined {
        return this.find([type], "id", id);
    }

    find(types: readonly string[], by: string, value: string): CloudRecord | undefined {
        const names = ({ id, outputs }: CloudRecord) => (by === "id" ? [id] : textsAt(outputs, by));
        return types
            .flatMap((type) => this.all(type))
            .find((record) => names(record).some((name) => this.same(name, value)));
    }

    put(record: CloudRecord): void {
        this.records.set(keyOf(record), record);
    }

    remove(record: Pick<CloudRecord, "type" | "id">): void {
        this.records.delete(keyOf(record));
    }

    unique(urn: string): string {
        this.serial += 1;
        return createHash("sha1").update(`${this.serial} ${urn}`).digest("hex");
    }

    toText(): string {
        return `${JSON.stringify({ simulated: true, serial: this.serial, resources: [...this.records.values()] }, undefined, 2)}\n`;
    }
}

const keyOf = ({ type, id }: Pick<CloudRecord, "type" | "id">) => `${type} ${id}`;

function parse(file: string, text: string): unknown {
    try {
        return JSON.parse(text);
    } catch {
        throw new Fault(`${file} is not JSON: the simulated cloud cannot be read`, "start anew with: npx tars down");
    }
}

function toRecord(content: unknown): CloudRecord {
    const text = (name: string) => textField(content, name) ?? "";
    return {
        type: text("type"),
        id: text("id"),
        urn: text("urn"),
        inputs: toProperties(field(content, "inputs")),
        outputs: toProperties(field(content, "outputs")),
        ready: field(content, "ready") === true,
    };
}

/** Read from a file of our own, where only JSON can be. */
function toProperties(content: unknown): Properties {
    const parsed: Properties = JSON.parse(JSON.stringify(content ?? {}));
    return isObject(parsed) ? parsed : {};
}
