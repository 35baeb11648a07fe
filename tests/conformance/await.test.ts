/** @jest-environment ./tests/conformance/environment.ts */
import * as k8s from "@pulumi/kubernetes";
import { field } from "./api";
import { configMap, definition, deployment, oversized, service, template, widget } from "./objects";
import { conformance } from "./support";

const soon = { "pulumi.com/timeoutSeconds": "3" };
const patient = { create: "3s", update: "3s", delete: "3s" };

conformance("await", [
    {
        name: "a Deployment that does not become ready fails with the reasons and keeps its state",
        async run(scene) {
            scene.write((provider) => deployment("web", { provider }, { template: oversized }, soon));
            const failed = await scene.up();
            expect(failed.ok).toBe(false);
            expect(failed.text).toContain(
                "was successfully created, but the Kubernetes API server reported that it failed to fully initialize or become live",
            );
            expect(failed.text).toContain("'web' timed out waiting to be Ready");
            expect(failed.text).toContain(
                "[MinimumReplicasUnavailable] Deployment does not have minimum availability.",
            );
            expect(failed.text).toContain("Minimum number of live Pods was not attained");
            scene.write((provider) => deployment("web", { provider }, {}, {}));
            const resumed = await scene.up();
            expect(resumed.ok).toBe(true);
            expect(resumed.steps).toMatchObject([{ op: "update" }]);
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
    {
        name: "a Pod that cannot be scheduled fails with the scheduler's words",
        async run(scene) {
            const spec = oversized.spec;
            scene.write(
                (provider) =>
                    new k8s.core.v1.Pod("big", { metadata: { name: "big", annotations: soon }, spec }, { provider }),
            );
            const failed = await scene.up();
            expect(failed.ok).toBe(false);
            expect(failed.text).toContain("'big' timed out waiting to be Ready");
            expect(failed.text).toContain("Insufficient cpu");
        },
    },
    {
        name: "customTimeouts end a wait",
        async run(scene) {
            const options = { customTimeouts: patient };
            scene.write((provider) => deployment("web", { provider, ...options }, { template: oversized }));
            const failed = await scene.up();
            expect(failed.ok).toBe(false);
            expect(failed.text).toContain("'web' timed out waiting to be Ready");
        },
    },
    {
        name: "an interrupted wait ends and keeps what was made",
        async run(scene) {
            scene.write((provider) => deployment("web", { provider }, { template: oversized }));
            const interrupt = new AbortController();
            const running = scene.up(interrupt.signal);
            while (field(await scene.get("deployments/web", "apis/apps/v1"), "status.replicas") === undefined) {
                await new Promise((resolve) => setTimeout(resolve, 100));
            }
            interrupt.abort();
            const interrupted = await running;
            expect(interrupted.ok).toBe(false);
            expect(interrupted.text).toContain('Resource operation was cancelled for "web"');
            expect(scene.checkpoint()).toContain(`${scene.namespace}/web`);
        },
    },
    {
        name: "skipAwait does not wait",
        async run(scene) {
            const annotations = { "pulumi.com/skipAwait": "true" };
            scene.write((provider) => deployment("web", { provider }, { template: oversized }, annotations));
            expect((await scene.up()).ok).toBe(true);
        },
    },
    {
        name: "a StatefulSet with claims is ready when its pods are",
        async run(scene) {
            scene.write((provider) => {
                const claim = {
                    metadata: { name: "data" },
                    spec: { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } },
                };
                const spec = {
                    serviceName: "db",
                    replicas: 2,
                    selector: { matchLabels: { app: "web" } },
                    template,
                    volumeClaimTemplates: [claim],
                };
                return new k8s.apps.v1.StatefulSet("db", { metadata: { name: "db" }, spec }, { provider });
            });
            expect((await scene.up()).ok).toBe(true);
            const live = await scene.get("statefulsets/db", "apis/apps/v1");
            expect(field(live, "status.readyReplicas")).toBe(2);
            expect(field(await scene.get("persistentvolumeclaims/data-db-1"), "status.phase")).toBe("Bound");
            expect((await scene.preview()).steps).toEqual([]);
        },
    },
    {
        name: "a DaemonSet is ready when each node has its pod",
        async run(scene) {
            scene.write((provider) => {
                const spec = { selector: { matchLabels: { app: "web" } }, template };
                return new k8s.apps.v1.DaemonSet("agent", { metadata: { name: "agent" }, spec }, { provider });
            });
            expect((await scene.up()).ok).toBe(true);
            const live = await scene.get("daemonsets/agent", "apis/apps/v1");
            expect(field(live, "status.numberReady")).toBe(field(live, "status.desiredNumberScheduled"));
        },
    },
    {
        name: "a Job is ready when it has completed",
        async run(scene) {
            const spec = { template: { spec: { restartPolicy: "Never", containers: template.spec.containers } } };
            scene.write((provider) => new k8s.batch.v1.Job("once", { metadata: { name: "once" }, spec }, { provider }));
            expect((await scene.up()).ok).toBe(true);
            expect(field(await scene.get("jobs/once", "apis/batch/v1"), "status.succeeded")).toBe(1);
        },
    },
    {
        name: "a LoadBalancer service waits for its address",
        async run(scene) {
            scene.write((provider) => {
                const web = deployment("web", { provider });
                const balancer = service("web", { provider, dependsOn: web }, { type: "LoadBalancer" });
                return { address: balancer.status.loadBalancer.ingress.apply(([first]) => first?.ip) };
            });
            const done = await scene.up();
            expect(done.ok).toBe(true);
            const live = await scene.get("services/web");
            expect(done.outputs.address).toBe(field(live, "status.loadBalancer.ingress.0.ip"));
            expect(done.outputs.address).toBeTruthy();
        },
    },
    {
        name: "an Ingress waits for its address",
        async run(scene) {
            scene.write((provider) => {
                const web = service("web", { provider, dependsOn: deployment("web", { provider }) });
                const backend = { service: { name: web.metadata.name, port: { number: 80 } } };
                const paths = [{ path: "/", pathType: "Prefix", backend }];
                const spec = { ingressClassName: "nginx", rules: [{ host: "web.local", http: { paths } }] };
                return new k8s.networking.v1.Ingress("web", { metadata: { name: "web" }, spec }, { provider });
            });
            expect((await scene.up()).ok).toBe(true);
            const live = await scene.get("ingresses/web", "apis/networking.k8s.io/v1");
            expect(field(live, "status.loadBalancer.ingress.0")).toBeDefined();
        },
    },
    {
        name: "a PodDisruptionBudget changes in place",
        async run(scene) {
            const program = (minAvailable: number): void =>
                scene.write((provider) => {
                    const spec = { minAvailable, selector: { matchLabels: { app: "web" } } };
                    return new k8s.policy.v1.PodDisruptionBudget(
                        "web",
                        { metadata: { name: "web" }, spec },
                        { provider },
                    );
                });
            program(1);
            await scene.up();
            program(2);
            const changed = await scene.up();
            expect(changed.steps).toMatchObject([{ op: "update", changes: { "spec.minAvailable": "update" } }]);
        },
    },
    {
        name: "a claim that binds on first use is ready while it is pending",
        async run(scene) {
            scene.write((provider) => {
                const spec = { accessModes: ["ReadWriteOnce"], resources: { requests: { storage: "1Gi" } } };
                return new k8s.core.v1.PersistentVolumeClaim(
                    "data",
                    { metadata: { name: "data" }, spec },
                    { provider },
                );
            });
            expect((await scene.up()).ok).toBe(true);
            expect(field(await scene.get("persistentvolumeclaims/data"), "status.phase")).toBe("Pending");
        },
    },
    {
        name: "waitFor waits for a condition that the program names",
        async run(scene) {
            const annotations = { "pulumi.com/waitFor": "jsonpath={.data.ready}=yes", ...soon };
            const program = (data: Record<string, string>): void =>
                scene.write(
                    (provider) =>
                        new k8s.core.v1.ConfigMap(
                            "flag",
                            { metadata: { name: "flag", annotations }, data },
                            { provider },
                        ),
                    { enableConfigMapMutable: true },
                );
            program({ ready: "no" });
            const failed = await scene.up();
            expect(failed.ok).toBe(false);
            expect(failed.text).toContain("timed out waiting for the condition");
            program({ ready: "yes" });
            expect((await scene.up()).ok).toBe(true);
        },
    },
    {
        name: "a waitFor annotation that means nothing is refused",
        async run(scene) {
            const annotations = { "pulumi.com/waitFor": "readiness" };
            scene.write((provider) => new k8s.core.v1.ConfigMap("flag", { metadata: { annotations } }, { provider }));
            const failed = await scene.up();
            expect(failed.ok).toBe(false);
            expect(failed.text).toContain('expected a "jsonpath=" or "condition=" prefix, got "readiness"');
        },
    },
    {
        name: "a deletion that a finalizer holds names it",
        async run(scene) {
            const finalizers = ["example.com/hold"];
            scene.write((provider) => configMap("held", {}, { provider, customTimeouts: patient }));
            await scene.up();
            await scene.patch("configmaps/held", { metadata: { finalizers } });
            await scene.refresh();
            const failed = await scene.destroy();
            expect(failed.ok).toBe(false);
            expect(failed.text).toContain("finalizers might be preventing deletion (example.com/hold)");
            await scene.patch("configmaps/held", { metadata: { finalizers: [] } });
            expect((await scene.destroy()).ok).toBe(true);
        },
    },
    {
        name: "a definition and an object of its kind go up in one program, change in place and go down",
        async run(scene) {
            const group = `${scene.namespace}.example.com`;
            const program = (size: number): void =>
                scene.write((provider) => {
                    const kind = definition(group, { provider });
                    return widget(group, { size }, { provider, dependsOn: kind });
                });
            program(1);
            expect((await scene.up()).ok).toBe(true);
            expect((await scene.preview()).steps).toEqual([]);
            program(2);
            const changed = await scene.up();
            expect(changed.steps).toMatchObject([{ op: "update", changes: { "spec.size": "update" } }]);
            expect(field(await scene.get("widgets/widget", `apis/${group}/v1`), "spec.size")).toBe(2);
            expect((await scene.destroy()).ok).toBe(true);
        },
    },
]);
