import type { FailingSample, Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";

type Mapping = Readonly<Record<string, unknown>>;

const object = (kind: string, spec: Mapping) =>
    sampleOf(kubernetesResource("external-secrets.io/v1", kind, { metadata: { name: "store" }, spec }));

const vault = { authType: "WorkloadIdentity", vaultUrl: "https://shop.vault.example" } as const;
const azure = { provider: { azurekv: vault } } as const;
const conditions = [{ namespaces: ["shop"] }] as const;
const key = { name: "key", key: "key" } as const;

const external = (spec: Mapping): Sample =>
    object("ExternalSecret", { secretStoreRef: { name: "store" }, data: [], ...spec });

export const passing: readonly Sample[] = [
    object("ClusterSecretStore", { ...azure, conditions }),
    external({ refreshInterval: "1h0m0s", refreshPolicy: "Periodic" }),
    external({}),
    object("SecretStore", azure),
    object("SecretStore", { provider: { aws: { service: "SecretsManager", region: "eu-central-1" } } }),
    object("ClusterSecretStore", {
        ...azure,
        conditions: [{ namespaceSelector: { matchLabels: { tenant: "shop" } } }],
    }),
    object("ExternalSecret", {
        refreshInterval: "0",
        dataFrom: [{ sourceRef: { generatorRef: { kind: "Password" } } }],
    }),
    object("ClusterExternalSecret", { externalSecretSpec: { refreshInterval: "15m" } }),
];

const staticKey = "opens the store with a static key";
const open = "names no namespaces, so that every namespace may read";

export const failing: readonly FailingSample[] = [
    {
        sample: object("SecretStore", { provider: { aws: { auth: { secretRef: { accessKeyIDSecretRef: key } } } } }),
        problem: staticKey,
    },
    { sample: object("SecretStore", { provider: { vault: { auth: { tokenSecretRef: key } } } }), problem: staticKey },
    {
        sample: object("SecretStore", { provider: { azurekv: { ...vault, authSecretRef: { clientSecret: key } } } }),
        problem: staticKey,
    },
    {
        sample: object("SecretStore", { provider: { azurekv: { vaultUrl: "https://shop.vault.example" } } }),
        problem: "is ServicePrincipal, which needs a static key",
    },
    { sample: object("SecretStore", { provider: { fake: { data: [] } } }), problem: "holds its values itself" },
    { sample: object("ClusterSecretStore", azure), problem: open },
    { sample: object("ClusterSecretStore", { ...azure, conditions: [{ namespaceSelector: {} }] }), problem: open },
    { sample: object("ClusterSecretStore", { ...azure, conditions: [{ namespaceRegexes: [".*"] }] }), problem: open },
    { sample: external({ refreshInterval: "0" }), problem: "is 0, which never reads the store again" },
    { sample: external({ refreshInterval: "0s" }), problem: "is 0, which never reads the store again" },
    { sample: external({ refreshInterval: "1h0m1s" }), problem: "is longer than an hour" },
    { sample: external({ refreshInterval: "hourly" }), problem: "is no duration" },
    { sample: external({ refreshPolicy: "CreatedOnce" }), problem: "never reads the store again by itself" },
    { sample: external({ refreshPolicy: "OnChange" }), problem: "never reads the store again by itself" },
    {
        sample: object("ClusterExternalSecret", { externalSecretSpec: { refreshInterval: "24h" } }),
        problem: "is longer than an hour",
    },
];
