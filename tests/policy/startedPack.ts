import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { credentials, type ServiceError } from "@grpc/grpc-js";
import { AnalyzerClient } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import type { AnalyzeDiagnostic } from "@pulumi/pulumi/proto/analyzer_pb";
import * as analyzer from "@pulumi/pulumi/proto/analyzer_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { isMapping } from "../../policy/reading/value";
import type { Resource } from "../../policy/rule";

const root = path.resolve(__dirname, "..", "..");

/** What the pack reads beside its code. */
const packFiles = ["configuration.yaml", "exemptions.yaml", "pending.yaml", "vendor"] as const;

/** What the engine would show: the level is the one that decides whether the preview fails. */
export interface Diagnostic {
    readonly rule: string;
    readonly urn: string;
    readonly level: "advisory" | "mandatory";
    readonly message: string;
}

export interface RuleConfiguration {
    readonly level: keyof typeof levels;
    readonly settings: Readonly<Record<string, unknown>>;
}

const levels = {
    advisory: analyzer.EnforcementLevel.ADVISORY,
    mandatory: analyzer.EnforcementLevel.MANDATORY,
    remediate: analyzer.EnforcementLevel.REMEDIATE,
    disabled: analyzer.EnforcementLevel.DISABLED,
} as const;

/** The compiled pack in the SDK's own policy runner, spoken to as the engine speaks to it. */
export class StartedPack {
    private constructor(
        private readonly folder: string,
        private readonly process: ChildProcess,
        private readonly client: AnalyzerClient,
    ) {}

    /** Compile the pack as it is now into a folder of its own and start it. */
    static async start(): Promise<StartedPack> {
        const folder = mkdtempSync(path.join(tmpdir(), "policy-pack-"));
        const compiler = path.join(root, "node_modules", "typescript", "bin", "tsc");
        execFileSync(process.execPath, [
            compiler,
            "--project",
            path.join(root, "policy"),
            "--outDir",
            path.join(folder, "dist"),
        ]);
        for (const file of [...packFiles, "package.json", "PulumiPolicy.yaml"]) {
            cpSync(path.join(root, "policy", file), path.join(folder, file), { recursive: true });
        }
        symlinkSync(path.join(root, "node_modules"), path.join(folder, "node_modules"));
        return StartedPack.run(folder, folder);
    }

    /**
     * Start the pack in `pack` as the engine does.
     *
     * @param scratch is removed when the pack stops
     */
    static async run(pack: string, scratch: string, env: NodeJS.ProcessEnv = process.env): Promise<StartedPack> {
        const runner = require.resolve("@pulumi/pulumi/cmd/run-policy-pack");
        const child = spawn(process.execPath, [runner, "127.0.0.1:0", pack], {
            stdio: ["ignore", "pipe", "inherit"],
            env,
        });
        const port = await new Promise<string>((resolve, reject) => {
            child.stdout.once("data", (data: Buffer) => resolve(data.toString().trim()));
            child.once("exit", (code) => reject(new Error(`the pack ended with ${code} before it listened`)));
        });
        return new StartedPack(scratch, child, new AnalyzerClient(`127.0.0.1:${port}`, credentials.createInsecure()));
    }

    async stop(): Promise<void> {
        this.client.close();
        const ended = new Promise((resolve) => this.process.once("exit", resolve));
        this.process.kill();
        await ended;
        rmSync(this.folder, { recursive: true });
    }

    async info(): Promise<analyzer.AnalyzerInfo> {
        return answer((reply) => this.client.getAnalyzerInfo(new Empty(), reply));
    }

    /** Give every rule its level and settings, as the engine does after it has read the pack configuration. */
    async configure(configurations: ReadonlyMap<string, RuleConfiguration>): Promise<void> {
        const request = new analyzer.ConfigureAnalyzerRequest();
        for (const [rule, { level, settings }] of configurations) {
            const configuration = new analyzer.PolicyConfig();
            configuration.setEnforcementlevel(levels[level]);
            configuration.setProperties(Struct.fromJavaScript(JSON.parse(JSON.stringify(settings))));
            request.getPolicyconfigMap().set(rule, configuration);
        }
        await answer((reply) => this.client.configure(request, reply));
    }

    /** A whole preview: every resource repaired, then judged, then the stack as a whole. Sorted. */
    async preview(resources: readonly Resource[]): Promise<readonly Diagnostic[]> {
        const repaired: Resource[] = [];
        const found: Diagnostic[] = [];
        for (const resource of resources) {
            const inputs = await this.remediate(resource);
            repaired.push({ ...resource, inputs });
            const response = await answer<analyzer.AnalyzeResponse>((reply) =>
                this.client.analyze(toRequest({ ...resource, inputs }), reply),
            );
            found.push(...response.getDiagnosticsList().map((each) => toDiagnostic(each, resource.urn)));
        }
        const request = new analyzer.AnalyzeStackRequest();
        request.setResourcesList(repaired.map(toStackResource));
        const response = await answer<analyzer.AnalyzeResponse>((reply) => this.client.analyzeStack(request, reply));
        found.push(...response.getDiagnosticsList().map((each) => toDiagnostic(each, "")));
        return found.sort(inOrder);
    }

    private async remediate(resource: Resource): Promise<unknown> {
        const response = await answer<analyzer.RemediateResponse>((reply) =>
            this.client.remediate(toRequest(resource), reply),
        );
        const changed = response.getRemediationsList().flatMap((each) => each.getProperties()?.toJavaScript() ?? []);
        return changed.at(-1) ?? resource.inputs;
    }
}

/** An order in which two lists of the same diagnostics are the same list. */
export function inOrder(a: Diagnostic, b: Diagnostic): number {
    const [left, right] = [JSON.stringify(Object.entries(a).sort()), JSON.stringify(Object.entries(b).sort())];
    return left < right ? -1 : left > right ? 1 : 0;
}

function answer<T>(call: (reply: (error: ServiceError | null, response: T) => void) => unknown): Promise<T> {
    return new Promise((resolve, reject) => call((error, response) => (error ? reject(error) : resolve(response))));
}

function toRequest(given: Resource): analyzer.AnalyzeRequest {
    const request = filled(new analyzer.AnalyzeRequest(), given);
    request.setOptions(toOptions(given));
    return request;
}

function toStackResource(given: Resource): analyzer.AnalyzerResource {
    const resource = filled(new analyzer.AnalyzerResource(), given);
    resource.setOptions(toOptions(given));
    resource.setParent(given.parent ?? "");
    for (const [property, urns] of Object.entries(given.sources ?? {})) {
        const dependencies = new analyzer.AnalyzerPropertyDependencies();
        dependencies.setUrnsList([...urns]);
        resource.getPropertydependenciesMap().set(property, dependencies);
    }
    return resource;
}

/** What both messages say of a resource. */
function filled<T extends analyzer.AnalyzeRequest | analyzer.AnalyzerResource>(message: T, given: Resource): T {
    const { urn, type, name, inputs, provider } = given;
    message.setUrn(urn);
    message.setType(type);
    message.setName(name);
    message.setProperties(toStruct(inputs));
    if (provider) {
        const through = new analyzer.AnalyzerProviderResource();
        through.setType(provider.type);
        through.setName(provider.name);
        through.setUrn(`urn:pulumi:sample::sample::${provider.type}::${provider.name}`);
        through.setProperties(toStruct(provider.inputs));
        message.setProvider(through);
    }
    return message;
}

function toOptions({ options = {} }: Resource): analyzer.AnalyzerResourceOptions {
    const { protect = false, ignoreChanges = [], deleteBeforeReplace } = options;
    const message = new analyzer.AnalyzerResourceOptions();
    message.setProtect(protect);
    message.setIgnorechangesList([...ignoreChanges]);
    message.setDeletebeforereplacedefined(deleteBeforeReplace !== undefined);
    message.setDeletebeforereplace(deleteBeforeReplace === true);
    return message;
}

function toStruct(inputs: unknown): Struct {
    return Struct.fromJavaScript(isMapping(inputs) ? JSON.parse(JSON.stringify(inputs)) : {});
}

function toDiagnostic(diagnostic: AnalyzeDiagnostic, urn: string): Diagnostic {
    const advisory = diagnostic.getEnforcementlevel() === analyzer.EnforcementLevel.ADVISORY;
    return {
        rule: diagnostic.getPolicyname(),
        urn: diagnostic.getUrn() || urn,
        level: advisory ? "advisory" : "mandatory",
        message: diagnostic.getMessage(),
    };
}
