import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { mockMonitor } from "../../cli/src/registrations";
import type { SecretProvider } from "../../components/cloud/contract";
import { vaultOf } from "../../components/cloud/existing/secretStore";
import { ExternalSecrets } from "../../components/security/externalSecrets";
import { planTraffic } from "../../components/security/externalSecretsTraffic";
import { planValues } from "../../components/security/externalSecretsValues";
import { GeneratedSecrets } from "../../components/security/generated";
import { entryName, KeptSecrets, planMetadata } from "../../components/security/keptSecrets";
import { planProvider, SecretStore } from "../../components/security/secretStore";

const ownership = { owner: "team", environment: "production", dataClass: "confidential", costCentre: "cc-1" } as const;
const tags = { owner: "team" };
const reach = [{ ranges: ["10.20.0.0/16"], port: 443 }];

const providers = {
    keyVault: { kind: "keyVault", url: pulumi.output("https://v.vault.azure.net/"), tags, reach },
    secretsManager: {
        kind: "secretsManager",
        region: "eu-central-1",
        prefix: "tars/",
        key: pulumi.output("key"),
        tags,
        reach,
    },
    vault: vaultOf({
        kind: "vault",
        server: "https://vault.example.com:8200",
        path: "secret",
        role: "tars",
        mountPath: "kubernetes",
        authorities: undefined,
        ranges: ["192.168.20.8/32"],
    }),
} as const satisfies Readonly<Record<SecretProvider["kind"], SecretProvider>>;

const nodes = {
    system: {
        labels: { pool: "system" },
        tolerations: [{ key: "CriticalAddonsOnly", operator: "Exists", effect: "NoSchedule" }],
    },
    general: { labels: { pool: "general" }, tolerations: [] },
    compute: undefined,
    memory: undefined,
    gpu: undefined,
    spot: undefined,
} as const;

function placeIn(provider: pulumi.ProviderResource) {
    const cluster = {
        provider,
        identity: pulumi.output("00000000-0000-0000-0000-000000000000"),
        isGuarded: true,
        nodes,
        storageClasses: { fast: "f", standard: "s", cold: "c" },
        ingress: undefined,
        monitoringNamespace: "monitoring",
        apiRanges: ["10.96.0.1/32", "10.20.0.0/28"],
        secretStore: undefined,
        scaler: undefined,
    };
    const charts = { kind: "upstream" } as const;
    return { cluster, ownership, digests: new Map(), charts, copies: { controllers: 2, webhooks: 3 } };
}
