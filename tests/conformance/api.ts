import * as fs from "node:fs";
import * as https from "node:https";
import { parse } from "yaml";

/** A Kubernetes object as JSON has it. */
export type KubeObject = Readonly<Record<string, unknown>>;

/** What the API server answers, whether it does what it was asked to or not. */
export interface Answer {
    readonly status: number;
    readonly body: string;
    /** The texts of its warnings, RFC 7234 section 5.5, which any request may bring. */
    readonly warnings: readonly string[];
}

interface Kubeconfig {
    readonly "current-context": string;
    readonly contexts: readonly { readonly name: string; readonly context: { cluster: string; user: string } }[];
    readonly clusters: readonly { readonly name: string; readonly cluster: Readonly<Record<string, string>> }[];
    readonly users: readonly { readonly name: string; readonly user: Readonly<Record<string, string>> }[];
}

/** What another user of the cluster does to it behind Pulumi's back: a few plain calls to the API server. */
export class Api {
    private readonly server: string;
    private readonly options: https.RequestOptions;

    constructor(kubeconfig: string) {
        const config: Kubeconfig = parse(fs.readFileSync(kubeconfig, "utf8"));
        const context = config.contexts.find(({ name }) => name === config["current-context"])?.context;
        const cluster = config.clusters.find(({ name }) => name === context?.cluster)?.cluster ?? {};
        const user = config.users.find(({ name }) => name === context?.user)?.user ?? {};
        this.server = cluster.server ?? "";
        this.options = {
            ...fileOrData("ca", cluster, "certificate-authority"),
            ...fileOrData("cert", user, "client-certificate"),
            ...fileOrData("key", user, "client-key"),
            headers: user.token === undefined ? {} : { authorization: `Bearer ${user.token}` },
            agent: new https.Agent({ keepAlive: true, maxSockets: 16 }),
            rejectUnauthorized: String(cluster["insecure-skip-tls-verify"]) !== "true",
        };
    }

    /** The object at a path such as /api/v1/namespaces/x, or undefined when there is none. */
    get(path: string): Promise<KubeObject | undefined> {
        return this.send("GET", path);
    }

    create(path: string, object: KubeObject): Promise<KubeObject | undefined> {
        return this.send("POST", path, object);
    }

    patch(path: string, change: KubeObject): Promise<KubeObject | undefined> {
        return this.send("PATCH", path, change, "application/merge-patch+json");
    }

    /** Applies fields under another manager's name, taking them over. */
    apply(path: string, manager: string, object: KubeObject): Promise<KubeObject | undefined> {
        const query = `?fieldManager=${manager}&force=true`;
        return this.send("PATCH", path + query, object, "application/apply-patch+yaml");
    }

    remove(path: string): Promise<KubeObject | undefined> {
        return this.send("DELETE", path);
    }

    /** What the API server would answer to a create, or to another call: it goes all the way but stores nothing. */
    tryOut(path: string, object: KubeObject, method: "POST" | "PUT" | "PATCH" = "POST"): Promise<Answer> {
        const type = method === "PATCH" ? "application/strategic-merge-patch+json" : "application/json";
        return this.ask(method, `${path}?dryRun=All`, object, type);
    }

    private async send(
        method: string,
        path: string,
        body?: KubeObject,
        type = "application/json",
    ): Promise<KubeObject | undefined> {
        const answer = await this.ask(method, path, body, type);
        if (answer.status === 404) return undefined;
        if (answer.status >= 400) throw new Error(`${method} ${path}: ${answer.status} ${answer.body}`);
        return JSON.parse(answer.body);
    }

    private ask(method: string, path: string, body: KubeObject | undefined, type: string): Promise<Answer> {
        return new Promise((resolve, reject) => {
            const headers = { ...this.options.headers, "content-type": type };
            const request = https.request(this.server + path, { ...this.options, method, headers }, (response) => {
                let text = "";
                response.setEncoding("utf8").on("data", (chunk) => {
                    text += chunk;
                });
                response.on("end", () => {
                    const warnings = (response.headersDistinct.warning ?? []).map(textOfWarning);
                    resolve({ status: response.statusCode ?? 0, body: text, warnings });
                });
            });
            request.on("error", reject);
            request.end(body === undefined ? undefined : JSON.stringify(body));
        });
    }
}

/** `299 - "text"`, with a backslash before each quote in it. */
function textOfWarning(header: string): string {
    const [, quoted = ""] = /^\d{3} \S+ "(.*)"$/s.exec(header) ?? [];
    return quoted.replaceAll(/\\(.)/g, "$1");
}

function fileOrData(option: string, entry: Readonly<Record<string, string>>, key: string): Record<string, Buffer> {
    const file = entry[key];
    const data = entry[`${key}-data`];
    if (data !== undefined) return { [option]: Buffer.from(data, "base64") };
    return file === undefined ? {} : { [option]: fs.readFileSync(file) };
}

/** The value at a path such as `metadata.labels.app` or `spec.containers.0.image`. */
export function field(object: unknown, path: string): unknown {
    return path
        .split(".")
        .reduce<unknown>(
            (value, key) => (typeof value === "object" && value !== null ? Reflect.get(value, key) : undefined),
            object,
        );
}
