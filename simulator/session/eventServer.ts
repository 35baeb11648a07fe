import { Server, ServerCredentials, type ServerReadableStream, type sendUnaryData } from "@grpc/grpc-js";
import { EventsService } from "@pulumi/pulumi/proto/events_grpc_pb";
import type { EventRequest } from "@pulumi/pulumi/proto/events_pb";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";

/** Where an engine sends its events, for as long as it runs. */
export interface EventServer {
    /** For the engine's `--event-log`. */
    readonly address: string;
    close(): void;
}

/**
 * Listens on 127.0.0.1 for one engine's events, each one line of JSON. They go through no file: the engine writes secret values
 * into its event log in the clear.
 */
export async function serveEvents(read: (event: string) => void): Promise<EventServer> {
    const server = new Server({ "grpc.max_receive_message_length": -1 });
    server.addService(EventsService, {
        streamEvents(call: ServerReadableStream<EventRequest, Empty>, reply: sendUnaryData<Empty>) {
            call.on("data", (request: EventRequest) => read(request.getEvent()));
            call.on("end", () => reply(null, new Empty()));
        },
    });
    const port = await new Promise<number>((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, bound) =>
            error ? reject(error) : resolve(bound),
        );
    });
    return { address: `tcp://127.0.0.1:${port}`, close: () => server.forceShutdown() };
}
