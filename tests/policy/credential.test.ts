import { isCredential } from "../../policy/reading/credential";

test.each([
    ["POSTGRES_PASSWORD", "hunter2"],
    ["jwtSecretKey", "short"],
    ["api-token", "x1"],
    ["PASSWORD2", "hunter2"],
    ["accessKey", "abc"],
    ["DATABASE", "postgresql://app:hunter2@postgres:5432/app"],
    ["WHATEVER", "AKIAIOSFODNN7EXAMPLE"],
    ["WHATEVER", "q7Zk0PfT9xWb3LmN8vRy2HsD"],
    ["tls.key", "-----BEGIN EC PRIVATE KEY-----\nMHcCAQEE\n-----END EC PRIVATE KEY-----"],
    ["redis.conf", "maxmemory 1gb\nrequirepass hunter2"],
    ["config.json", '{"user":"app","password":"hunter2"}'],
    ["app.yaml", "db:\n  password: hunter2\n"],
    ["BLOB", "DefaultEndpointsProtocol=https;AccountKey=aaaaaaaaaaaaaaaaaaaaaaaa=="],
])("%s is a credential", (name, text) => {
    expect(isCredential(name, text)).toBe(true);
});

test.each([
    ["REDIS_CACHE_TTL", "3600"],
    ["PASSWORD_FILE", "/run/secrets/password"],
    ["TOKEN", "$(TOKEN)"],
    ["PASSWORD", ""],
    ["USE_TOKEN", "true"],
    ["MAX_TOKENS", "4096"],
    ["OLLAMA_HOST", "http://ollama:11434"],
    ["cacheKey", "session"],
    ["image", "registry.example/app@sha256:0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef"],
    ["uid", "7f9c24e8-3b12-4fef-91d0-1234567890ab"],
    ["ca.crt", "-----BEGIN CERTIFICATE-----\nMIIB\n-----END CERTIFICATE-----"],
    ["caBundle", "LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS0tLS0tCk1JSUI3xY9Zq"],
    ["arn", "arn:aws:iam::123456789012:role/tars-production-node-group-general"],
    ["name", "tarsProductionClusterNodeGroupGeneral"],
])("%s is none", (name, text) => {
    expect(isCredential(name, text)).toBe(false);
});
