import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { decode, encode, type Properties, unknownValue } from "./properties";
import { listen, type PropertyChange, toDiffResponse, toFailures, typeOf, unary } from "./protocol";
import { checkInputs, compare, type ResourceKind, withDefaults } from "./resource";

export interface Provider {
    /** e.g. `random` */
    readonly name: string;
    /** Version of the SDK package whose resources it serves, without the leading `v`. */
    readonly version: string;
    /** By type token, e.g. `random:index/randomPassword:RandomPassword`. */
    readonly kinds: Readonly<Record<string, ResourceKind>>;
}

/** Serves resources that are nothing but values; resolves to the port. */
export const serve = (provider: Provider): Promise<number> => listen(implement(provider));

function implement(provider: Provider) {
    const kindOf = (urn: string) => findKind(provider, urn);
    return {
        handshake: unary(() => new messages.ProviderHandshakeResponse().setAcceptSecrets(true)),
        checkConfig: unary((request: messages.CheckRequest) =>
            new messages.CheckResponse().setInputs(request.getNews()),
        ),
        diffConfig: unary(() => new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE)),
        configure: unary(() => new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true)),
        check: unary((request: messages.CheckRequest) => check(kindOf(request.getUrn()), request)),
        diff: unary((request: messages.DiffRequest) => diff(kindOf(request.getUrn()), request)),
        create: unary((request: messages.CreateRequest) => create(kindOf(request.getUrn()), request)),
        read: unary((request: messages.ReadRequest) => read(kindOf(request.getUrn()), request)),
        update: unary((request: messages.UpdateRequest) => update(kindOf(request.getUrn()), request)),
        // What these resources make lives in the stack's state only, so there is nothing to take away.
        delete: unary((request: messages.DeleteRequest) => {
            kindOf(request.getUrn());
            return new Empty();
        }),
        invoke: unary((request: messages.InvokeRequest): messages.InvokeResponse => {
            throw new Error(`the simulator's ${provider.name} plugin has no function ${request.getTok()}`);
        }),
        cancel: unary(() => new Empty()),
        getPluginInfo: unary(() => new PluginInfo().setVersion(provider.version)),
    };
}

function findKind(provider: Provider, urn: string): ResourceKind {
    const type = typeOf(urn);
    const kind = provider.kinds[type];
    if (kind === undefined) throw new Error(`the simulator's ${provider.name} plugin has no resource type ${type}`);
    return kind;
}

function check(kind: ResourceKind, request: messages.CheckRequest): messages.CheckResponse {
    const news = decode(request.getNews());
    const failures = toFailures(checkInputs(kind, news.values));
    const secrets = [...news.secrets, ...kind.secrets.filter((property) => property in kind.inputs)];
    return new messages.CheckResponse().setInputs(encode(news.values, secrets)).setFailuresList(failures);
}

function diff(kind: ResourceKind, request: messages.DiffRequest): messages.DiffResponse {
    const before = decode(request.getOldInputs()).values;
    const after = decode(request.getNews()).values;
    const changes: PropertyChange[] = compare(kind, before, after);
    const stale = kind.stale?.(decode(request.getOlds()).values, withDefaults(kind, after));
    if (stale) changes.push({ property: stale, kind: "update", replace: true, input: false });
    return toDiffResponse(changes);
}

async function create(kind: ResourceKind, request: messages.CreateRequest): Promise<messages.CreateResponse> {
    const inputs = decode(request.getProperties());
    const properties = withDefaults(kind, inputs.values);
    const secrets = [...inputs.secrets, ...kind.secrets];
    const response = new messages.CreateResponse();
    if (request.getPreview()) {
        const outputs = Object.fromEntries(kind.computed.map((property) => [property, unknownValue]));
        return response.setProperties(encode({ ...properties, ...outputs }, secrets));
    }
    const { id, outputs } = await kind.create(properties);
    return response.setId(id).setProperties(encode({ ...properties, ...outputs }, secrets));
}

function read(kind: ResourceKind, request: messages.ReadRequest): messages.ReadResponse {
    const state = decode(request.getProperties());
    const response = new messages.ReadResponse();
    if (kind.computed.some((property) => property in state.values)) {
        const now = kind.refresh?.(state.values) ?? state.values;
        const properties = encode(now, [...state.secrets, ...kind.secrets]);
        return response.setId(request.getId()).setInputs(request.getInputs()).setProperties(properties);
    }
    if (!kind.import) throw new Error(`${typeOf(request.getUrn())} cannot be imported: its value is not in an id`);
    const { id, inputs = {}, outputs } = kind.import(request.getId());
    const properties = encode({ ...withDefaults(kind, inputs), ...outputs }, kind.secrets);
    return response.setId(id).setInputs(encode(inputs, kind.secrets)).setProperties(properties);
}

function update(kind: ResourceKind, request: messages.UpdateRequest): messages.UpdateResponse {
    const news = decode(request.getNews());
    const state = decode(request.getOlds());
    const kept: Properties = Object.fromEntries(
        kind.computed.flatMap((property) =>
            property in state.values ? [[property, state.values[property] ?? null]] : [],
        ),
    );
    const updated = { ...withDefaults(kind, news.values), ...kept };
    const properties = kind.refresh?.(updated) ?? updated;
    return new messages.UpdateResponse().setProperties(encode(properties, [...news.secrets, ...kind.secrets]));
}
