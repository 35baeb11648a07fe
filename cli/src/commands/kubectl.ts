import type { Command } from "commander";
import { withoutForeign } from "../../../simulator/session/environment";
import { passThrough } from "../passThrough";
import { requireRunning } from "../running";

/** `tars kubectl ARGS...`: kubectl of the cluster's own version, on the embedded cluster. */
export function kubectlCommand(program: Command): void {
    program
        .command("kubectl")
        .description("run kubectl on the embedded cluster; everything after the command is kubectl's")
        .argument("[arguments...]", "kubectl's own arguments")
        .option("--stack <name>", "run to work on, when several are up; goes before kubectl's own words")
        .allowUnknownOption()
        .passThroughOptions()
        .helpOption(false)
        .addHelpText(
            "after",
            "\nExamples:\n  $ npx tars kubectl get pods -A\n  $ npx tars kubectl -n tars describe hpa",
        )
        .action(kubectl);
}

async function kubectl(args: readonly string[], flags: { readonly stack?: string }): Promise<void> {
    const { host, cluster } = await requireRunning(flags.stack);
    const env = { ...withoutForeign(process.env), KUBECONFIG: cluster.kubeconfig };
    process.exitCode = await passThrough({ command: host, args: ["kubectl", ...args], env });
}
