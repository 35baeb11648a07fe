/** @jest-environment ./tests/conformance/environment.ts */
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { configMap, deployment, widget } from "./objects";
import { conformance } from "./support";

conformance("preview", [
    {
        name: "the server's own refusal fails the preview of a new object",
        async run(scene) {
            scene.write(
                (provider) =>
                    new k8s.core.v1.Service(
                        "web",
                        { metadata: { name: "web" }, spec: { ports: [{ port: 99999 }] } },
                        { provider },
                    ),
            );
            const refused = await scene.preview();
            expect(refused.ok).toBe(false);
            expect(refused.text).toContain('Service "web" is invalid');
            expect(refused.text).toContain("must be between 1 and 65535");
        },
    },
    {
        name: "the server's own refusal fails the preview of an update",
        async run(scene) {
            scene.write((provider) => deployment("web", { provider }));
            await scene.up();
            scene.write((provider) => deployment("web", { provider }, { replicas: -1 }));
            const refused = await scene.preview();
            expect(refused.ok).toBe(false);
            expect(refused.text).toContain("spec.replicas: Invalid value: -1");
        },
    },
    {
        name: "outputs of a previewed object carry the server's defaults",
        async run(scene) {
            scene.write((provider) => ({ strategy: deployment("web", { provider }).spec.strategy.type }));
            const preview = await scene.preview();
            expect(preview.ok).toBe(true);
            expect(preview.text).toContain('strategy: "RollingUpdate"');
        },
    },
    {
        name: "an object of a kind that does not exist yet can be previewed",
        async run(scene) {
            scene.write((provider) => widget(`${scene.namespace}.example.com`, { size: 1 }, { provider }));
            const preview = await scene.preview();
            expect(preview.ok).toBe(true);
            expect(preview.steps).toMatchObject([{ op: "create" }]);
        },
    },
    {
        name: "an object in a namespace that does not exist yet can be previewed",
        async run(scene) {
            scene.write((provider) => {
                const metadata = { name: "settings", namespace: `${scene.namespace}-later` };
                return new k8s.core.v1.ConfigMap("settings", { metadata }, { provider });
            });
            expect((await scene.preview()).ok).toBe(true);
        },
    },
    {
        name: "values that are not known yet are previewed as such",
        async run(scene) {
            scene.write((provider) => {
                const first = configMap("first", {}, { provider });
                const data = { uid: first.metadata.uid };
                const second = new k8s.core.v1.ConfigMap(
                    "second",
                    { metadata: { name: "second" }, data },
                    { provider },
                );
                return { uid: second.data.uid };
            });
            const preview = await scene.preview();
            expect(preview.ok).toBe(true);
            expect(preview.steps.map(({ op }) => op)).toEqual(["create", "create"]);
            const done = await scene.up();
            expect(done.outputs.uid).toMatch(/^[0-9a-f-]{36}$/);
        },
    },
    {
        name: "a kubeconfig that is not known yet previews the inputs",
        async run(scene) {
            scene.write((provider) => {
                const first = configMap("first", { kubeconfig: scene.kubeconfig }, { provider });
                const kubeconfig = pulumi
                    .all([first.data, first.metadata.uid])
                    .apply(([{ kubeconfig = "" }]) => kubeconfig);
                const later = new k8s.Provider("later", { kubeconfig, namespace: scene.namespace });
                const second = configMap("second", { a: "1" }, { provider: later });
                return { name: second.metadata.name };
            });
            const preview = await scene.preview();
            expect(preview.ok).toBe(true);
            expect(preview.steps.map(({ name }) => name)).toEqual(["first", "second"]);
            expect((await scene.up()).ok).toBe(true);
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
    {
        name: "a value of the wrong type is refused with the field's name",
        async run(scene) {
            const spec = JSON.parse('{"ports": "eighty"}');
            scene.write(
                (provider) => new k8s.core.v1.Service("web", { metadata: { name: "web" }, spec }, { provider }),
            );
            const refused = await scene.preview();
            expect(refused.ok).toBe(false);
            expect(refused.text).toContain("ports");
        },
    },
]);
