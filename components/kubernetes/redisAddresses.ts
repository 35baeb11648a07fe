import { addresses } from "./addresses";

const operator = "https://raw.githubusercontent.com/OT-CONTAINER-KIT/redis-operator/v0.26.0/config/crd/bases";

/** All four kinds, file by file as their maker keeps them: the operator watches each of them. @see https://github.com/OT-CONTAINER-KIT/redis-operator/blob/v0.26.0/config/crd/kustomization.yaml */
export const redisOperatorAddresses = addresses(operator, [
    "redis.redis.opstreelabs.in_redis",
    "redis.redis.opstreelabs.in_redisclusters",
    "redis.redis.opstreelabs.in_redisreplications",
    "redis.redis.opstreelabs.in_redissentinels",
]);
