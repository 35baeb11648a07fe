import { Command, CommanderError } from "commander";
import { version } from "../../package.json";
import { exitCodes } from "../../simulator/fault";
import { showFailure } from "./failure";

interface Row {
    readonly name: string;
    readonly summary: string;
    /** Adds the command with its options to the program; loads what the command needs, and nothing else does. */
    readonly load: () => (program: Command) => void;
}

const rows: readonly Row[] = [
    {
        name: "start",
        summary: "bring a stack up on the embedded cluster",
        load: () => require("./commands/start").startCommand,
    },
    { name: "down", summary: "stop everything that was started", load: () => require("./commands/down").downCommand },
    {
        name: "status",
        summary: "say what is running and where",
        load: () => require("./commands/status").statusCommand,
    },
    {
        name: "kubectl",
        summary: "kubectl on the embedded cluster",
        load: () => require("./commands/kubectl").kubectlCommand,
    },
    {
        name: "pulumi",
        summary: "the engine on the simulated stack",
        load: () => require("./commands/pulumi").pulumiCommand,
    },
    {
        name: "render",
        summary: "write a stack's Kubernetes objects as YAML",
        load: () => require("./commands/render").renderCommand,
    },
    {
        name: "policy",
        summary: "check a stack or any Kubernetes YAML",
        load: () => require("./commands/policy").policyCommand,
    },
    {
        name: "graph",
        summary: "show who may call whom in a stack",
        load: () => require("./commands/graph").graphCommand,
    },
    {
        name: "images",
        summary: "lock a stack's images to what their tags stand for now",
        load: () => require("./commands/images").imagesCommand,
    },
    {
        name: "simulate",
        summary: "bring a stack up, prove it, take it down",
        load: () => require("./commands/simulate").simulateCommand,
    },
    {
        name: "report",
        summary: "write what a preview would do, for a pull request",
        load: () => require("./commands/report").reportCommand,
    },
    { name: "doctor", summary: "check what a run needs", load: () => require("./commands/doctor").doctorCommand },
    {
        name: "schema",
        summary: "print the JSON schema of stack files",
        load: () => require("./commands/schema").schemaCommand,
    },
];

const examples = `
Examples:
  $ npx tars start                      bring the dev stack up (the same as npm start)
  $ npx tars kubectl get pods -A        look at what runs
  $ npx tars pulumi preview             see what a change would do
  $ npx tars render dev --out rendered  read the objects without a cluster
  $ npx tars down                       stop everything, keep the state

Exit codes: 0 done, 1 fault, 2 violations or changes found, 3 bad configuration, 4 prerequisite missing, 130 interrupted`;

/** Runs the command that `argv` names and ends the process with its exit code. */
export async function main(argv: readonly string[]): Promise<void> {
    const program = commandLine(argv);
    try {
        await program.parseAsync([...argv]);
        process.exitCode ??= exitCodes.done;
    } catch (error) {
        process.exitCode = error instanceof CommanderError ? usageCode(error) : showFailure(error);
    }
}

/** The command line with only the named command loaded; the others are known by name. */
export function commandLine(argv: readonly string[]): Command {
    const program = new Command("tars")
        .description("T.A.R.S. platform: try, prove and inspect its stacks")
        .version(version)
        .addHelpText("after", examples)
        .enablePositionalOptions()
        .exitOverride()
        .configureHelp({ helpWidth: 110 });
    const named = argv.slice(2).find((word) => !word.startsWith("-"));
    const helped = named === "help" ? argv[argv.indexOf("help") + 1] : named;
    for (const row of rows) {
        if (row.name === helped) row.load()(program);
        else program.command(row.name).description(row.summary);
    }
    return program;
}

/** Help and version are no errors; everything else that commander refuses is a wrong command line. */
function usageCode(error: CommanderError): number {
    return error.exitCode === 0 ? exitCodes.done : exitCodes.configuration;
}
