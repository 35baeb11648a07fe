import { spawn } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { projectRoot } from "../../../simulator/session/paths";
import { field, listField, textField } from "../../../simulator/system/files";
import type { ChartQuestion } from "./declared";

/** What became of a chart. */
export type RenderedChart =
    | { readonly kind: "unreachable"; readonly reason: string }
    | {
          readonly kind: "rendered";
          /** What is wrong with the chart or its values. */
          readonly problems: readonly string[];
          readonly objects: readonly unknown[];
          /** Kind and name of each hook, which no update runs. */
          readonly hooks: readonly string[];
          /** The strictest level that lets all its pods in; undefined when it has none. */
          readonly podSecurity: string | undefined;
      };

/**
 * Has the host render each chart, in a scratch folder of Helm's own: nothing that a person keeps for Helm is changed but read, such as logins.
 *
 * @param host path of tars-host
 */
export async function renderCharts(
    host: string,
    questions: readonly ChartQuestion[],
    signal: AbortSignal,
): Promise<readonly RenderedChart[]> {
    const scratch = fs.mkdtempSync(path.join(os.tmpdir(), "tars-charts-"));
    try {
        const lines = await ask(host, questions.map((question) => `${JSON.stringify(question)}\n`).join(""), {
            cwd: projectRoot,
            env: { ...process.env, HELM_CACHE_HOME: scratch, HELM_DATA_HOME: scratch },
            signal,
        });
        if (lines.length !== questions.length)
            throw new Error(`chart-render gave ${lines.length} answers to ${questions.length} questions`);
        return lines.map((line) => answerOf(JSON.parse(line)));
    } finally {
        fs.rmSync(scratch, { recursive: true, force: true });
    }
}

interface Surroundings {
    readonly cwd: string;
    readonly env: NodeJS.ProcessEnv;
    readonly signal: AbortSignal;
}

function ask(host: string, input: string, surroundings: Surroundings): Promise<readonly string[]> {
    return new Promise((resolve, reject) => {
        const child = spawn(host, ["chart-render"], { ...surroundings, stdio: ["pipe", "pipe", "pipe"] });
        const [said, told]: [Buffer[], Buffer[]] = [[], []];
        child.stdout.on("data", (part: Buffer) => said.push(part));
        child.stderr.on("data", (part: Buffer) => told.push(part));
        child.on("error", reject);
        child.on("close", (code) => {
            if (code === 0) resolve(Buffer.concat(said).toString().split("\n").filter(Boolean));
            else reject(new Error(`chart-render ended with ${code}: ${Buffer.concat(told).toString().trim()}`));
        });
        // The host ends at a line that it cannot read, and tells why by its exit.
        child.stdin.on("error", () => undefined);
        child.stdin.end(input);
    });
}

function answerOf(answer: unknown): RenderedChart {
    const reason = textField(answer, "unreachable");
    if (reason !== undefined) return { kind: "unreachable", reason };
    const texts = (name: string) => listField(answer, name).map(String);
    return {
        kind: "rendered",
        problems: texts("problems"),
        objects: listField(answer, "objects"),
        hooks: listField(answer, "hooks").map((hook) => `${field(hook, "kind")} ${field(hook, "name")}`),
        podSecurity: textField(answer, "podSecurity"),
    };
}
