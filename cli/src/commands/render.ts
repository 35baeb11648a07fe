import type { Command } from "commander";
import { checkProgram } from "../check";
import { renderTarget, writeRendering } from "../rendering";

/** `tars render S --out DIR`: what the stack would put into the cluster, to be read and compared. */
export function renderCommand(program: Command): void {
    program
        .command("render")
        .description(
            "write a stack's Kubernetes objects as YAML and all its resources as JSON, with neither engine nor cluster",
        )
        .argument("<stack>", "stack to render")
        .requiredOption("--out <dir>", "folder to write: a new one, an empty one, or one that an earlier render wrote")
        .addHelpText(
            "after",
            "\nExamples:\n  $ npx tars render dev --out rendered\n  $ diff -r rendered-before rendered",
        )
        .action(render);
}

async function render(stack: string, flags: { readonly out: string }): Promise<void> {
    const target = renderTarget(flags.out);
    const registrations = await checkProgram(stack);
    const objects = writeRendering(target, registrations);
    process.stderr.write(
        `${objects} Kubernetes objects and resources.json (${registrations.length} resources) in ${target.directory}\n`,
    );
}
