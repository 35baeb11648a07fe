import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { numberField, readJsonIfThere, textField } from "../../system/files";

export type Operation = "create" | "read" | "update" | "delete" | "invoke";

/**
 * Trouble that a test orders, in the file `faults.json` beside the simulated clouds: a list of
 * `{ "type": "aws:ec2/vpc:Vpc", "operation": "create", "call": 2, "message": "out of capacity", "delayMs": 500 }`.
 * Without `operation` every kind of call counts, without `call` each of them is meant, with `name` only those of that resource. Calls are counted from the start of a plugin, which is
 * a run of the engine. `message` makes the call fail, `delayMs` makes it slow, before it fails or goes on.
 */
export class Faults {
    private readonly calls = new Map<string, number>();
    private readonly file: string;

    constructor(folder: string) {
        this.file = join(folder, "faults.json");
    }

    /** @param name the resource's in the program; empty of a function */
    async strike(type: string, operation: Operation, name = ""): Promise<void> {
        const counts = { any: this.count(type), own: this.count(`${type} ${operation}`) };
        const content = readJsonIfThere(this.file);
        for (const fault of Array.isArray(content) ? content : []) {
            const ordered = textField(fault, "operation");
            const call = numberField(fault, "call");
            if (textField(fault, "type") !== type || (textField(fault, "name") ?? name) !== name) continue;
            if (ordered !== undefined && ordered !== operation) continue;
            if (call !== undefined && call !== (ordered === undefined ? counts.any : counts.own)) continue;
            await sleep(numberField(fault, "delayMs") ?? 0);
            const message = textField(fault, "message");
            if (message !== undefined) throw new Error(message);
        }
    }

    private count(key: string): number {
        const count = (this.calls.get(key) ?? 0) + 1;
        this.calls.set(key, count);
        return count;
    }
}
