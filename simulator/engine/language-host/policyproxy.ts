import type { ChildProcess } from "node:child_process";
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
const unlimited = { "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 } as const;

/**
 * Stands between the engine and a policy pack: answers the handshake and takes the stack's configuration before the pack runs, and
 * passes everything else on to it.
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
            this.#server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
                error ? reject(error) : resolve(port),
            );
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
            this.#connect(`127.0.0.1:${line[1]}`);
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
        this.#server.forceShutdown();
    }

    #connect(address: string): void {
        const client = new Client(address, credentials.createInsecure(), unlimited);
        if (!this.#configuration) {
            this.#attached(client);
            return;
        }
        client.makeUnaryRequest(
            AnalyzerService.configureStack.path,
            raw.serialize,
            raw.deserialize,
            this.#configuration,
            // Packs built with an older SDK do not know the call; they have their environment.
            (error) => (error && error.code !== status.UNIMPLEMENTED ? this.#failed(error) : this.#attached(client)),
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
