import {
    type handleUnaryCall,
    Server,
    ServerCredentials,
    type ServiceError,
    status,
    type UntypedServiceImplementation,
} from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb";
import * as messages from "@pulumi/pulumi/proto/provider_pb";

/** One difference between two sets of inputs. */
export interface PropertyChange {
    /** Path of it: `tags`, `scalingConfig.minSize`, `rules[0].action`. */
    readonly property: string;
    readonly kind: "add" | "delete" | "update";
    readonly replace: boolean;
    /**
     * Whether it is an input that differs.
     * @default true
     */
    readonly input?: boolean;
}

/** One thing wrong with the inputs of a resource. */
export interface InputIssue {
    readonly property: string;
    readonly reason: string;
}

/** Answers the engine's provider protocol on a free port of 127.0.0.1; resolves to the port. */
export async function listen(implementation: UntypedServiceImplementation): Promise<number> {
    const server = new Server({ "grpc.max_receive_message_length": -1, "grpc.max_send_message_length": -1 });
    server.addService(ResourceProviderService, implementation);
    return new Promise((resolve, reject) => {
        server.bindAsync("127.0.0.1:0", ServerCredentials.createInsecure(), (error, port) =>
            error ? reject(error) : resolve(port),
        );
    });
}

/** A call that is answered once; what the handler throws becomes the call's error. */
export function unary<Request, Response>(
    handle: (request: Request) => Response | Promise<Response>,
): handleUnaryCall<Request, Response> {
    return (call, callback) => {
        Promise.resolve(call.request)
            .then(handle)
            .then((response) => callback(null, response))
            .catch((error: unknown) => callback(toServiceError(error)));
    };
}

function toServiceError(error: unknown): Partial<ServiceError> {
    return { code: status.UNKNOWN, details: error instanceof Error ? error.message : String(error) };
}

/** `urn:pulumi:stack::project::parent$type::name` -> type */
export function typeOf(urn: string): string {
    return urn.split("::")[2]?.split("$").at(-1) ?? urn;
}

/** `urn:pulumi:stack::project::parent$type::name` -> name */
export function nameOf(urn: string): string {
    return urn.split("::").slice(3).join("::");
}

export function toFailures(issues: readonly InputIssue[]): messages.CheckFailure[] {
    return issues.map(({ property, reason }) =>
        new messages.CheckFailure().setProperty(property).setReason(`${property} ${reason}`),
    );
}

/** What differs, in detail, and what of it can only be had by a replacement. */
export function toDiffResponse(changes: readonly PropertyChange[]): messages.DiffResponse {
    const { DIFF_NONE, DIFF_SOME } = messages.DiffResponse.DiffChanges;
    const response = new messages.DiffResponse().setChanges(changes.length > 0 ? DIFF_SOME : DIFF_NONE);
    response.setDiffsList(topLevel(changes));
    response.setReplacesList(topLevel(changes.filter(({ replace }) => replace)));
    response.setHasdetaileddiff(true);
    for (const change of changes) response.getDetaileddiffMap().set(change.property, toPropertyDiff(change));
    return response;
}

/** Names of the properties that the changes are in, each once. */
function topLevel(changes: readonly PropertyChange[]): string[] {
    return [...new Set(changes.map(({ property }) => /^[^.[]*/.exec(property)?.[0] ?? property))];
}

function toPropertyDiff({ kind, replace, input = true }: PropertyChange): messages.PropertyDiff {
    const { Kind } = messages.PropertyDiff;
    const kinds = {
        add: [Kind.ADD, Kind.ADD_REPLACE],
        delete: [Kind.DELETE, Kind.DELETE_REPLACE],
        update: [Kind.UPDATE, Kind.UPDATE_REPLACE],
    } as const;
    return new messages.PropertyDiff().setKind(kinds[kind][replace ? 1 : 0]).setInputdiff(input);
}
