import type { ChildProcess } from "node:child_process";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";
import { pipeline } from "node:stream";
import {
    Client,
    credentials,
    type handleUnaryCall,
    Server,
    ServerCredentials,
    type ServiceDefinition,
    type ServiceError,
    status,
} from "@grpc/grpc-js";
import { AnalyzerService } from "@pulumi/pulumi/proto/analyzer_grpc_pb";
import {
    AnalyzerHandshakeResponse,
    AnalyzerStackConfigureRequest,
    AnalyzerStackConfigureResponse,
} from "@pulumi/pulumi/proto/analyzer_pb";

type Handler = handleUnaryCall<Buffer, Buffer>;
type StackEnvironment = Readonly<Record<string, string>>;

/** Messages are passed on as they are, so the proxy knows only the two it answers itself. */
const raw = { serialize: (message: Buffer) => message, deserialize: (bytes: Buffer) => bytes } as const;
/** How long a call of the first connection may take once the pack has its own, in milliseconds. */
const patienceMs = 60_000;
const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 } as const;

/**
 * Stands between the engine and a policy pack until the pack serves: answers the handshake, takes the stack's configuration, with which
 * the pack is started, and passes on what else the engine asks. Then it asks the engine to connect anew and connects it to the pack, so
 * that no call is read and written on its way.
 * @see https://github.com/pulumi/pulumi/blob/v3.253.0/sdk/policy_proxy.go
 */
export class PolicyProxy {
    /** Environment for the pack, once the engine has sent the stack's configuration, or asked for anything else. */
    readonly stackEnvironment: Promise<StackEnvironment>;
    #configure: (environment: StackEnvironment) => void = () => undefined;
    #configuration: Buffer | undefined;
    #attached: (pack: Client) => void = () => undefined;
    #failed: (error: Error) => void = () => undefined;
    readonly #pack: Promise<Client>;
    readonly #server = new Server(unlimited);
    readonly #calls = this.#server.createConnectionInjector(ServerCredentials.createInsecure());
    readonly #connections = new Set<Socket>();
    readonly #listener = createServer((connection) => this.#accept(connection));
    /** Of the pack, once it serves. */
    #port: number | undefined;

    constructor() {
        this.stackEnvironment = new Promise((resolve) => {
            this.#configure = resolve;
        });
        this.#pack = new Promise((resolve, reject) => {
            this.#attached = resolve;
            this.#failed = reject;
        });
        // Nobody may be waiting for the pack when it fails to start.
        this.#pack.catch(() => undefined);
    }

    /** Resolves to the port on 127.0.0.1 that the engine is to use. */
    listen(): Promise<number> {
        const methods = Object.entries(AnalyzerService);
        const service: ServiceDefinition = Object.fromEntries(
            methods.map(([name, method]) => [
                name,
                {
                    path: method.path,
                    requestStream: false,
                    responseStream: false,
                    requestSerialize: raw.serialize,
                    requestDeserialize: raw.deserialize,
                    responseSerialize: raw.serialize,
                    responseDeserialize: raw.deserialize,
                },
            ]),
        );
        const handlers = Object.fromEntries(methods.map(([name, method]) => [name, this.#forward(method.path)]));
        this.#server.addService(service, {
            ...handlers,
            handshake: this.#handshake,
            configureStack: this.#configureStack,
        });
        return new Promise((resolve, reject) => {
            this.#listener.once("error", reject);
            this.#listener.listen(0, "127.0.0.1", () => resolve((this.#listener.address() as AddressInfo).port));
        });
    }

    /** Wait for the pack to print its port, then pass calls on to it; what else it prints goes to `print`. */
    attach(pack: ChildProcess, print: (text: Buffer) => void): void {
        let head = "";
        let found = false;
        pack.stdout?.on("data", (text: Buffer) => {
            if (found) return print(text);
            head += text.toString();
            const line = /^(\d+)\r?\n/.exec(head);
            if (!line) return;
            found = true;
            this.#connect(Number(line[1]));
            if (head.length > line[0].length) print(Buffer.from(head.slice(line[0].length)));
        });
        pack.once("close", () => this.#failed(new Error(`the policy pack ended before it served: ${head}`)));
        pack.once("error", this.#failed);
    }

    close(): void {
        this.#failed(new Error("the policy pack has ended"));
        this.#pack.then(
            (pack) => pack.close(),
            () => undefined,
        );
        this.#listener.close();
        for (const connection of this.#connections) connection.destroy();
        this.#server.forceShutdown();
    }

    #accept(connection: Socket): void {
        this.#connections.add(connection);
        connection.once("close", () => this.#connections.delete(connection));
        connection.setNoDelay();
        if (this.#port === undefined) {
            this.#calls.injectConnection(connection);
            return;
        }
        const pack = connect(this.#port, "127.0.0.1").setNoDelay();
        // Either end closes the other, and whoever was asking is told by its own connection.
        pipeline(connection, pack, connection, () => undefined);
    }

    #connect(port: number): void {
        const client = new Client(`127.0.0.1:${port}`, credentials.createInsecure(), unlimited);
        const attach = () => {
            this.#attached(client);
            this.#port = port;
            this.#calls.drain(patienceMs);
        };
        if (!this.#configuration) {
            attach();
            return;
        }
        client.makeUnaryRequest(
            AnalyzerService.configureStack.path,
            raw.serialize,
            raw.deserialize,
            this.#configuration,
            // Packs built with an older SDK do not know the call; they have their environment.
            (error) => (error && error.code !== status.UNIMPLEMENTED ? this.#failed(error) : attach()),
        );
    }

    readonly #handshake: Handler = (_call, callback) => {
        callback(null, Buffer.from(new AnalyzerHandshakeResponse().serializeBinary()));
    };

    readonly #configureStack: Handler = (call, callback) => {
        this.#configuration = call.request;
        this.#configure(toEnvironment(AnalyzerStackConfigureRequest.deserializeBinary(call.request)));
        callback(null, Buffer.from(new AnalyzerStackConfigureResponse().serializeBinary()));
    };

    #forward(path: string): Handler {
        return (call, callback) => {
            // The engine asks before it configures when there is no stack, as for `pulumi policy publish`.
            this.#configure({});
            const answer = (error: ServiceError | null, response?: Buffer) => callback(error, response);
            this.#pack.then(
                (pack) => pack.makeUnaryRequest(path, raw.serialize, raw.deserialize, call.request, answer),
                (error: Error) => callback({ code: status.UNAVAILABLE, details: error.message }),
            );
        };
    }
}

function toEnvironment(request: AnalyzerStackConfigureRequest): StackEnvironment {
    return {
        PULUMI_NODEJS_ORGANIZATION: request.getOrganization(),
        PULUMI_NODEJS_PROJECT: request.getProject(),
        PULUMI_NODEJS_STACK: request.getStack(),
        PULUMI_NODEJS_DRY_RUN: String(request.getDryRun()),
        PULUMI_CONFIG: JSON.stringify(Object.fromEntries(request.getConfigMap().entries())),
    };
}
