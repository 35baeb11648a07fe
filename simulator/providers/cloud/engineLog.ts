import { credentials } from "@grpc/grpc-js";
import { EngineClient } from "@pulumi/pulumi/proto/engine_grpc_pb";
import { LogRequest, LogSeverity } from "@pulumi/pulumi/proto/engine_pb";

/** Says something to the user about one resource. */
export type Warn = (urn: string, message: string) => Promise<void>;

/** @param address the engine's, which it gives a plugin as its first argument */
export function warnThrough(address: string): Warn {
    const engine = new EngineClient(address, credentials.createInsecure());
    return (urn, message) => {
        const request = new LogRequest().setSeverity(LogSeverity.WARNING).setUrn(urn).setMessage(message);
        return new Promise((resolve, reject) => {
            engine.log(request, (error: Error | null) => (error ? reject(error) : resolve()));
        });
    };
}
