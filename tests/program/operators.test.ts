import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { mockMonitor } from "../../cli/src/registrations";
import { TarsComponent } from "../../components/foundation/component";
import { planChart } from "../../components/kubernetes/chart";
import { createCustomResource } from "../../components/kubernetes/customResource";

class Home extends TarsComponent {
    constructor() {
        super("data", "Home", "home");
    }
}

describe("a chart", () => {
    const plan = { release: "cert-manager", namespace: "cert-manager", values: { replicaCount: 2 } };
    const common = { name: "cert-manager", namespace: "cert-manager", values: { replicaCount: 2 }, skipCrds: true };

    test("from a registry is asked for by its address and exact version", () => {
        const source = {
            kind: "oci",
            url: "oci://registry.example.com/charts/cert-manager",
            version: "1.18.2",
        } as const;
        expect(planChart({ ...plan, source })).toEqual({ ...common, chart: source.url, version: "1.18.2" });
    });

    test("from a repository is asked for by its name there", () => {
        const url = "https://charts.example.com";
        const source = { kind: "repository", url, chart: "cert-manager", version: "1.18.2" } as const;
        expect(planChart({ ...plan, source })).toEqual({
            ...common,
            chart: "cert-manager",
            version: "1.18.2",
            repositoryOpts: { repo: url },
        });
    });

    test("from a directory is what lies there", () => {
        const source = { kind: "directory", path: "mirror/cert-manager" } as const;
        expect(planChart({ ...plan, source })).toEqual({ ...common, chart: "mirror/cert-manager" });
    });
});

test("a custom resource comes after its definition and its controller", async () => {
    const monitor = mockMonitor();
    await pulumi.runtime.setMocks(monitor.mocks, "tars-platform", "test", false);
    monitor.listen(pulumi.runtime.getMonitor());
    await pulumi.runtime.runInPulumiStack(async () => {
        const parent = new Home();
        const child = { parent, provider: new Provider("cluster", {}, { parent }) };
        const definitions = new ConfigMap("definitions", {}, child);
        const controller = new ConfigMap("controller", {}, child);
        const plan = {
            apiVersion: "postgresql.cnpg.io/v1",
            kind: "Cluster",
            name: "orders",
            namespace: "data",
            labels: { owner: "orders-team" },
            spec: { instances: 3 },
        };
        createCustomResource("orders", plan, { definitions, controller }, child);
    });
    await pulumi.runtime.disconnect();
    const made = monitor.registrations().find(({ name }) => name === "orders");
    expect(made?.inputs).toEqual({
        apiVersion: "postgresql.cnpg.io/v1",
        kind: "Cluster",
        metadata: { name: "orders", namespace: "data", labels: { owner: "orders-team" } },
        spec: { instances: 3 },
    });
    expect(made?.dependencies.map((urn) => urn.split("::").at(-1))).toEqual(["controller", "definitions"]);
});
