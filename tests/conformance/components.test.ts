/** @jest-environment ./tests/conformance/environment.ts */
import * as path from "node:path";
import * as k8s from "@pulumi/kubernetes";
import { field } from "./api";
import { webChart } from "./chart";
import "./objects";
import type { Scene } from "./scene";
import { conformance } from "./support";

const fixtures = path.join(__dirname, "fixtures");

function chart(scene: Scene, values: Record<string, unknown>): void {
    scene.write(
        (provider) =>
            new k8s.helm.v4.Chart("web", { chart: webChart(), namespace: scene.namespace, values }, { provider }),
    );
}

const crd = (group: string): Record<string, unknown> => ({
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: `widgets.${group}` },
    spec: {
        group,
        scope: "Namespaced",
        names: { plural: "widgets", singular: "widget", kind: "Widget" },
        versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: { type: "object" } } }],
    },
});

conformance("components", [
    {
        name: "a helm v4 Chart from a directory registers its objects, without hooks",
        async run(scene) {
            chart(scene, { greeting: "hi" });
            const done = await scene.up();
            expect(done.ok).toBe(true);
            const made = done.steps.map(({ type, name }) => `${type} ${name}`).sort();
            expect(made).toEqual([
                `kubernetes:core/v1:ConfigMap web:${scene.namespace}/web-settings`,
                `kubernetes:core/v1:Secret web:${scene.namespace}/web-password`,
                `kubernetes:core/v1:ServiceAccount web:${scene.namespace}/web-extra`,
                "kubernetes:helm.sh/v4:Chart web",
            ]);
            const live = await scene.get("configmaps/web-settings");
            expect(field(live, "data")).toEqual({ greeting: "hi", policies: "true", existing: "kube-system" });
            expect(await scene.get("configmaps/web-hook")).toBeUndefined();
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
    {
        name: "a secret in a chart is encrypted in the state",
        async run(scene) {
            chart(scene, {});
            const done = await scene.up();
            const checkpoint = scene.checkpoint();
            for (const text of [done.text, checkpoint]) {
                expect(text).not.toContain("canary-chart");
                expect(text).not.toContain(Buffer.from("canary-chart").toString("base64"));
            }
        },
    },
    {
        name: "an object that leaves a chart leaves the cluster",
        async run(scene) {
            chart(scene, {});
            await scene.up();
            chart(scene, { extra: false });
            const upgraded = await scene.up();
            expect(upgraded.steps).toMatchObject([{ name: `web:${scene.namespace}/web-extra`, op: "delete" }]);
            expect(await scene.get("serviceaccounts/web-extra")).toBeUndefined();
        },
    },
    {
        name: "a chart that is not there is named",
        async run(scene) {
            const missing = path.join(fixtures, "no-such-chart");
            scene.write((provider) => new k8s.helm.v4.Chart("web", { chart: missing }, { provider }));
            const failed = await scene.preview();
            expect(failed.ok).toBe(false);
            expect(failed.text).toContain("no-such-chart");
        },
    },
    {
        name: "a chart that can no longer be reached fails the update, and nothing of it is deleted",
        async run(scene) {
            chart(scene, {});
            expect((await scene.up()).ok).toBe(true);
            // Nobody listens there: port 9 is that of the discard protocol.
            const gone = "oci://127.0.0.1:9/charts/web";
            const { namespace } = scene;
            scene.write(
                (provider) => new k8s.helm.v4.Chart("web", { chart: gone, version: "1.0.0", namespace }, { provider }),
            );
            const failed = await scene.up();
            expect(failed.ok).toBe(false);
            expect(failed.text).toContain("127.0.0.1:9");
            expect(await scene.get("configmaps/web-settings")).toBeDefined();
            expect(await scene.get("serviceaccounts/web-extra")).toBeDefined();
        },
    },
    {
        name: "a yaml v2 ConfigGroup orders namespaces, definitions and objects",
        async run(scene) {
            const group = `${scene.namespace}.example.com`;
            const namespace = `${scene.namespace}-made`;
            const metadata = { name: "widget", namespace };
            scene.write(
                (provider) =>
                    new k8s.yaml.v2.ConfigGroup(
                        "group",
                        {
                            objs: [
                                { apiVersion: `${group}/v1`, kind: "Widget", metadata },
                                { apiVersion: "v1", kind: "Namespace", metadata: { name: namespace } },
                                crd(group),
                            ],
                        },
                        { provider },
                    ),
            );
            expect((await scene.preview()).ok).toBe(true);
            expect((await scene.up()).ok).toBe(true);
            const widget = await scene.api.get(`/apis/${group}/v1/namespaces/${namespace}/widgets/widget`);
            expect(field(widget, "metadata.name")).toBe("widget");
            expect((await scene.preview()).steps).toEqual([]);
            expect((await scene.destroy()).ok).toBe(true);
            expect(await scene.api.get(`/api/v1/namespaces/${namespace}`)).toBeUndefined();
        },
    },
    {
        name: "a yaml v2 ConfigFile expands lists and puts objects in the provider's namespace",
        async run(scene) {
            const file = path.join(fixtures, "manifests", "accounts.yaml");
            scene.write((provider) => new k8s.yaml.v2.ConfigFile("accounts", { file }, { provider }));
            const done = await scene.up();
            expect(done.steps.map(({ name }) => name).sort()).toEqual([
                "accounts",
                `accounts:${scene.namespace}/first`,
                `accounts:${scene.namespace}/second`,
            ]);
            expect(await scene.get("serviceaccounts/second")).toBeDefined();
        },
    },
    {
        name: "a kustomize v2 Directory registers what it builds",
        async run(scene) {
            const directory = path.join(fixtures, "kustomize");
            scene.write((provider) => new k8s.kustomize.v2.Directory("built", { directory }, { provider }));
            expect((await scene.up()).ok).toBe(true);
            expect(field(await scene.get("configmaps/built-settings"), "data.a")).toBe("1");
        },
    },
]);
