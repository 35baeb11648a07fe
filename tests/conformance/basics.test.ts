/** @jest-environment ./tests/conformance/environment.ts */
import * as k8s from "@pulumi/kubernetes";
import { field } from "./api";
import { configMap, deployment } from "./objects";
import { conformance } from "./support";

conformance("basics", [
    {
        name: "create makes the object and a second run finds nothing to do",
        async run(scene) {
            scene.write((provider) => {
                const map = configMap("settings", { a: "1" }, { provider });
                return { id: map.id, uid: map.metadata.uid };
            });
            const first = await scene.up();
            expect(first.outputs.id).toBe(`${scene.namespace}/settings`);
            const live = await scene.get("configmaps/settings");
            expect(first.outputs.uid).toBe(field(live, "metadata.uid"));
            expect(field(live, "data")).toEqual({ a: "1" });
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
    {
        name: "an unnamed object gets the resource's name and a suffix, and keeps it",
        async run(scene) {
            const program = (value: string): void =>
                scene.write((provider) => ({
                    name: new k8s.core.v1.ServiceAccount(
                        "robot",
                        { metadata: { annotations: { value } } },
                        { provider },
                    ).metadata.name,
                }));
            program("1");
            const name = (await scene.up()).outputs.name;
            expect(name).toMatch(/^robot-[0-9a-f]{8}$/);
            const live = await scene.get(`serviceaccounts/${name}`);
            expect(field(live, "metadata.annotations")).toEqual({ value: "1", "pulumi.com/autonamed": "true" });
            program("2");
            const second = await scene.up();
            expect(second.outputs.name).toBe(name);
            expect(second.steps.map(({ op }) => op)).toEqual(["update"]);
        },
    },
    {
        name: "a changed value updates in place and nothing else changes",
        async run(scene) {
            scene.write((provider) => deployment("web", { provider }));
            await scene.up();
            const uid = field(await scene.get("deployments/web", "apis/apps/v1"), "metadata.uid");
            scene.write((provider) => deployment("web", { provider }, { replicas: 2 }));
            const changed = await scene.up();
            expect(changed.steps).toMatchObject([
                { name: "web", op: "update", changes: { "spec.replicas": "update" } },
            ]);
            const live = await scene.get("deployments/web", "apis/apps/v1");
            expect(field(live, "metadata.uid")).toBe(uid);
            expect(field(live, "status.readyReplicas")).toBe(2);
        },
    },
    {
        name: "a label that leaves the program leaves the object, labels of others stay",
        async run(scene) {
            const program = (labels: Record<string, string>): void =>
                scene.write(
                    (provider) =>
                        new k8s.core.v1.ServiceAccount("robot", { metadata: { name: "robot", labels } }, { provider }),
                );
            program({ one: "1", two: "2" });
            await scene.up();
            await scene.patch("serviceaccounts/robot", { metadata: { labels: { theirs: "3" } } });
            program({ one: "1" });
            const changed = await scene.up();
            expect(changed.steps).toMatchObject([{ op: "update", changes: { "metadata.labels.two": "delete" } }]);
            const live = await scene.get("serviceaccounts/robot");
            expect(field(live, "metadata.labels")).toEqual({ one: "1", theirs: "3" });
        },
    },
    {
        name: "a list that grows and shrinks keeps the elements of others",
        async run(scene) {
            const program = (ports: readonly number[]): void =>
                scene.write(
                    (provider) =>
                        new k8s.core.v1.Service(
                            "web",
                            {
                                metadata: { name: "web" },
                                spec: { ports: ports.map((port) => ({ name: `p${port}`, port })) },
                            },
                            { provider },
                        ),
                );
            program([80, 81]);
            await scene.up();
            await scene.api.apply(`${scene.path("services/web")}`, "someone", {
                apiVersion: "v1",
                kind: "Service",
                metadata: { name: "web" },
                spec: { ports: [{ name: "theirs", port: 90 }] },
            });
            program([80, 82]);
            expect((await scene.up()).ok).toBe(true);
            const live = await scene.get("services/web");
            expect(JSON.stringify(field(live, "spec.ports"))).toContain('"theirs"');
            expect(JSON.stringify(field(live, "spec.ports"))).toContain('"p82"');
            expect(JSON.stringify(field(live, "spec.ports"))).not.toContain('"p81"');
        },
    },
    {
        name: "another metadata.name replaces the object, the new one first",
        async run(scene) {
            const program = (name: string): void =>
                scene.write(
                    (provider) => new k8s.core.v1.ConfigMap("settings", { metadata: { name }, data: {} }, { provider }),
                );
            program("first");
            await scene.up();
            program("second");
            const renamed = await scene.up();
            expect(renamed.steps.map(({ op }) => op)).toEqual(["create-replacement", "replace", "delete-replaced"]);
            expect(await scene.get("configmaps/first")).toBeUndefined();
            expect(await scene.get("configmaps/second")).toBeDefined();
        },
    },
    {
        name: "another namespace replaces the object, the new one first",
        async run(scene) {
            const other = await scene.addNamespace("-other");
            const program = (namespace: string): void =>
                scene.write(
                    (provider) =>
                        new k8s.core.v1.ConfigMap(
                            "settings",
                            { metadata: { name: "settings", namespace } },
                            { provider },
                        ),
                );
            program(scene.namespace);
            await scene.up();
            program(other);
            const moved = await scene.up();
            expect(moved.steps.map(({ op }) => op)).toEqual(["create-replacement", "replace", "delete-replaced"]);
            expect(moved.steps[1]?.changes).toEqual({ "metadata.namespace": "update-replace" });
            expect(await scene.get("configmaps/settings")).toBeUndefined();
        },
    },
    {
        name: "an immutable field of a named object replaces it, the old one first",
        async run(scene) {
            const program = (app: string): void =>
                scene.write((provider) =>
                    deployment(
                        "web",
                        { provider },
                        {
                            selector: { matchLabels: { app } },
                            template: {
                                metadata: { labels: { app } },
                                spec: { containers: [{ name: "web", image: "example.com/web:1.0.0" }] },
                            },
                        },
                    ),
                );
            program("one");
            await scene.up();
            program("two");
            const preview = await scene.preview();
            expect(preview.steps.map(({ op }) => op)).toEqual(["delete-replaced", "replace", "create-replacement"]);
            expect(preview.steps[1]?.changes).toMatchObject({ "spec.selector.matchLabels.app": "update-replace" });
            expect((await scene.up()).ok).toBe(true);
        },
    },
    {
        name: "deleteBeforeReplace removes the old object first also when names differ",
        async run(scene) {
            const program = (name: string): void =>
                scene.write(
                    (provider) =>
                        new k8s.core.v1.ConfigMap(
                            "settings",
                            { metadata: { name } },
                            { provider, deleteBeforeReplace: true },
                        ),
                );
            program("first");
            await scene.up();
            program("second");
            const renamed = await scene.up();
            expect(renamed.steps.map(({ op }) => op)).toEqual(["delete-replaced", "replace", "create-replacement"]);
        },
    },
    {
        name: "ConfigMap data replaces, unless the provider says ConfigMaps are mutable",
        async run(scene) {
            const program = (value: string, mutable: boolean): void =>
                scene.write((provider) => configMap("settings", { value }, { provider }), {
                    enableConfigMapMutable: mutable,
                });
            program("1", false);
            await scene.up();
            program("2", false);
            expect((await scene.preview()).steps[1]?.changes).toEqual({ "data.value": "update-replace" });
            program("2", true);
            const changed = await scene.up();
            expect(changed.steps).toMatchObject([{ op: "update", changes: { "data.value": "update" } }]);
            expect(field(await scene.get("configmaps/settings"), "data.value")).toBe("2");
        },
    },
    {
        name: "deleting an object that is already gone is no error",
        async run(scene) {
            scene.write((provider) => configMap("settings", {}, { provider }));
            await scene.up();
            await scene.api.remove(scene.path("configmaps/settings"));
            expect((await scene.destroy()).ok).toBe(true);
        },
    },
    {
        name: "retainOnDelete leaves the object in the cluster",
        async run(scene) {
            scene.write((provider) => configMap("settings", {}, { provider, retainOnDelete: true }));
            await scene.up();
            expect((await scene.destroy()).ok).toBe(true);
            expect(await scene.get("configmaps/settings")).toBeDefined();
        },
    },
    {
        name: "a protected object cannot be destroyed",
        async run(scene) {
            scene.write((provider) => configMap("settings", {}, { provider, protect: true }));
            await scene.up();
            const destroyed = await scene.destroy();
            expect(destroyed.ok).toBe(false);
            expect(destroyed.text).toContain("protect");
            expect(await scene.get("configmaps/settings")).toBeDefined();
        },
    },
    {
        name: "Namespace.get reads an object without managing it",
        async run(scene) {
            scene.write((provider) => ({
                uid: k8s.core.v1.Namespace.get("system", "kube-system", { provider }).metadata.uid,
            }));
            const read = await scene.up();
            const live = await scene.api.get("/api/v1/namespaces/kube-system");
            expect(read.outputs.uid).toBe(field(live, "metadata.uid"));
            expect((await scene.destroy()).ok).toBe(true);
            expect(await scene.api.get("/api/v1/namespaces/kube-system")).toBeDefined();
        },
    },
    {
        name: "a list type is refused",
        async run(scene) {
            scene.write((provider) => new k8s.core.v1.ConfigMapList("maps", { items: [] }, { provider }));
            const refused = await scene.preview();
            expect(refused.ok).toBe(false);
            expect(refused.text).toContain("list resources exist for compatibility with YAML manifests");
        },
    },
]);
