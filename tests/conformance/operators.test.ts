/** @jest-environment ./tests/conformance/environment.ts */
import * as fs from "node:fs";
import * as path from "node:path";
import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { ensureDefinitions } from "../../simulator/engine";
import { definitionRows, standins } from "../../simulator/standins";
import { field } from "./api";
import { template } from "./objects";
import { pluginsWithStandins } from "./plugins";
import type { Scene } from "./scene";
import { conformance } from "./support";
import { temporaryFolder } from "./temporary";

/** Where the runs of these cases find their table; written when the definitions are there. */
const table = path.join(temporaryFolder("operators"), "standins.json");

/** Rows of the kinds below; the API server takes its time for a definition, and engine and plugin for a large one. */
const rows = definitionRows.filter(({ url }) => /gateway-api|cert-manager|external-secrets/.test(url));

/** The makers' own definitions, as every start fetches them; `change` alters each file first. */
async function writeTable(change: (text: string) => string): Promise<void> {
    const found = await ensureDefinitions({
        rows,
        schemas: standins.schemas,
        report: () => undefined,
        signal: new AbortController().signal,
    });
    const definitions = Object.entries(found).map(([url, file], index) => {
        const changed = path.join(path.dirname(table), `${index}.yaml`);
        fs.writeFileSync(changed, change(fs.readFileSync(file, "utf8")));
        return [url, changed] as const;
    });
    fs.writeFileSync(table, JSON.stringify({ ...standins, definitions: Object.fromEntries(definitions), mirrors: [] }));
}

const unchanged = (text: string): string => text;
/** In the description of every kind, which all files have and nothing depends on. */
const changed = (text: string): string => text.replace(/^( *)(scope: )/gm, "$1conversion: {strategy: None}\n$1$2");

interface Plan {
    readonly apiVersion: string;
    readonly kind: string;
    readonly name: string;
    readonly spec: object;
    /** What it waits for. */
    readonly until: string;
}

const ready = "condition=Ready";
const store = "external-secrets.io/v1";
const hostName = "a.example.com";

/** One object of each kind that an operator acts on, which needs nothing but those before it. */
const objects: readonly Plan[] = [
    { apiVersion: "cert-manager.io/v1", kind: "Issuer", name: "self", spec: { selfSigned: {} }, until: ready },
    {
        apiVersion: "cert-manager.io/v1",
        kind: "Certificate",
        name: "edge",
        spec: { secretName: "edge", dnsNames: [hostName], issuerRef: { name: "self" } },
        until: ready,
    },
    {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "Gateway",
        name: "edge",
        spec: {
            gatewayClassName: "istio",
            listeners: [
                {
                    name: "https",
                    port: 443,
                    protocol: "HTTPS",
                    hostname: hostName,
                    tls: { certificateRefs: [{ name: "edge" }] },
                },
            ],
        },
        until: "condition=Programmed",
    },
    {
        apiVersion: "gateway.networking.k8s.io/v1",
        kind: "HTTPRoute",
        name: "web",
        spec: { parentRefs: [{ name: "edge" }], rules: [{ backendRefs: [{ name: "edge-istio", port: 443 }] }] },
        until: "jsonpath={.status.parents[0].conditions[?(@.type=='Accepted')].status}=True",
    },
    {
        apiVersion: store,
        kind: "SecretStore",
        name: "store",
        spec: { provider: { vault: { server: "https://vault.example.com", path: "secret", auth: {} } } },
        until: ready,
    },
    {
        apiVersion: "external-secrets.io/v1alpha1",
        kind: "PushSecret",
        name: "push",
        spec: {
            secretStoreRefs: [{ name: "store", kind: "SecretStore" }],
            selector: { secret: { name: "edge" } },
            data: [{ match: { remoteRef: { remoteKey: "edge" } } }],
        },
        until: ready,
    },
    {
        apiVersion: store,
        kind: "ExternalSecret",
        name: "copy",
        spec: {
            secretStoreRef: { name: "store", kind: "SecretStore" },
            dataFrom: [{ extract: { key: "edge" } }],
        },
        until: ready,
    },
];

/** Deployments by whose pods the operators know that they are there, in a namespace of their own. */
const controllers: Readonly<Record<string, Readonly<Record<string, string>>>> = {
    istiod: { app: "istiod" },
    "cert-manager": { "app.kubernetes.io/name": "cert-manager", "app.kubernetes.io/component": "controller" },
    "external-secrets": { "app.kubernetes.io/name": "external-secrets" },
};

const proxies = { global: { hub: "example.com/istio", tag: "1.30.3", proxy: {}, waypoint: {} }, gateways: {} };

function declare(provider: k8s.Provider, { namespace }: Scene): void {
    const options = { provider };
    const definitions = rows.map(
        ({ url }, index) => new k8s.yaml.v2.ConfigGroup(`definitions-${index}`, { files: [url] }, options),
    );
    const settings = new k8s.core.v1.ConfigMap(
        "injector",
        { metadata: { name: "istio-sidecar-injector", namespace }, data: { values: JSON.stringify(proxies) } },
        options,
    );
    const running = Object.entries(controllers).map(([name, labels]) => {
        const metadata = { name, namespace, labels };
        const spec = { selector: { matchLabels: template.metadata.labels }, template };
        return new k8s.apps.v1.Deployment(
            name,
            { metadata, spec },
            { ...options, dependsOn: [...definitions, settings] },
        );
    });
    const before: pulumi.Resource[] = [...definitions, ...running];
    for (const { apiVersion, kind, name, spec, until } of objects) {
        const metadata = { name, namespace, annotations: { "pulumi.com/waitFor": until } };
        const made = new k8s.apiextensions.CustomResource(
            `${kind}-${name}`,
            { apiVersion, kind, metadata, spec },
            { ...options, dependsOn: [...before], customTimeouts: { create: "2m" } },
        );
        before.push(made);
    }
}

conformance(
    "operators",
    [
        {
            name: "the makers' definitions are taken, what operators show fits them, and all goes away",
            async run(scene) {
                await writeTable(unchanged);
                scene.write((provider) => declare(provider, scene));
                const done = await scene.up();
                expect(done.ok ? "" : done.text).toBe("");
                const secret = await scene.get("secrets/copy");
                expect(Object.keys(Object(field(secret, "data"))).sort()).toEqual(["ca.crt", "tls.crt", "tls.key"]);
                expect((await scene.preview()).steps).toEqual([]);
                await writeTable(changed);
                const updated = await scene.up();
                expect(updated.ok ? "" : updated.text).toBe("");
                expect(updated.steps.length).toBeGreaterThan(rows.length);
                expect(new Set(updated.steps.map(({ op }) => op))).toEqual(new Set(["update"]));
                const removed = await scene.destroy();
                expect(removed.ok ? "" : removed.text).toBe("");
                const kind =
                    "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/gateways.gateway.networking.k8s.io";
                expect(await scene.api.get(kind)).toBeUndefined();
            },
        },
    ],
    // The official plugin is compared with in the other cases; definitions are the whole cluster's, so that two cannot have them at once.
    (host) => pluginsWithStandins(host, table).filter(({ name }) => name === "own"),
);
