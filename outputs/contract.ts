import { z } from "zod";

/**
 * Version of what a stack exports. Adding an output keeps it; removing one, or giving one another type or meaning, raises it,
 * so that a consumer learns of it by one clear message and not by a wrong value.
 */
export const contractVersion = 1;

/** What every stack of tars-platform exports. */
export interface Contract {
    /** The contract that the stack keeps. */
    readonly contract: typeof contractVersion;
    /** Namespace that the platform runs in. */
    readonly namespace: string;
    /** UID of the kube-system namespace of the platform's cluster: by it, who deploys beside the platform knows that cluster from others. */
    readonly clusterIdentity: string;
    /** The ingress controller that serves `hosts`; absent while the platform is reached from inside its cluster only. */
    readonly ingress?: {
        /** Ingress class, for an Ingress of one's own. */
        readonly className: string;
        /** Namespace of its pods: what pods send to `urls` goes there, and what comes from outside comes from there. */
        readonly namespace: string;
    } | undefined;
    /** Hosts that lead to the platform. */
    readonly hosts: readonly string[];
    readonly urls: {
        /** The application, for people. */
        readonly app: string;
        /** Base of the API, for programs. */
        readonly api: string;
        /** Documentation of the API. */
        readonly docs: string;
        /** Answers 200 while the application is up. */
        readonly health: string;
    };
    /** `host:port` of data services inside the namespace; the platform's network policies decide who gets through. */
    readonly endpoints: Readonly<Record<"postgres" | "redis" | "chromadb" | "ollama", string>>;
    /** How to log in to data services. */
    readonly credentials: {
        readonly postgres: { readonly database: string; readonly user: string; readonly password: SecretReference };
        readonly redis: { readonly password: SecretReference };
    };
    /** Fewest and most pods, by workload. */
    readonly replicas: Readonly<Record<string, { readonly min: number; readonly max: number }>>;
}

/** Where a secret value is: outputs never hold the value itself. Reading it takes a right that the platform's team gives. */
export interface SecretReference {
    readonly namespace: string;
    /** Name of the Kubernetes Secret. */
    readonly name: string;
    /** Key of the value in the Secret. */
    readonly key: string;
}

const name = z.string().min(1);
const secretReference = z.object({ namespace: name, name, key: name });
const endpoint = z.string().regex(/^[a-z0-9.-]+:[0-9]+$/, { error: "must be host:port" });
const count = z.int().min(0);

/** Reads a contract; outputs that a newer platform adds are passed over. */
export const contract = z.object({
    contract: z.literal(contractVersion),
    namespace: name,
    clusterIdentity: name,
    ingress: z.object({ className: name, namespace: name }).optional(),
    hosts: z.array(name).readonly(),
    urls: z.object({ app: z.url(), api: z.url(), docs: z.url(), health: z.url() }),
    endpoints: z.object({ postgres: endpoint, redis: endpoint, chromadb: endpoint, ollama: endpoint }),
    credentials: z.object({
        postgres: z.object({ database: name, user: name, password: secretReference }),
        redis: z.object({ password: secretReference }),
    }),
    replicas: z.record(name, z.object({ min: count, max: count })),
}) satisfies z.ZodType<Contract>;
