import { textField } from "../system/files";

/** What a program came to. */
export interface Answer {
    readonly code: number;
    readonly out?: string;
    readonly error?: string;
}

interface LoginProgram {
    readonly version: string;
    /** Words before the options. */
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
        // The official EKS component reads the three numbers, and refuses what is too old for get-token.
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
    const wrong = misused(program, args);
    if (wrong !== undefined) return refuse(name, `${wrong}; it only knows: ${program.example}`);
    const token = env.TARS_SIMULATOR_TOKEN;
    if (!token) return refuse(name, "TARS_SIMULATOR_TOKEN is not set, so there is no run to log in to");
    return { code: 0, out: `${JSON.stringify(credential(token, env.KUBERNETES_EXEC_INFO))}\n` };
}

function misused({ command, options, required }: LoginProgram, args: readonly string[]): string | undefined {
    if (command.some((word, index) => args[index] !== word)) return `it has no command "${args.join(" ")}"`;
    const given: string[] = [];
    for (let rest = args.slice(command.length); rest.length > 0; ) {
        const [option = "", inline] = (rest[0] ?? "").split(/=(.*)/s);
        if (!options.includes(option)) return `it has no option ${option}`;
        const value = inline ?? rest[1];
        if (!value) return `${option} needs a value`;
        if (option === "--output" && value !== "json") return "--output can only be json";
        given.push(option);
        rest = rest.slice(inline === undefined ? 2 : 1);
    }
    return given.includes(required) ? undefined : `${required} is missing`;
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
