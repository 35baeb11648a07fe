import * as https from "node:https";
import { parse } from "yaml";
import { Fault } from "../fault";
import { field, listField, readIfThere, textField } from "../system/files";

/** Read access to one API server by its kubeconfig. */
export interface ApiClient {
    readonly server: string;
    /** The parsed answer to GET. @throws Fault when the server cannot be reached or refuses */
    get(path: string): Promise<unknown>;
}

/**
 * A client for the current context of a kubeconfig with inline certificates or a token: what `tars-host cluster run` writes.
 *
 * @throws Fault when the file is missing or names no server
 */
export function apiClient(kubeconfig: string): ApiClient {
    const config: unknown = parse(readIfThere(kubeconfig) ?? "");
    const cluster = field(listField(config, "clusters")[0], "cluster");
    const user = field(listField(config, "users")[0], "user");
    const server = textField(cluster, "server");
    if (server === undefined) throw new Fault(`${kubeconfig} names no API server`, "start the cluster: npx tars start");
    const token = textField(user, "token");
    const options: https.RequestOptions = {
        ca: decoded(cluster, "certificate-authority-data"),
        cert: decoded(user, "client-certificate-data"),
        key: decoded(user, "client-key-data"),
        headers: { accept: "application/json", ...(token === undefined ? {} : { authorization: `Bearer ${token}` }) },
        timeout: 10_000,
    };
    return { server, get: (path) => get(new URL(path, server), options) };
}

function decoded(value: unknown, name: string): string | undefined {
    const text = textField(value, name);
    return text === undefined ? undefined : Buffer.from(text, "base64").toString("utf8");
}

function get(url: URL, options: https.RequestOptions): Promise<unknown> {
    return new Promise((resolve, reject) => {
        const unreachable = (why: string): void =>
            reject(
                new Fault(
                    `the API server at ${url.origin} cannot be reached: ${why}`,
                    "see npx tars status; start it with npx tars start",
                ),
            );
        const request = https.get(url, options, (response) => {
            const parts: Buffer[] = [];
            response.on("data", (part: Buffer) => parts.push(part));
            response.on("error", (error) => unreachable(error.message));
            response.on("end", () => {
                const text = Buffer.concat(parts).toString("utf8");
                if (response.statusCode === 200) resolve(JSON.parse(text));
                else unreachable(`GET ${url.pathname} answered ${response.statusCode}`);
            });
        });
        request.on("timeout", () => request.destroy(new Error("no answer within 10s")));
        request.on("error", (error) => unreachable(error.message));
    });
}
