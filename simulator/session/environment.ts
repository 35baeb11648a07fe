import * as path from "node:path";
import type { StatePaths } from "./paths";

type Environment = Readonly<Record<string, string | undefined>>;

/** What would reach a real account, backend or cluster, or bend the engine: the user's own settings of the tools that a simulated run uses. */
const foreign =
    /^(PULUMI_|AWS_|ARM_|AZURE_|GOOGLE_|GCLOUD_|CLOUDSDK_|ALIBABA|DIGITALOCEAN_|HELM_|KUBE|K8S_|VAULT_|TF_|TARS_SIMULATOR_)/;

/** The user's environment without anything that belongs to a real cloud, cluster or backend. */
export function withoutForeign(user: Environment): Record<string, string> {
    const kept: Record<string, string> = {};
    for (const [name, value] of Object.entries(user)) {
        if (value !== undefined && !foreign.test(name)) kept[name] = value;
    }
    return kept;
}

/**
 * Environment of every child of a simulated run.
 *
 * @param plugins what `layOutPlugins` returned: a PATH in it goes before the user's
 */
export function childEnvironment(
    paths: StatePaths,
    stack: string,
    token: string,
    plugins: Environment,
): Record<string, string> {
    const { PATH: pluginPath, ...pluginSettings } = plugins;
    const user = withoutForeign(process.env);
    const set: Record<string, string> = {
        ...user,
        PULUMI_HOME: paths.pulumiHome,
        PULUMI_BACKEND_URL: `file://${paths.backend}`,
        PULUMI_CONFIG_PASSPHRASE_FILE: paths.passphrase,
        PULUMI_STACK: stack,
        PULUMI_SKIP_UPDATE_CHECK: "true",
        // Else a destroy or refresh runs without the program, and so without its look at which cluster this is (ADR 6).
        PULUMI_RUN_PROGRAM: "true",
        // The engine and its plugins live for one command each; collecting garbage as often as a server does is a fifth of their time.
        GOGC: user.GOGC ?? "400",
        // Without it the engine would fetch a plugin that is not laid out for this run.
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        KUBECONFIG: paths.kubeconfig,
        TARS_SIMULATOR_TOKEN: token,
        // For the plugins of simulated clouds: the run's folder, and what they keep in it.
        TARS_SIMULATOR_STATE: paths.directory,
        TARS_SIMULATOR_CLOUD: paths.clouds,
        // For the kubernetes plugin.
        TARS_SIMULATOR_STANDINS: paths.standins,
    };
    for (const [name, value] of Object.entries(pluginSettings)) if (value !== undefined) set[name] = value;
    set.PATH = joinPath(pluginPath, user.PATH);
    return set;
}

/** `first` before `rest`, unless it already ends with it. */
function joinPath(first: string | undefined, rest: string | undefined): string {
    if (!first) return rest ?? "";
    if (!rest || first === rest || first.endsWith(`${path.delimiter}${rest}`)) return first;
    return `${first}${path.delimiter}${rest}`;
}

/**
 * Has an engine that changes things save its state once, at its end, instead of before and after every step: with the definitions of a mesh in it the state
 * is so large that saving took two thirds of an update. For simulated runs only: one that is cut off begins afresh (recovery.ts), whatever was saved.
 * The engine takes the setting with its experiments switched on only (pulumi 3.253.0, sdk/go/common/env/env.go); in an update they add nothing but a plan
 * of it, which nobody asks for.
 */
export const saveAtEnd = { PULUMI_SKIP_CHECKPOINTS: "true", PULUMI_EXPERIMENTAL: "true" } as const;
