import * as pulumi from "@pulumi/pulumi";

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
}

interface RegisterRequest {
    getType(): string;
    getName(): string;
    getParent(): string;
    getProvider(): string;
    getObject(): { toJavaScript(): Record<string, unknown> } | undefined;
    getDependenciesList(): string[];
    getAdditionalsecretoutputsList(): string[];
}

type Reply = (error: unknown, response: { getUrn(): string }) => void;

interface Monitor {
    registerResource(request: RegisterRequest, reply: Reply, ...rest: unknown[]): unknown;
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

/** UID that a namespace read from a cluster has here; no real cluster gives the nil UUID. */
const nilUid = "00000000-0000-0000-0000-000000000000";

export function mockMonitor(): Recorder {
    const found = new Map<string, Registration>();
    const secretOutputs = new Map<string, readonly string[]>();
    return {
        mocks: {
            call: ({ inputs }) => inputs,
            newResource: ({ type, name, inputs, id }) => ({
                id: id || `${name}-id`,
                state: stateOf(type, inputs, secretOutputs.get(`${type} ${name}`) ?? []),
            }),
        },
        listen(monitor) {
            if (!isMonitor(monitor)) throw new Error("the Pulumi runtime has no mock monitor to listen to");
            const register = monitor.registerResource.bind(monitor);
            monitor.registerResource = (request, reply, ...rest) => {
                secretOutputs.set(
                    `${request.getType()} ${request.getName()}`,
                    request.getAdditionalsecretoutputsList(),
                );
                return register(
                    request,
                    (error, response) => {
                        if (!error) found.set(response.getUrn(), registrationOf(response.getUrn(), request));
                        reply(error, response);
                    },
                    ...rest,
                );
            };
        },
        registrations: () => [...found.values()].sort((a, b) => (a.urn < b.urn ? -1 : 1)),
    };
}

function isMonitor(value: unknown): value is Monitor {
    return typeof value === "object" && value !== null && "registerResource" in value;
}

function stateOf(type: string, inputs: Record<string, unknown>, secrets: readonly string[]): Record<string, unknown> {
    if (type === "pulumi:index:Stash") return { ...inputs, output: inputs.input };
    if (type === "kubernetes:core/v1:Namespace" && inputs.metadata === undefined) return { metadata: { uid: nilUid } };
    const extra = Object.fromEntries((computed[type] ?? []).map((key) => [key, `[${key}]`]));
    const state: Record<string, unknown> = { ...inputs, ...extra };
    for (const key of secrets) if (key in state) state[key] = pulumi.secret(state[key]);
    return state;
}

function registrationOf(urn: string, request: RegisterRequest): Registration {
    return {
        urn: engineUrn(urn),
        type: request.getType(),
        name: request.getName(),
        parent: engineUrn(request.getParent()),
        provider: engineUrn(request.getProvider().replace(/::[^:]*$/, "")),
        inputs: maskedObject(request.getObject()?.toJavaScript() ?? {}),
        dependencies: [...new Set(request.getDependenciesList().map(engineUrn))].sort(),
    };
}

/** The engine leaves the stack's own type out of its children's URNs (sdk/go/common/resource/urn NewURN); the mock monitor does not. */
function engineUrn(urn: string): string {
    return urn.replace("::pulumi:pulumi:Stack$", "::");
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
