import * as fs from "node:fs";
import type { Command } from "commander";
import { exitCodes, Fault } from "../../../simulator/fault";
import { readPreview } from "../preview/read";
import { previewReport } from "../preview/report";

interface ReportOptions {
    readonly stack: string;
    readonly preview: string;
    readonly errors?: string;
    readonly exitCode: string;
    readonly out?: string;
}

/** `tars report`: a preview as a reviewer reads it. Ends with 0 once the report is written, whatever the preview came to. */
export function reportCommand(program: Command): void {
    program
        .command("report")
        .description("write what a preview would do, as Markdown for a pull request")
        .requiredOption("--stack <name>", "stack that was previewed")
        .requiredOption("--preview <file>", "what pulumi preview --json printed; - is standard input")
        .option("--errors <file>", "what pulumi printed to standard error; shown when the preview failed")
        .option("--exit-code <number>", "what pulumi ended with", "0")
        .option("--out <file>", "write the report here instead of to standard output")
        .addHelpText(
            "after",
            "\nExamples:\n  $ npx tars pulumi preview --json | npx tars report --stack dev --preview -" +
                "\n\nPolicy findings are in the output only with PULUMI_ENABLE_STREAMING_JSON_PREVIEW=true (.ci/preview sets it).",
        )
        .action(report);
}

function report({ stack, preview, errors, exitCode, out }: ReportOptions): void {
    if (!/^\d{1,3}$/.test(exitCode))
        throw new Fault(`--exit-code ${exitCode} is none`, "give a number from 0 to 255", exitCodes.configuration);
    const text = previewReport({
        stack,
        preview: readPreview(read(preview)),
        talk: errors === undefined ? "" : read(errors),
        exitCode: Number(exitCode),
    });
    if (out === undefined) process.stdout.write(text);
    else onFile(out, "written", () => fs.writeFileSync(out, text));
}

function read(file: string): string {
    return onFile(file, "read", () => fs.readFileSync(file === "-" ? 0 : file, "utf8"));
}

function onFile<T>(file: string, what: string, work: () => T): T {
    try {
        return work();
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Fault(`${file} cannot be ${what}: ${reason}`, "give another file", exitCodes.configuration);
    }
}
