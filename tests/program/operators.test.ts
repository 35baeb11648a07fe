import { ConfigMap } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { mockMonitor } from "../../cli/src/registrations";
import { TarsComponent } from "../../components/foundation/component";
import { locateChart } from "../../components/kubernetes/chart";
import { type Manifest, manifests } from "../../components/kubernetes/chartTable";
import { createCustomResource } from "../../components/kubernetes/customResource";
import { locateDefinitions } from "../../components/kubernetes/definitions";

class Home extends TarsComponent {
    constructor() {
        super("data", "Home", "home");
    }
}

describe("a chart", () => {
    const version = "1.18.2";
    const inRegistry = { kind: "oci", url: "oci://registry.example.com/jetstack/cert-manager", version } as const;
    const inRepository = {
        kind: "repository",
        url: "https://charts.example.com",
        chart: "cert-manager",
        version,
    } as const;
    const [upstream, directory] = [{ kind: "upstream" }, { kind: "directory", path: "./mirror" }] as const;
    const registry = { kind: "oci", prefix: "oci://own.example.com/charts", definitions: "./mirror" } as const;

    test.each([
        [inRegistry, upstream, { chart: inRegistry.url, version }],
        [inRepository, upstream, { chart: "cert-manager", version, repositoryOpts: { repo: inRepository.url } }],
        [inRegistry, directory, { chart: "./mirror/cert-manager-1.18.2.tgz" }],
        [inRepository, directory, { chart: "./mirror/cert-manager-1.18.2.tgz" }],
        [inRegistry, registry, { chart: "oci://own.example.com/charts/cert-manager", version }],
        [inRepository, registry, { chart: "oci://own.example.com/charts/cert-manager", version }],
    ])("of %j is taken from %j", (pinned, sources, location) => {
        expect(locateChart(pinned, sources)).toEqual(location);
    });

    test("has its definitions at addresses of its version, or beside the charts of the stack", () => {
        expect(locateDefinitions("gateway-api", upstream)).toEqual(manifests["gateway-api"].urls);
        expect(locateDefinitions("gateway-api", directory)).toEqual(["./mirror/gateway-api-1.5.1.yaml"]);
        expect(locateDefinitions("gateway-api", registry)).toEqual(["./mirror/gateway-api-1.5.1.yaml"]);
    });
});

test.each(Object.entries<Manifest>(manifests))(
    "every address of the definitions of %s names their version",
    (_, pinned) => {
        for (const url of pinned.urls)
            expect(url.split("/")).toContainEqual(expect.stringMatching(`^(v|release-)?${pinned.version}$`));
    },
);

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
