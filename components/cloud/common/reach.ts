import { execFile } from "node:child_process";
import * as https from "node:https";
import { setTimeout as sleep } from "node:timers/promises";
import { promisify } from "node:util";
import * as pulumi from "@pulumi/pulumi";
import { Issues } from "../../foundation/issues";
import { type ClusterLogin, execVersion } from "./kubeconfig";
import type { ApiAccess } from "./settings";

const run = promisify(execFile);

/**
 * How long is waited, in milliseconds: for a private name that is not known everywhere yet, and for a right that was given a moment ago. Azure
 * says that a role assignment can take up to 10 minutes; access entries of EKS are eventually consistent, without a figure.
 *
 * @see https://learn.microsoft.com/azure/role-based-access-control/troubleshooting "Symptom - Role assignment changes are not being detected"
 * @see https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html
 */
export interface Patience {
    readonly routeMs: number;
    readonly rightMs: number;
    readonly pauseMs: number;
}

const patience: Patience = { routeMs: 60_000, rightMs: 600_000, pauseMs: 3_000 };

/**
 * The login, once the API server lets the caller in; so nothing in the cluster is tried before it can succeed. Previews do not wait: they
 * change nothing, and the first of all has no server yet.
 *
 * @throws pulumi.RunError that names the missing tool, route or right
 */
export function whenReachable(login: pulumi.Output<ClusterLogin>, access: ApiAccess): pulumi.Output<ClusterLogin> {
    return login.apply(async (found) => {
        if (!pulumi.runtime.isDryRun()) await requireReach(found, access, patience);
        return found;
    });
}

export async function requireReach(login: ClusterLogin, access: ApiAccess, limits: Patience): Promise<void> {
    const began = performance.now();
    for (;;) {
        const answer = await ask(login, await tokenOf(login));
        if (answer.kind === "open") return;
        const allowed = answer.kind === "closed" ? limits.rightMs : limits.routeMs;
        if (performance.now() - began >= allowed) throw refusal(login, access, answer);
        await sleep(limits.pauseMs);
    }
}

type Answer =
    | { readonly kind: "open" }
    /** The server is there and says no. */
    | { readonly kind: "closed"; readonly status: number }
    | { readonly kind: "unreachable"; readonly why: string };

/** Asks for the one object that every cluster has and that the platform reads first. */
function ask({ server, certificateAuthority }: ClusterLogin, token: string): Promise<Answer> {
    const ca = Buffer.from(certificateAuthority, "base64").toString("utf8");
    const options = { ca, headers: { authorization: `Bearer ${token}` }, timeout: 10_000 };
    return new Promise((resolve) => {
        const unreachable = (error: Error) => resolve({ kind: "unreachable", why: error.message });
        const request = https.get(new URL("/api/v1/namespaces/kube-system", server), options, (response) => {
            response.resume();
            const { statusCode: status = 0 } = response;
            if (status === 200) resolve({ kind: "open" });
            else if (status === 401 || status === 403) resolve({ kind: "closed", status });
            else unreachable(new Error(`it answered ${status}`));
        });
        request.on("timeout", () => request.destroy(new Error("no answer within 10 s")));
        request.on("error", unreachable);
    });
}

async function tokenOf({ cluster, command, arguments: words, installation }: ClusterLogin): Promise<string> {
    const info = { kind: "ExecCredential", apiVersion: execVersion, spec: { interactive: false } };
    const env = { ...process.env, KUBERNETES_EXEC_INFO: JSON.stringify(info) };
    try {
        const { stdout } = await run(command, [...words], { env });
        return String(JSON.parse(stdout).status.token);
    } catch (error) {
        const missing = partOf(error, "code") === "ENOENT";
        const said = partOf(error, "stderr").trim();
        if (missing) throw issue(cluster, `the tool ${command} is not on PATH`, `install it (${installation})`);
        throw issue(cluster, `${command} gives no credential: ${lastLine(said)}`, "log in to the cloud and run again");
    }
}

/** A part of what a failed tool left behind; empty where it left none. */
function partOf(error: unknown, name: string): string {
    return typeof error === "object" && error !== null
        ? String(Object.entries(error).find(([key]) => key === name)?.[1] ?? "")
        : "";
}

function lastLine(said: string): string {
    return said.split("\n").at(-1) || "it printed none";
}

function refusal({ cluster, server }: ClusterLogin, access: ApiAccess, answer: Answer): pulumi.RunError {
    if (answer.kind === "closed") {
        const problem = `the API server does not let the caller in (${answer.status})`;
        return issue(
            cluster,
            problem,
            "give the caller the administrator's role on the cluster, or wait until it holds",
        );
    }
    const why = answer.kind === "unreachable" ? answer.why : "";
    return issue(cluster, `no route to ${server}: ${why}`, routes[access.kind === "private" ? access.via : "public"]);
}

const routes = {
    public: "run from an address in apiAccess.allowedCidrs",
    runnerInNetwork: "run from the runner in the cluster's network",
    peeredHub: "run from the hub that is peered with the cluster's network, and let it resolve the private name",
    tunnel: "open the tunnel to the cluster's network, and let it resolve the private name",
} as const;

function issue(cluster: string, problem: string, fix: string): pulumi.RunError {
    const issues = new Issues();
    issues.add("apiAccess", problem, fix);
    return issues.toError(`reaching cluster ${cluster}`);
}
