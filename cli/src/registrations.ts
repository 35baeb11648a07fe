import * as pulumi from "@pulumi/pulumi";
import { aws } from "./mocks/aws";
import { azure } from "./mocks/azure";
import type { CloudMocks } from "./mocks/cloud";

/** One resource as the program registered it. */
export interface Registration {
    readonly urn: string;
    readonly type: string;
    readonly name: string;
    /** URN of the parent; empty for the stack itself. */
    readonly parent: string;
    /** URN of the provider instance; empty where the engine would choose one. */
    readonly provider: string;
    readonly inputs: Readonly<Record<string, unknown>>;
    /** URNs that the engine waits for before it makes this resource. */
    readonly dependencies: readonly string[];
    /** URNs of the resources that the value of an input comes from, by the input's name. */
    readonly sources: Readonly<Record<string, readonly string[]>>;
    /** Options that change what the engine does with it; undefined when there are none. */
    readonly options?: RegistrationOptions;
}

export interface RegistrationOptions {
    readonly protect?: true;
    readonly retainOnDelete?: true;
    readonly ignoreChanges?: readonly string[];
    /** Only where a program overrules its provider: whether the old one goes before its replacement comes. */
    readonly deleteBeforeReplace?: boolean;
}

interface NamedRequest {
    getType(): string;
    getName(): string;
    getParent(): string;
}

interface RegisterRequest extends NamedRequest {
    getProvider(): string;
    getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
    getDependenciesList(): string[];
    getPropertydependenciesMap(): { entries(): Iterable<[string, { getUrnsList(): string[] }]> };
    getAdditionalsecretoutputsList(): string[];
    getProtect(): boolean;
    getRetainondelete(): boolean;
    getIgnorechangesList(): string[];
    getDeletebeforereplace(): boolean;
    getDeletebeforereplacedefined(): boolean;
}

type Reply = (error: unknown, response: { getUrn(): string }) => void;
type Call<Request> = (request: Request, reply: Reply, ...rest: unknown[]) => unknown;

interface Monitor {
    registerResource: Call<RegisterRequest>;
    readResource: Call<NamedRequest>;
}

interface Recorder {
    readonly mocks: pulumi.runtime.Mocks;
    /** Hear every registration request before the mock monitor answers it: only there are secrets and dependencies still visible. */
    listen(monitor: unknown): void;
    registrations(): readonly Registration[];
}

/** Marks a serialised secret on the wire (sdk/nodejs/runtime/rpc.ts in pulumi/pulumi, specialSigKey and specialSecretSig). */
const signatureKey = "4dabf18193072939515e22adb298388d";
const secretSignature = "1b47061264138c4ac30d75fd1eb44270";

/** What a provider would add to the inputs, by type: only outputs that programs read before they exist. */
const computed: Readonly<Record<string, readonly string[]>> = {
    "random:index/randomBytes:RandomBytes": ["base64", "hex"],
    "random:index/randomId:RandomId": ["b64Std", "b64Url", "dec", "hex"],
    "random:index/randomPassword:RandomPassword": ["bcryptHash", "result"],
    "random:index/randomString:RandomString": ["result"],
    "random:index/randomUuid:RandomUuid": ["result"],
    "tls:index/privateKey:PrivateKey": ["privateKeyPem", "privateKeyPemPkcs8", "publicKeyPem"],
    "tls:index/selfSignedCert:SelfSignedCert": ["certPem"],
};

const clouds: readonly CloudMocks[] = [aws, azure];

/** UID that a namespace read from a cluster has here; no real cluster gives the nil UUID. */
const nilUid = "00000000-0000-0000-0000-000000000000";

/**
 * @param outputs "unknown": nothing is known that only a provider could say, as in the first preview of a stack; a Kubernetes provider
 * whose cluster is not there yet says nothing at all. @default "known" - stand-ins such as `[arn of x]` are there instead
 */
export function mockMonitor(outputs: "known" | "unknown" = "known"): Recorder {
    const found: Registration[] = [];
    const urns = new EngineUrns();
    const secretOutputs = new Map<string, readonly string[]>();
    return {
        mocks: {
            call: ({ token, inputs }) => answerOf(token) ?? inputs,
            newResource: ({ type, name, inputs, id }) =>
                outputs === "unknown" && !isReady(type)
                    ? { id, state: isUnreachable(type) ? {} : inputs }
                    : {
                          id: id || `${name}-id`,
                          state: stateOf(type, name, inputs, secretOutputs.get(`${type} ${name}`) ?? []),
                      },
        },
        listen(monitor) {
            if (!isMonitor(monitor)) throw new Error("the Pulumi runtime has no mock monitor to listen to");
            const register = monitor.registerResource.bind(monitor);
            monitor.registerResource = (request, reply, ...rest) => {
                secretOutputs.set(
                    `${request.getType()} ${request.getName()}`,
                    request.getAdditionalsecretoutputsList(),
                );
                const heard = hearing(reply, (urn) =>
                    found.push(registrationOf(urns, urns.add(urn, request), request)),
                );
                return register(request, heard, ...rest);
            };
            const read = monitor.readResource.bind(monitor);
            monitor.readResource = (request, reply, ...rest) =>
                read(
                    request,
                    hearing(reply, (urn) => urns.add(urn, request)),
                    ...rest,
                );
        },
        registrations: () => found.sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    };
}

/** Transforms are called by an engine, and here is none. To be called first in a program whose graph is captured. */
export function leaveTransformsOut(): void {
    pulumi.runtime.registerStackTransformation(({ props, opts }) => ({ props, opts: { ...opts, transforms: [] } }));
}

/** Components that are made here, and what is read rather than made, give their outputs in a preview as well. */
function isReady(type: string): boolean {
    return type.startsWith("tars:") || type === "pulumi:index:Stash";
}

/** Whether the cluster of a Kubernetes object is made by the same stack. */
function isUnreachable(type: string): boolean {
    return type.startsWith("kubernetes:") && new pulumi.Config().get("cloud") !== "existing";
}

function isMonitor(value: unknown): value is Monitor {
    return typeof value === "object" && value !== null && "registerResource" in value && "readResource" in value;
}

function answerOf(token: string): Readonly<Record<string, unknown>> | undefined {
    return clouds.map((cloud) => cloud.answer(token)).find((answer) => answer !== undefined);
}

function stateOf(
    type: string,
    name: string,
    inputs: Record<string, unknown>,
    secrets: readonly string[],
): Record<string, unknown> {
    if (type === "pulumi:index:Stash") return { ...inputs, output: inputs.input };
    if (type === "kubernetes:core/v1:Namespace" && inputs.metadata === undefined) return { metadata: { uid: nilUid } };
    const extra = Object.fromEntries((computed[type] ?? []).map((key) => [key, `[${key}]`]));
    const added = clouds.map((cloud) => cloud.computed(type, name, inputs));
    const state: Record<string, unknown> = Object.assign({}, inputs, extra, ...added);
    for (const key of secrets) if (key in state) state[key] = pulumi.secret(state[key]);
    return state;
}

function hearing(reply: Reply, hear: (urn: string) => void): Reply {
    return (error, response) => {
        if (!error) hear(response.getUrn());
        reply(error, response);
    };
}

function registrationOf(urns: EngineUrns, urn: string, request: RegisterRequest): Registration {
    return {
        urn,
        type: request.getType(),
        name: request.getName(),
        parent: urns.of(request.getParent()),
        provider: urns.of(request.getProvider().replace(/::[^:]*$/, "")),
        inputs: maskedObject(request.getObject()?.toJavaScript() ?? {}),
        dependencies: [...new Set(request.getDependenciesList().map((dependency) => urns.of(dependency)))].sort(),
        sources: sourcesOf(urns, request),
        ...optionsOf(request),
    };
}

function sourcesOf(urns: EngineUrns, request: RegisterRequest): Registration["sources"] {
    const properties = [...request.getPropertydependenciesMap().entries()];
    const sources = properties.map(
        ([property, from]) => [property, from.getUrnsList().map((urn) => urns.of(urn))] as const,
    );
    return Object.fromEntries(sources.filter(([, from]) => from.length > 0));
}

function optionsOf(request: RegisterRequest): { readonly options?: RegistrationOptions } {
    const ignoreChanges = request.getIgnorechangesList();
    const options: RegistrationOptions = {
        ...(request.getProtect() && { protect: true }),
        ...(request.getRetainondelete() && { retainOnDelete: true }),
        ...(ignoreChanges.length > 0 && { ignoreChanges }),
        ...(request.getDeletebeforereplacedefined() && { deleteBeforeReplace: request.getDeletebeforereplace() }),
    };
    return Object.keys(options).length === 0 ? {} : { options };
}

/**
 * The URNs that the engine would give, by the mock monitor's. The engine names a resource by its parents' whole chain of types
 * without the stack's own (sdk/go/common/resource/urn in pulumi/pulumi); the mock monitor takes the last of the chain.
 */
class EngineUrns {
    private readonly byMock = new Map<string, string>();

    add(mock: string, request: NamedRequest): string {
        const parentTypes = this.of(request.getParent()).split("::")[2] ?? "";
        const outer = parentTypes === "" || parentTypes === "pulumi:pulumi:Stack" ? "" : `${parentTypes}$`;
        const [stack, project] = mock.split("::");
        const urn = `${stack}::${project}::${outer}${request.getType()}::${request.getName()}`;
        this.byMock.set(mock, urn);
        return urn;
    }

    of(mock: string): string {
        return this.byMock.get(mock) ?? mock;
    }
}

function maskedObject(object: object): Record<string, unknown> {
    const entries = Object.entries(object).map(([key, value]) => [key, masked(value)]);
    return Object.fromEntries(entries);
}

function masked(value: unknown): unknown {
    if (Array.isArray(value)) return value.map(masked);
    if (typeof value !== "object" || value === null) return value;
    if (signatureKey in value && value[signatureKey] === secretSignature) return "[secret]";
    return maskedObject(value);
}
