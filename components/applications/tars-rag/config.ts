import type { Settings } from "../../settings/schema";

/** Where the backend finds a service that it uses. */
export interface Address {
    readonly host: string;
    readonly port: number;
}

/** The same of a service that may be the cloud's. No host where only the cloud knows it: it is then no part of what stands in the clear. */
interface CloudsAddress extends Omit<Address, "host"> {
    readonly host: string | undefined;
}

export interface ConfigPlan {
    readonly settings: Settings["tarsRag"];
    /** Host that clients use. */
    readonly publicHost: string;
    readonly database: CloudsAddress & { readonly name: string; readonly user: string };
    readonly cache: CloudsAddress;
    readonly vectorStore: Address;
    readonly inference: Address;
}

/** Everything that tars-backend reads from its environment and that is no secret: the content of `tars-config`. */
export function planConfig(plan: ConfigPlan): Readonly<Record<string, string>> {
    return { ...documentedKeys(plan), ...undocumentedKeys(plan), ...addressKeys(plan) };
}

/** Keys that the T.A.R.S. guide documents (requirements/001, "Environment Variables"). */
function documentedKeys({ settings, publicHost }: ConfigPlan) {
    return {
        BASE_URL: settings.baseUrl ?? `https://${publicHost}`,
        REDIS_ENABLED: `${settings.redisEnabled}`,
        REDIS_CACHE_TTL: `${settings.redisCacheTtlSeconds}`,
        RATE_LIMIT_PER_MINUTE: `${settings.rateLimitPerMinute}`,
        ENABLE_HTTPS: `${settings.enableHttps}`,
        USE_ADVANCED_RERANKING: `${settings.useAdvancedReranking}`,
        PROMETHEUS_ENABLED: `${settings.prometheusEnabled}`,
    };
}

/** What the guide means, under the names that the backend reads it by (backend/app/core/config.py in oceanrockr/VDS_TARS, 47182b0). */
function undocumentedKeys({ settings, publicHost }: ConfigPlan) {
    return {
        HTTPS_ENABLED: `${settings.enableHttps}`,
        // Off unless set: the analytics would then never reach the database.
        POSTGRES_ENABLED: "true",
        // A browser sends scheme, host and port only; anything more would match no request.
        CORS_ORIGINS: new URL(settings.baseUrl ?? `https://${publicHost}`).origin,
    };
}

/** Keys that the guide leaves to its manifests: where this platform puts the services, in the words of the backend's own configuration. */
function addressKeys({ database, cache, vectorStore, inference }: ConfigPlan) {
    return {
        ...(database.host === undefined ? {} : { POSTGRES_HOST: database.host }),
        POSTGRES_PORT: `${database.port}`,
        POSTGRES_DB: database.name,
        POSTGRES_USER: database.user,
        ...(cache.host === undefined ? {} : { REDIS_HOST: cache.host }),
        REDIS_PORT: `${cache.port}`,
        CHROMA_HOST: `http://${vectorStore.host}:${vectorStore.port}`,
        OLLAMA_HOST: `http://${inference.host}:${inference.port}`,
        // Embeddings are computed in the backend's own pods, which never ask for a GPU.
        EMBED_DEVICE: "cpu",
    };
}
