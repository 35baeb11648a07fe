/** @jest-environment ./tests/conformance/environment.ts */
import * as k8s from "@pulumi/kubernetes";
import { field } from "./api";
import { configMap, deployment } from "./objects";
import { conformance } from "./support";

const map = (name: string, data: Record<string, string>): Record<string, unknown> => ({
    apiVersion: "v1",
    kind: "ConfigMap",
    metadata: { name },
    data,
});

const scale = (replicas: number): Record<string, unknown> => ({
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "web" },
    spec: { replicas },
});

conformance("ownership", [
    {
        name: "a field that another manager took over is a conflict",
        async run(scene) {
            scene.write((provider) => deployment("web", { provider }));
            await scene.up();
            await scene.api.apply(scene.path("deployments/web", "apis/apps/v1"), "someone", scale(3));
            scene.write((provider) => deployment("web", { provider }, { replicas: 2 }));
            const refused = await scene.up();
            expect(refused.ok).toBe(false);
            expect(refused.text).toContain("server-side apply field conflict detected");
            expect(refused.text).toContain('conflict with "someone": .spec.replicas');
        },
    },
    {
        name: "patchForce takes the field back",
        async run(scene) {
            const force = { "pulumi.com/patchForce": "true" };
            scene.write((provider) => deployment("web", { provider }, {}, force));
            await scene.up();
            await scene.api.apply(scene.path("deployments/web", "apis/apps/v1"), "someone", scale(3));
            scene.write((provider) => deployment("web", { provider }, { replicas: 2 }, force));
            expect((await scene.up()).ok).toBe(true);
            expect(field(await scene.get("deployments/web", "apis/apps/v1"), "spec.replicas")).toBe(2);
        },
    },
    {
        name: "an ignored field keeps what the cluster has",
        async run(scene) {
            const ignoreChanges = ["spec.replicas"];
            scene.write((provider) => deployment("web", { provider, ignoreChanges }));
            await scene.up();
            await scene.api.apply(scene.path("deployments/web", "apis/apps/v1"), "someone", scale(3));
            scene.write((provider) =>
                deployment("web", { provider, ignoreChanges }, { replicas: 2, minReadySeconds: 1 }),
            );
            const changed = await scene.up();
            expect(changed.ok).toBe(true);
            expect(changed.steps).toMatchObject([{ op: "update" }]);
            expect(field(await scene.get("deployments/web", "apis/apps/v1"), "spec.replicas")).toBe(3);
        },
    },
    {
        name: "replicas that an autoscaler owns stay out of the way of other changes",
        async run(scene) {
            const program = (minReadySeconds: number): void =>
                scene.write((provider) => {
                    const { name } = deployment("web", { provider }, { replicas: undefined, minReadySeconds }).metadata;
                    const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name };
                    const spec = { scaleTargetRef, minReplicas: 2, maxReplicas: 3 };
                    return new k8s.autoscaling.v2.HorizontalPodAutoscaler(
                        "web",
                        { metadata: { name: "web" }, spec },
                        { provider },
                    );
                });
            program(0);
            await scene.up();
            await scene.patch("deployments/web", { spec: { replicas: 3 } }, "apis/apps/v1");
            expect((await scene.preview()).steps).toEqual([]);
            program(1);
            expect((await scene.up()).ok).toBe(true);
            expect(field(await scene.get("deployments/web", "apis/apps/v1"), "spec.replicas")).toBe(3);
        },
    },
    {
        name: "an object that exists already is not taken over",
        async run(scene) {
            await scene.api.create(scene.path("configmaps"), map("settings", { theirs: "1" }));
            scene.write((provider) => configMap("settings", { ours: "1" }, { provider }));
            const refused = await scene.up();
            expect(refused.ok).toBe(false);
            expect(refused.text).toContain('configmaps "settings" already exists');
            expect(refused.text).toContain("Adopting a resource into Pulumi: use `pulumi import`");
            expect(field(await scene.get("configmaps/settings"), "data")).toEqual({ theirs: "1" });
        },
    },
    {
        name: "upsertExistingObjects takes an existing object over",
        async run(scene) {
            await scene.api.create(scene.path("configmaps"), map("settings", { theirs: "1" }));
            scene.write((provider) => configMap("settings", { ours: "1" }, { provider }), {
                upsertExistingObjects: true,
            });
            expect((await scene.up()).ok).toBe(true);
            expect(field(await scene.get("configmaps/settings"), "data")).toEqual({ theirs: "1", ours: "1" });
        },
    },
    {
        name: "an object is imported when the inputs match",
        async run(scene) {
            await scene.api.create(scene.path("configmaps"), map("settings", { a: "1" }));
            const id = `${scene.namespace}/settings`;
            scene.write((provider) => configMap("settings", { a: "1" }, { provider, import: id }));
            const imported = await scene.up();
            expect(imported.steps).toMatchObject([{ op: "import" }]);
            scene.write((provider) => configMap("settings", { a: "1" }, { provider }));
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
    {
        name: "an import whose inputs differ is refused and names them",
        async run(scene) {
            await scene.api.create(scene.path("configmaps"), map("settings", { a: "1" }));
            const id = `${scene.namespace}/settings`;
            scene.write((provider) => configMap("settings", { a: "2" }, { provider, import: id }));
            const refused = await scene.up();
            expect(refused.ok).toBe(false);
            expect(refused.text).toContain(
                "previously-imported resources that still specify an ID may not be replaced",
            );
            expect(refused.text).toMatch(/^ +data/m);
            expect(field(await scene.get("configmaps/settings"), "data.a")).toBe("1");
        },
    },
    {
        name: "an import of something that is not there is refused",
        async run(scene) {
            const id = `${scene.namespace}/settings`;
            scene.write((provider) => configMap("settings", {}, { provider, import: id }));
            const refused = await scene.up();
            expect(refused.ok).toBe(false);
            expect(refused.text).toContain("does not exist");
        },
    },
    {
        name: "a refresh notices a deleted object and the next run makes it again",
        async run(scene) {
            scene.write((provider) => configMap("settings", { a: "1" }, { provider }));
            await scene.up();
            await scene.api.remove(scene.path("configmaps/settings"));
            expect((await scene.refresh()).ok).toBe(true);
            const healed = await scene.up();
            expect(healed.steps).toMatchObject([{ op: "create" }]);
        },
    },
    {
        name: "a refresh notices drift of a managed field and the next run undoes it",
        async run(scene) {
            const mutable = { enableConfigMapMutable: true };
            scene.write((provider) => configMap("settings", { a: "1" }, { provider }), mutable);
            await scene.up();
            expect((await scene.preview()).steps).toEqual([]);
            await scene.patch("configmaps/settings", { data: { a: "2", theirs: "3" } });
            await scene.refresh();
            const preview = await scene.preview();
            expect(preview.steps).toMatchObject([{ op: "update", changes: { "data.a": "update" } }]);
        },
    },
    {
        name: "fields that others added are no drift",
        async run(scene) {
            scene.write((provider) => configMap("settings", { a: "1" }, { provider }));
            await scene.up();
            await scene.patch("configmaps/settings", { metadata: { annotations: { theirs: "1" } }, data: { b: "2" } });
            await scene.refresh();
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
]);
