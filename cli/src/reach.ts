import * as fs from "node:fs";
import { parse } from "yaml";
import { field, listField, textField } from "../../simulator/system/files";

/** Address of the API server that a kubeconfig's current context names, if it names one. */
export function serverOf(kubeconfig: string): URL | undefined {
    const config: unknown = parse(fs.readFileSync(kubeconfig, "utf8"));
    const current = textField(config, "current-context");
    const context = field(named(config, "contexts", current), "context");
    const cluster = field(named(config, "clusters", textField(context, "cluster")), "cluster");
    const server = textField(cluster, "server");
    return server !== undefined && URL.canParse(server) ? new URL(server) : undefined;
}

function named(config: unknown, list: string, name: string | undefined): unknown {
    return listField(config, list).find((entry) => textField(entry, "name") === name);
}
