import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { type Bag, decode, encode } from "../properties";
import { listen, toDiffResponse, toFailures, typeOf, unary } from "../protocol";
import { warnThrough } from "./engineLog";
import type { Cloud } from "./kind";
import { CloudRun } from "./run";

/** Serves a simulated cloud to the engine at `engine`; resolves to the port. */
export function serveCloud(cloud: Cloud, engine: string): Promise<number> {
    return listen(implement(cloud, new CloudRun(cloud, warnThrough(engine))));
}

function implement(cloud: Cloud, run: CloudRun) {
    return {
        handshake: unary(() => new messages.ProviderHandshakeResponse().setAcceptSecrets(true)),
        checkConfig: unary((request: messages.CheckRequest) => checkConfig(cloud, request)),
        diffConfig: unary((request: messages.DiffRequest) => {
            const changes = run.diffConfig(decode(request.getOldInputs()).values, decode(request.getNews()).values);
            return toDiffResponse(changes);
        }),
        configure: unary((request: messages.ConfigureRequest) => {
            run.configure(decode(request.getArgs()).values);
            return new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true);
        }),
        check: unary((request: messages.CheckRequest) => check(run, request)),
        diff: unary((request: messages.DiffRequest) => diff(run, request)),
        create: unary((request: messages.CreateRequest) => create(run, request)),
        read: unary((request: messages.ReadRequest) => read(run, request)),
        update: unary((request: messages.UpdateRequest) => update(run, request)),
        delete: unary(async (request: messages.DeleteRequest) => {
            await run.delete(request.getUrn(), request.getId());
            return new Empty();
        }),
        invoke: unary(async (request: messages.InvokeRequest) => {
            const result = await run.invoke(request.getTok(), decode(request.getArgs()).values);
            return new messages.InvokeResponse().setReturn(encode(result));
        }),
        cancel: unary(() => new Empty()),
        getPluginInfo: unary(() => new PluginInfo().setVersion(cloud.version)),
    };
}

function checkConfig(cloud: Cloud, request: messages.CheckRequest): messages.CheckResponse {
    const issues = cloud.checkConfig?.(decode(request.getNews()).values) ?? [];
    return new messages.CheckResponse().setInputs(request.getNews()).setFailuresList(toFailures(issues));
}

function check(run: CloudRun, request: messages.CheckRequest): messages.CheckResponse {
    const news = decode(request.getNews());
    const seed = Buffer.from(request.getRandomseed_asU8()).toString("hex");
    const { inputs, issues } = run.check(request.getUrn(), decode(request.getOlds()).values, news.values, seed);
    const secrets = [...news.secrets, ...run.secretsOf(request.getUrn()).filter((property) => property in inputs)];
    return new messages.CheckResponse().setInputs(encode(inputs, secrets)).setFailuresList(toFailures(issues));
}

async function diff(run: CloudRun, request: messages.DiffRequest): Promise<messages.DiffResponse> {
    const before = decode(request.getOldInputs()).values;
    const after = decode(request.getNews()).values;
    const { changes, deleteFirst } = await run.diff(request.getUrn(), before, after);
    return toDiffResponse(changes).setDeletebeforereplace(deleteFirst);
}

async function create(run: CloudRun, request: messages.CreateRequest): Promise<messages.CreateResponse> {
    const urn = request.getUrn();
    const inputs = decode(request.getProperties());
    const secrets = [...inputs.secrets, ...run.secretsOf(urn)];
    if (request.getPreview()) {
        return new messages.CreateResponse().setProperties(encode(run.previewCreate(urn, inputs.values), secrets));
    }
    const { id, outputs } = await run.create(urn, inputs);
    return new messages.CreateResponse().setId(id).setProperties(encode(outputs, secrets));
}

async function update(run: CloudRun, request: messages.UpdateRequest): Promise<messages.UpdateResponse> {
    const urn = request.getUrn();
    const inputs = decode(request.getNews());
    const before = decode(request.getOlds()).values;
    const outputs = request.getPreview()
        ? run.previewUpdate(urn, before, inputs.values)
        : await run.update(urn, request.getId(), inputs);
    const secrets = [...inputs.secrets, ...run.secretsOf(urn)];
    return new messages.UpdateResponse().setProperties(encode(outputs, secrets));
}

async function read(run: CloudRun, request: messages.ReadRequest): Promise<messages.ReadResponse> {
    const urn = request.getUrn();
    const known: { inputs: Bag; outputs: Bag } = {
        inputs: decode(request.getInputs()),
        outputs: decode(request.getProperties()),
    };
    const found = await run.read(typeOf(urn), request.getId());
    // Without an id: it is not there (any more).
    if (found === undefined) return new messages.ReadResponse();
    const secrets = [...known.inputs.secrets, ...known.outputs.secrets, ...run.secretsOf(urn)];
    const hidden = (bag: Bag) =>
        Object.fromEntries(Object.entries(bag.values).filter(([name]) => secrets.includes(name)));
    return new messages.ReadResponse()
        .setId(request.getId())
        .setInputs(encode({ ...found.inputs, ...hidden(known.inputs) }, secrets))
        .setProperties(encode({ ...found.outputs, ...hidden(known.outputs) }, secrets));
}
