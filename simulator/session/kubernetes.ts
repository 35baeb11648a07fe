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

export interface ApiEditor extends ApiClient {
    /** Makes an object. One that is there already stays as it is. @throws Fault as `get` */
    create(path: string, object: object): Promise<void>;
    /** Removes an object; done also when there is none. @throws Fault as `get` */
    remove(path: string): Promise<void>;
}

interface Answer {
    readonly status: number;
    readonly text: string;
}

/**
 * A client for the current context of a kubeconfig with inline certificates or a token: what `tars-host cluster run` writes.
 *
 * @throws Fault when the file is missing or names no server
 */
export function apiClient(kubeconfig: string): ApiEditor {
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
    const call = async (method: string, path: string, accepted: readonly number[], body?: object): Promise<string> => {
        const url = new URL(path, server);
        const { status, text } = await request(url, { ...options, method }, body);
        if (!accepted.includes(status)) throw unreachable(url, `${method} ${url.pathname} answered ${status}`);
        return text;
    };
    return {
        server,
        get: async (path) => JSON.parse(await call("GET", path, [200])),
        create: async (path, object) => void (await call("POST", path, [200, 201, 409], object)),
        remove: async (path) => void (await call("DELETE", path, [200, 202, 404])),
    };
}

function decoded(value: unknown, name: string): string | undefined {
    const text = textField(value, name);
    return text === undefined ? undefined : Buffer.from(text, "base64").toString("utf8");
}

function unreachable(url: URL, why: string): Fault {
    return new Fault(
        `the API server at ${url.origin} cannot be reached: ${why}`,
        "see npx tars status; start it with npx tars start",
    );
}

function request(url: URL, options: https.RequestOptions, body: object | undefined): Promise<Answer> {
    const headers = { ...Object(options.headers), ...(body && { "content-type": "application/json" }) };
    return new Promise((resolve, reject) => {
        const fail = (error: Error): void => reject(unreachable(url, error.message));
        const sent = https.request(url, { ...options, headers }, (response) => {
            const parts: Buffer[] = [];
            response.on("data", (part: Buffer) => parts.push(part));
            response.on("error", fail);
            response.on("end", () =>
                resolve({ status: response.statusCode ?? 0, text: Buffer.concat(parts).toString("utf8") }),
            );
        });
        sent.on("timeout", () => sent.destroy(new Error("no answer within 10s")));
        sent.on("error", fail);
        sent.end(body && JSON.stringify(body));
    });
}
