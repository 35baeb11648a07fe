import { existsSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import {
    type handleUnaryCall,
    Server,
    ServerCredentials,
    type ServerWritableStream,
    type sendUnaryData,
    status,
} from "@grpc/grpc-js";
import { LanguageRuntimeService } from "@pulumi/pulumi/proto/language_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/language_pb";
import { PackageDependency, PluginInfo } from "@pulumi/pulumi/proto/plugin_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { pins } from "../pinned";
import { Children } from "./child";
import { installDependencies } from "./install";
import { findDependencies, findRequiredPackages } from "./packages";
import { runPlugin } from "./plugin";
import { runProgram } from "./program";

/** Serves the engine's language protocol for programs and policy packs that run on Node. */
export class LanguageHost {
    readonly #children = new Children();

    /** @param engine - address of the engine, empty when it comes with the handshake */
    constructor(private engine: string) {}

    /** Resolves to the port on 127.0.0.1. */
    listen(): Promise<number> {
        const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
        server.addService(LanguageRuntimeService, this.#handlers());
        return new Promise((resolve, reject) => {
            server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
                error ? reject(error) : resolve(port),
            );
        });
    }

    /** End every program and plugin that runs. */
    cancel(): Promise<void> {
        return this.#children.stop();
    }

    #handlers() {
        return {
            handshake: unary((request: messages.LanguageHandshakeRequest) => {
                this.engine = request.getEngineAddress();
                return new messages.LanguageHandshakeResponse();
            }),
            getPluginInfo: unary(() => new PluginInfo().setVersion(pins.pulumi)),
            getRequiredPackages: unary(requiredPackages),
            getProgramDependencies: unary(programDependencies),
            runtimeOptionsPrompts: unary(() => new messages.RuntimeOptionsResponse()),
            about: unary(about),
            run: unary((request: messages.RunRequest) => runProgram(request, this.engine, this.#children)),
            runPlugin: stream<messages.RunPluginRequest, messages.RunPluginResponse>((call) =>
                runPlugin(call, this.#children),
            ),
            installDependencies: stream(installDependencies),
            cancel: unary(async () => {
                await this.cancel();
                return new Empty();
            }),
        };
    }
}

function unary<Request, Response>(
    handle: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
    return (call, callback: sendUnaryData<Response>) => {
        Promise.resolve(call.request)
            .then(handle)
            .then((response) => callback(null, response))
            .catch((error: unknown) => callback(toServiceError(error)));
    };
}

function stream<Request, Response>(handle: (call: ServerWritableStream<Request, Response>) => Promise<void>) {
    return (call: ServerWritableStream<Request, Response>) => {
        handle(call).catch((error: unknown) => call.emit("error", toServiceError(error)));
    };
}

function toServiceError(error: unknown): { code: status; details: string } {
    return { code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}

function requiredPackages(request: messages.GetRequiredPackagesRequest): messages.GetRequiredPackagesResponse {
    const found = findRequiredPackages(request.getInfo()?.getProgramDirectory() ?? ".");
    const packages = found.map(({ name, version, server }) =>
        new PackageDependency().setName(name).setKind("resource").setVersion(version).setServer(server),
    );
    return new messages.GetRequiredPackagesResponse().setPackagesList(packages);
}

function programDependencies(request: messages.GetProgramDependenciesRequest): messages.GetProgramDependenciesResponse {
    const folder = request.getInfo()?.getProgramDirectory() ?? request.getPwd();
    const found = findDependencies(folder, request.getTransitivedependencies());
    const list = found.map(({ name, version }) => new messages.DependencyInfo().setName(name).setVersion(version));
    return new messages.GetProgramDependenciesResponse().setDependenciesList(list);
}

function about(request: messages.AboutRequest): messages.AboutResponse {
    const response = new messages.AboutResponse().setExecutable(process.execPath).setVersion(process.version);
    response.getMetadataMap().set("packagemanager", "npm");
    const typescript = versionOf("typescript", request.getInfo()?.getProgramDirectory() ?? ".");
    if (typescript) response.getMetadataMap().set("typescriptVersion", typescript);
    return response;
}

/** Version of a package as the program in `folder` would load it. */
function versionOf(name: string, folder: string): string | undefined {
    const roots = createRequire(join(folder, "program.js")).resolve.paths(name) ?? [];
    const manifest = roots.map((root) => join(root, name, "package.json")).find(existsSync);
    if (manifest === undefined) return undefined;
    const { version }: { version?: unknown } = createRequire(join(dirname(manifest), "x.js"))(manifest);
    return typeof version === "string" ? version : undefined;
}
