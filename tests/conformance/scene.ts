import * as fs from "node:fs";
import * as path from "node:path";
import * as k8s from "@pulumi/kubernetes";
import { type EngineEvent, LocalWorkspace, type OutputMap, PulumiCommand, type Stack } from "@pulumi/pulumi/automation";
import { withoutEngineLog, writeLanguageHost } from "../../simulator/engine/plugins";
import type { SharedCluster } from "../support/cluster";
import { Api, type KubeObject } from "./api";
import type { Plugin } from "./plugins";
import { temporaryFolder } from "./temporary";

/** One step that the engine took or would take. */
export interface Step {
    readonly name: string;
    readonly type: string;
    readonly op: string;
    /** Property path -> kind of change ("add", "update-replace" ...), where the provider gave details. */
    readonly changes: Readonly<Record<string, string>>;
}

/** How an engine operation ended. */
export interface Outcome {
    readonly ok: boolean;
    /** Everything the engine said, messages and errors. */
    readonly text: string;
    /** Steps on resources but the stack and providers, in order, without `same`. */
    readonly steps: readonly Step[];
    readonly outputs: Readonly<Record<string, unknown>>;
}

export type Program = (provider: k8s.Provider, scene: Scene) => unknown;

/** A stack, a namespace and a provider that one case has to itself. */
export class Scene {
    readonly api: Api;
    readonly kubeconfig: string;
    private readonly folder = temporaryFolder("stack");
    private readonly namespaces: string[] = [];
    private selected: Promise<Stack> | undefined;
    private program: Program = () => undefined;
    private providerArgs: k8s.ProviderArgs = {};

    constructor(
        readonly namespace: string,
        private readonly plugin: Plugin,
        private readonly cluster: SharedCluster,
    ) {
        this.api = new Api(cluster.kubeconfig);
        this.kubeconfig = fs.readFileSync(cluster.kubeconfig, "utf8");
    }

    /** Makes another namespace of the case's own and returns its name. */
    async addNamespace(suffix = ""): Promise<string> {
        const name = this.namespace + suffix;
        await this.api.create("/api/v1/namespaces", { apiVersion: "v1", kind: "Namespace", metadata: { name } });
        this.namespaces.push(name);
        return name;
    }

    /** Path of an object, or of a kind, in the case's namespace: `configmaps/x`, for other groups with their root. */
    path(object: string, root = "api/v1"): string {
        return `/${root}/namespaces/${this.namespace}/${object}`;
    }

    get(object: string, root?: string): Promise<KubeObject | undefined> {
        return this.api.get(this.path(object, root));
    }

    patch(object: string, change: KubeObject, root?: string): Promise<KubeObject | undefined> {
        return this.api.patch(this.path(object, root), change);
    }

    /** Sets the program, and the provider's arguments beside the cluster and namespace. */
    write(program: Program, providerArgs: k8s.ProviderArgs = {}): void {
        this.program = program;
        this.providerArgs = providerArgs;
    }

    /** Sets project configuration such as `kubernetes:strictMode`. */
    async configure(key: string, value: string): Promise<void> {
        const stack = await this.stack();
        await stack.setConfig(key, { value });
    }

    /** @param policyPacks folders of packs that judge it */
    async preview(policyPacks: readonly string[] = []): Promise<Outcome> {
        if (policyPacks.length > 0) await writeLanguageHost(this.folder);
        const judged = policyPacks.length > 0 ? { policyPacks: [...policyPacks] } : {};
        return this.run((stack, onEvent, onOutput) => stack.preview({ onEvent, onOutput, color: "never", ...judged }));
    }

    up(signal?: AbortSignal): Promise<Outcome> {
        const cancel = signal === undefined ? {} : { signal };
        return this.run((stack, onEvent, onOutput) => stack.up({ onEvent, onOutput, color: "never", ...cancel }));
    }

    refresh(): Promise<Outcome> {
        return this.run((stack, onEvent, onOutput) => stack.refresh({ onEvent, onOutput, color: "never" }));
    }

    destroy(): Promise<Outcome> {
        return this.run((stack, onEvent, onOutput) => stack.destroy({ onEvent, onOutput, color: "never" }));
    }

    /** The checkpoint as the backend keeps it, secrets encrypted. */
    checkpoint(): string {
        return fs.readFileSync(path.join(this.folder, ".pulumi", "stacks", "conformance", "case.json"), "utf8");
    }

    /** Removes everything the case made, whatever state it is in. */
    async close(): Promise<void> {
        for (const name of this.namespaces) await this.api.remove(`/api/v1/namespaces/${name}`);
        fs.rmSync(this.folder, { recursive: true, force: true });
    }

    private stack(): Promise<Stack> {
        this.selected ??= this.select();
        return this.selected;
    }

    private async select(): Promise<Stack> {
        const home = path.join(this.folder, "home");
        await withoutEngineLog(home);
        return LocalWorkspace.createOrSelectStack(
            { stackName: "case", projectName: "conformance", program: () => this.execute() },
            {
                workDir: this.folder,
                pulumiCommand: await command(this.cluster.pulumi),
                pulumiHome: home,
                projectSettings: { name: "conformance", runtime: "nodejs", backend: { url: `file://${this.folder}` } },
                envVars: this.environment(),
            },
        );
    }

    private environment(): Record<string, string> {
        return {
            ...this.cluster.env,
            ...this.plugin.env,
            // The official plugin leaves a kubeconfig there for each provider.
            TMPDIR: this.folder,
            PATH: [this.plugin.directory, this.folder, process.env.PATH].join(path.delimiter),
            PULUMI_CONFIG_PASSPHRASE: "conformance",
            PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
            PULUMI_SKIP_UPDATE_CHECK: "true",
        };
    }

    private async execute(): Promise<Record<string, unknown>> {
        const provider = new k8s.Provider("cluster", {
            kubeconfig: this.kubeconfig,
            namespace: this.namespace,
            clusterIdentifier: "conformance",
            ...this.providerArgs,
        });
        const outputs = await this.program(provider, this);
        return typeof outputs === "object" && outputs !== null ? { ...outputs } : {};
    }

    private async run(operation: Operation): Promise<Outcome> {
        const stack = await this.stack();
        const events: EngineEvent[] = [];
        let text = "";
        const note = (more: string): void => {
            text += more;
        };
        let ok = true;
        const result = await operation(stack, (event) => events.push(event), note).catch((error: unknown): Ended => {
            ok = false;
            return { stdout: String(error) };
        });
        note(result.stdout);
        const outputs = Object.entries(result.outputs ?? {}).map(([key, { value }]) => [key, value]);
        return { ok, text: text + messages(events), steps: steps(events), outputs: Object.fromEntries(outputs) };
    }
}

type Operation = (
    stack: Stack,
    onEvent: (event: EngineEvent) => void,
    onOutput: (text: string) => void,
) => Promise<Ended>;

/** What the Automation API returns; only an update has outputs. */
interface Ended {
    readonly stdout: string;
    readonly outputs?: OutputMap;
}

let found: Promise<PulumiCommand> | undefined;

/** The Automation API looks for bin/pulumi in a folder. */
function command(pulumi: string): Promise<PulumiCommand> {
    found ??= PulumiCommand.get({ root: binFolder(pulumi) });
    return found;
}

function binFolder(pulumi: string): string {
    const root = temporaryFolder("cli");
    fs.mkdirSync(path.join(root, "bin"));
    fs.symlinkSync(pulumi, path.join(root, "bin", "pulumi"));
    return root;
}

/** Severities that a user sees; the SDK also sends debug messages, for those who ask for them. */
const shown: ReadonlySet<string> = new Set(["error", "warning", "info", "info#err"]);

function messages(events: readonly EngineEvent[]): string {
    const diagnostics = events.flatMap(({ diagnosticEvent }) =>
        diagnosticEvent === undefined ? [] : [diagnosticEvent],
    );
    return diagnostics
        .filter(({ severity }) => shown.has(severity))
        .map(({ message }) => message)
        .join("\n");
}

function steps(events: readonly EngineEvent[]): readonly Step[] {
    return events.flatMap((event) => {
        const step = event.resourcePreEvent?.metadata;
        if (step === undefined || step.op === "same" || step.type.startsWith("pulumi:p")) return [];
        const changes = Object.entries(step.detailedDiff ?? {}).map(([key, { diffKind }]) => [key, diffKind]);
        const name = step.urn.slice(step.urn.lastIndexOf("::") + 2);
        return [{ name, type: step.type, op: step.op, changes: Object.fromEntries(changes) }];
    });
}
