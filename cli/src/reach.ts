import * as fs from "node:fs";
import * as net from "node:net";
import * as os from "node:os";
import * as path from "node:path";
import { parse } from "yaml";
import { exitCodes, Fault } from "../../simulator/fault";
import { field, listField, textField } from "../../simulator/system/files";

/**
 * Tries the API server that the user's kubeconfig leads to. @returns what was found, in words
 *
 * @param variable what KUBECONFIG says: a list of files, of which those that are not there are left out
 * @see https://kubernetes.io/docs/concepts/configuration/organize-cluster-access-kubeconfig/#merging-kubeconfig-files
 * @throws Fault when a file cannot be read or the server cannot be reached
 */
export async function reachByKubeconfig(variable: string | undefined): Promise<string> {
    const listed = (variable ?? "").split(path.delimiter).filter((file) => file !== "");
    const files = listed.length > 0 ? [...new Set(listed)] : [path.join(os.homedir(), ".kube", "config")];
    const found = files.filter((file) => fs.existsSync(file));
    if (found.length === 0) return `none at ${files.join(" or ")}: only the embedded cluster can be used`;
    const place = found.join(" and ");
    const server = serverOf(found.map(readKubeconfig));
    if (server === undefined) return `${place} names no cluster: only the embedded cluster can be used`;
    return reach(server, place);
}

/** Address of the API server that the current context names, if it names one. Of several files, the first that says something counts. */
function serverOf(configs: readonly unknown[]): URL | undefined {
    const current = configs.map((config) => textField(config, "current-context")).find(Boolean);
    const context = field(named(configs, "contexts", current), "context");
    const cluster = field(named(configs, "clusters", textField(context, "cluster")), "cluster");
    const server = textField(cluster, "server");
    return server !== undefined && URL.canParse(server) ? new URL(server) : undefined;
}

function named(configs: readonly unknown[], list: string, name: string | undefined): unknown {
    return configs.flatMap((config) => listField(config, list)).find((entry) => textField(entry, "name") === name);
}

function readKubeconfig(file: string): unknown {
    const text = readable(file, () => fs.readFileSync(file, "utf8"), "give yourself read access to it");
    return readable(file, () => parse(text), "correct it");
}

/** Whatever is wrong with a user's own file, it is theirs to mend. */
function readable<T>(file: string, read: () => T, fix: string): T {
    try {
        return read();
    } catch (error) {
        const [reason = ""] = (error instanceof Error ? error.message : String(error)).split("\n");
        throw new Fault(
            `the kubeconfig ${file} cannot be read: ${reason.replace(/:$/, "")}`,
            `${fix}, or let KUBECONFIG name another file`,
            exitCodes.prerequisite,
        );
    }
}

function reach(server: URL, place: string): Promise<string> {
    const port = Number(server.port || (server.protocol === "http:" ? 80 : 443));
    return new Promise((resolve, reject) => {
        const socket = net.connect({ host: server.hostname.replace(/^\[|\]$/g, ""), port });
        const fail = (why: string): void => {
            socket.destroy();
            reject(
                new Fault(
                    `the cluster of ${place}, ${server.origin}, cannot be reached: ${why}`,
                    "check network and VPN, or choose another context: kubectl config use-context NAME",
                    exitCodes.prerequisite,
                ),
            );
        };
        socket.setTimeout(5_000, () => fail("no answer within 5s"));
        socket.on("error", (error) => fail(error.message));
        socket.on("connect", () => {
            socket.end();
            resolve(`${place} reaches ${server.origin}`);
        });
    });
}
