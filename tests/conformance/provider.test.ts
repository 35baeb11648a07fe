/** @jest-environment ./tests/conformance/environment.ts */
import * as k8s from "@pulumi/kubernetes";
import { configMap } from "./objects";
import { conformance } from "./support";

/** Nothing listens on the discard port of the loopback address. */
const nowhere = `
apiVersion: v1
kind: Config
clusters: [{name: c, cluster: {server: "https://127.0.0.1:9"}}]
users: [{name: u, user: {token: none}}]
contexts: [{name: x, context: {cluster: c, user: u}}]
current-context: x
`;

conformance("provider", [
    {
        name: "another clusterIdentifier replaces the provider and its objects",
        async run(scene) {
            const program = (clusterIdentifier: string): void =>
                scene.write((provider) => configMap("settings", {}, { provider, deleteBeforeReplace: true }), {
                    clusterIdentifier,
                });
            program("one");
            await scene.up();
            program("two");
            const preview = await scene.preview();
            expect(preview.steps.map(({ op }) => op)).toContain("replace");
            expect(preview.steps.some(({ name }) => name === "settings")).toBe(true);
        },
    },
    {
        name: "another kubeconfig with the same clusterIdentifier replaces nothing",
        async run(scene) {
            scene.write((provider) => configMap("settings", {}, { provider }));
            await scene.up();
            const kubeconfig = scene.kubeconfig.replaceAll("127.0.0.1", "localhost");
            scene.write((provider) => configMap("settings", {}, { provider }), { kubeconfig });
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
    {
        name: "an empty kubeconfig is that of whoever runs it",
        async run(scene) {
            scene.write((provider) => configMap("settings", {}, { provider }), { kubeconfig: "" });
            expect(await scene.up()).toMatchObject({ ok: true });
            expect(await scene.get("configmaps/settings")).toBeDefined();
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
    {
        name: "a cluster that cannot be reached is named, and nothing is lost from the state",
        async run(scene) {
            scene.write((provider) => configMap("settings", {}, { provider }));
            await scene.up();
            scene.write((provider) => configMap("settings", { a: "1" }, { provider }), { kubeconfig: nowhere });
            const failed = await scene.up();
            expect(failed.ok).toBe(false);
            expect(failed.text).toContain("configured Kubernetes cluster is unreachable");
            expect(failed.text).toContain("127.0.0.1:9");
            expect(scene.checkpoint()).toContain(`${scene.namespace}/settings`);
        },
    },
    {
        name: "deleteUnreachable lets a lost cluster go",
        async run(scene) {
            scene.write((provider) => configMap("settings", {}, { provider }));
            await scene.up();
            const lost = { kubeconfig: nowhere, deleteUnreachable: true };
            scene.write(() => undefined, lost);
            const left = await scene.up();
            expect(left.text).toContain("the `deleteUnreachable` option is enabled");
            expect(scene.checkpoint()).not.toContain(`${scene.namespace}/settings`);
        },
    },
    {
        name: "a kubeconfig that is none is refused when it is needed",
        async run(scene) {
            scene.write((provider) => configMap("settings", {}, { provider }), { kubeconfig: "no kubeconfig" });
            const failed = await scene.up();
            expect(failed.ok).toBe(false);
            expect(failed.text).toContain("failed to parse kubeconfig");
        },
    },
    {
        name: "strict mode wants the provider to say which cluster",
        async run(scene) {
            await scene.configure("kubernetes:strictMode", "true");
            scene.write((provider) => configMap("settings", {}, { provider }));
            const refused = await scene.preview();
            expect(refused.ok).toBe(false);
            expect(refused.text).toContain('strict mode requires Provider "context" argument');
        },
    },
    {
        name: "a provider without server-side apply labels what it manages",
        async run(scene) {
            scene.write((provider) => configMap("settings", { a: "1" }, { provider }), {
                enableServerSideApply: false,
            });
            await scene.up();
            expect(JSON.stringify(await scene.get("configmaps/settings"))).toContain(
                '"app.kubernetes.io/managed-by":"pulumi"',
            );
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
    {
        name: "the data of a Secret is encrypted in the state and hidden in the output",
        async run(scene) {
            const canary = "canary-7f3a";
            const encoded = Buffer.from(canary).toString("base64");
            scene.write((provider) => {
                const metadata = { name: "password" };
                const secret = new k8s.core.v1.Secret(
                    "password",
                    { metadata, stringData: { word: canary } },
                    { provider },
                );
                return { data: secret.data };
            });
            const done = await scene.up();
            const refreshed = await scene.refresh();
            expect(done.ok && refreshed.ok).toBe(true);
            const checkpoint = scene.checkpoint();
            for (const text of [done.text, refreshed.text, checkpoint]) {
                expect(text).not.toContain(canary);
                expect(text).not.toContain(encoded);
            }
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
]);
