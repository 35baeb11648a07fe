import type { Command } from "commander";

/** `tars schema`: the JSON schema of stack files, for editors and checks. */
export function schemaCommand(program: Command): void {
    program
        .command("schema")
        .description("print the JSON schema of stack files (Pulumi.<stack>.yaml)")
        .addHelpText("after", "\nExamples:\n  $ npx tars schema > stack.schema.json")
        .action(schema);
}

function schema(): void {
    const { stackFileJsonSchema }: typeof import("../../../components/settings/jsonSchema") =
        require("../../../components/settings/jsonSchema");
    const clouds: typeof import("../../../components/cloud/registry") = require("../../../components/cloud/registry");
    process.stdout.write(`${JSON.stringify(stackFileJsonSchema(clouds), undefined, 4)}\n`);
}
