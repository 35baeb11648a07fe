import * as path from "node:path";
import { prepared } from "./prepared";
import type { Ended } from "./servers";

const scripts = path.resolve(__dirname, "..", "..", "components", "data", "drills", "scripts");

/** The words by which a pod runs one of the scripts. */
export function script(name: string): readonly string[] {
    return [prepared().python, "-B", path.join(scripts, `${name}.py`)];
}

/** What it said last. */
export function said({ stdout }: Ended) {
    return JSON.parse(stdout.trim().split("\n").at(-1) ?? "");
}
