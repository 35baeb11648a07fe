import * as path from "node:path";
import { clusterFiles } from "../session/clusterFiles";
import { statePaths } from "../session/paths";
import { readIfThere, textField } from "../system/files";

/** What a program came to. */
export interface Answer {
    readonly code: number;
    readonly out?: string;
    readonly error?: string;
}

interface LoginProgram {
    readonly version: string;
    /** Its words beside the options. */
    readonly command: readonly string[];
    /** Options with a value. */
    readonly options: readonly string[];
    readonly required: string;
    readonly example: string;
}

/** The one command that kubeconfigs call of each cloud's program. */
const programs: Readonly<Record<string, LoginProgram>> = {
    // https://docs.aws.amazon.com/cli/latest/reference/eks/get-token.html
    aws: {
        // The EKS component asks for a version and wants at least 2.7.0.
        version: "aws-cli/2.27.0 (simulated by tars-platform)",
        command: ["eks", "get-token"],
        options: ["--cluster-name", "--region", "--role-arn", "--output"],
        required: "--cluster-name",
        example: "aws eks get-token --cluster-name NAME [--region REGION] [--role-arn ARN] [--output json]",
    },
    // https://azure.github.io/kubelogin/cli/get-token.html
    kubelogin: {
        version: "kubelogin version\ngit hash: v0 (simulated by tars-platform)",
        command: ["get-token"],
        options: ["--login", "-l", "--environment", "-e", "--server-id", "--client-id", "--tenant-id", "-t"],
        required: "--server-id",
        example:
            "kubelogin get-token --login azurecli --server-id ID [--client-id ID] [--tenant-id ID] [--environment NAME]",
    },
};

/** Both clouds' tokens serve for about this long; a caller that needs one later asks again. */
const servesForMs = 14 * 60_000;

/** Answers a call of `aws` or `kubelogin`: the token of the simulated run as an exec credential, and nothing else that these programs can do. */
export function login(name: string, args: readonly string[], env: NodeJS.ProcessEnv): Answer {
    const program = programs[name];
    if (program === undefined) return refuse(name, `there is no program ${name}`);
    if (args.length === 1 && args[0] === "--version") return { code: 0, out: `${program.version}\n` };
    const call = read(args);
    const wrong = misused(program, call);
    if (wrong !== undefined) return refuse(name, `${wrong}; it only knows: ${program.example}`);
    const token = env.TARS_SIMULATOR_TOKEN;
    if (!token) return refuse(name, "TARS_SIMULATOR_TOKEN is not set, so there is no run to log in to");
    const missing = elsewhere(call, env);
    if (missing !== undefined) return refuse(name, missing);
    return { code: 0, out: `${JSON.stringify(credential(token, env.KUBERNETES_EXEC_INFO))}\n` };
}

interface Call {
    /** The command, which stands alone or between options, as real command lines have it. */
    readonly words: readonly string[];
    readonly options: readonly (readonly [name: string, value: string | undefined])[];
}

function read(args: readonly string[]): Call {
    const words: string[] = [];
    const options: (readonly [string, string | undefined])[] = [];
    for (let rest = args; rest.length > 0; ) {
        const [first = "", second] = rest;
        const [name = "", inline] = first.split(/=(.*)/s);
        const isOption = first.startsWith("-");
        if (isOption) options.push([name, inline ?? second]);
        else words.push(first);
        rest = rest.slice(isOption && inline === undefined ? 2 : 1);
    }
    return { words, options };
}

function misused(program: LoginProgram, { words, options }: Call): string | undefined {
    if (words.join(" ") !== program.command.join(" ")) return `it has no command "${words.join(" ")}"`;
    for (const [name, value] of options) {
        if (!program.options.includes(name)) return `it has no option ${name}`;
        if (!value) return `${name} needs a value`;
        if (name === "--output" && value !== "json") return "--output can only be json";
    }
    return options.some(([name]) => name === program.required) ? undefined : `${program.required} is missing`;
}

/** A cluster of another name is another cluster: a real one would answer with its own token, or not at all. */
function elsewhere({ options }: Call, env: NodeJS.ProcessEnv): string | undefined {
    const wanted = options.findLast(([name]) => name === "--cluster-name")?.[1];
    const directory = env.TARS_SIMULATOR_STATE;
    if (wanted === undefined || !directory) return undefined;
    const paths = statePaths(path.basename(directory), path.dirname(directory));
    const found = readIfThere(clusterFiles(paths).name);
    if (found === wanted) return undefined;
    return `the run has no cluster ${wanted}${found === undefined ? "" : `, only ${found}`}`;
}

function refuse(name: string, why: string): Answer {
    return { code: 1, error: `${name}: this is the tars-platform simulator's ${name}: ${why}\n` };
}

/** https://kubernetes.io/docs/reference/config-api/client-authentication.v1/ */
function credential(token: string, execInfo: string | undefined): object {
    const expirationTimestamp = new Date(Date.now() + servesForMs).toISOString().replace(/\.\d+Z$/, "Z");
    return {
        kind: "ExecCredential",
        apiVersion: asked(execInfo) ?? "client.authentication.k8s.io/v1beta1",
        spec: {},
        status: { expirationTimestamp, token },
    };
}

/** The version that the caller speaks. */
function asked(execInfo: string | undefined): string | undefined {
    if (!execInfo) return undefined;
    try {
        return textField(JSON.parse(execInfo), "apiVersion");
    } catch {
        return undefined; // the caller says nothing that can be read: it gets the usual version
    }
}
