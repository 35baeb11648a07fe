import { type Command, Option } from "commander";
import { exitCodes } from "../../../simulator/fault";
import { accessMatrix, isHalfOpen, isOpen, type Path } from "../access/matrix";
import { accessMermaid, accessText } from "../access/show";
import { checkProgram } from "../check";

const formats = {
    text: accessText,
    mermaid: accessMermaid,
    json: (paths: readonly Path[]) =>
        `${JSON.stringify(
            paths.map((path) => ({ ...path, open: isOpen(path) })),
            undefined,
            4,
        )}\n`,
} as const satisfies Readonly<Record<string, (paths: readonly Path[]) => string>>;

interface Flags {
    readonly format: keyof typeof formats;
}

/** `tars graph S --kind access`: who may call whom, computed from the objects that decide it. */
export function graphCommand(program: Command): void {
    program
        .command("graph")
        .description("show who may call whom in a stack, over all pairs, from its network and mesh policies")
        .argument("<stack>", "stack to look at")
        .addOption(new Option("--kind <kind>", "what to show").choices(["access"]).default("access"))
        .addOption(new Option("--format <format>", "how").choices(Object.keys(formats)).default("text"))
        .addHelpText(
            "after",
            "\nExits with 2 when network and mesh disagree about a call.\n\nExample:\n  $ npx tars graph dev --kind access",
        )
        .action(graph);
}

async function graph(stack: string, { format }: Flags): Promise<void> {
    const paths = accessMatrix(await checkProgram(stack));
    process.stdout.write(formats[format](paths));
    if (paths.some(isHalfOpen)) process.exitCode = exitCodes.found;
}
