/**
 * Objects of data services that talk without TLS of their own, because who calls them knows none: the mesh, which takes nothing but mutual TLS, carries every
 * call. A password is asked of them as of all others.
 */
export const carriedByMesh = [
    {
        namespace: "tars",
        name: "redis-ha",
        reason: "tars-backend opens its connections without TLS (backend/app/services/redis_cache.py of oceanrockr/VDS_TARS at 413d2ab)",
    },
] as const;
