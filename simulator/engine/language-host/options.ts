import type { ProgramInfo } from "@pulumi/pulumi/proto/language_pb";

/** Options under `runtime` in Pulumi.yaml or PulumiPolicy.yaml that decide how a program is run. */
export interface RuntimeOptions {
    /** @default true */
    readonly typescript: boolean;
    readonly tsconfig: string | undefined;
    /** Arguments for node itself. */
    readonly nodeargs: readonly string[];
}

/**
 * Options of other concerns (`packagemanager`, `production`) are let through unread, as the official host does where it does not use them.
 * @see https://github.com/pulumi/pulumi/blob/v3.253.0/sdk/nodejs/cmd/pulumi-language-nodejs/main.go parseOptions
 */
export function parseOptions(info: ProgramInfo | undefined): RuntimeOptions {
    const options: Readonly<Record<string, unknown>> = info?.getOptions()?.toJavaScript() ?? {};
    const { typescript = true, tsconfig, nodeargs = "" } = options;
    if (typeof typescript !== "boolean") throw new Error("typescript option must be a boolean");
    if (tsconfig !== undefined && typeof tsconfig !== "string") throw new Error("tsconfig option must be a string");
    if (typeof nodeargs !== "string") throw new Error("nodeargs option must be a string");
    return { typescript, tsconfig, nodeargs: splitArguments(nodeargs) };
}

/** What the SDK's loader reads from the environment. */
export function loaderEnv({ typescript, tsconfig }: RuntimeOptions): Record<string, string> {
    return {
        ...(typescript ? { PULUMI_NODEJS_TYPESCRIPT: "true" } : {}),
        ...(tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: tsconfig }),
    };
}

/** Words as a shell would split them; quotes keep spaces together. */
export function splitArguments(text: string): string[] {
    const words = text.match(/(?:[^\s"']|"[^"]*"|'[^']*')+/g) ?? [];
    return words.map((word) => word.replace(/"([^"]*)"|'([^']*)'/g, "$1$2"));
}
