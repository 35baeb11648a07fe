import { bytes } from "../../components/foundation/quantities";
import { httpServices } from "../../components/foundation/serviceLimits";
import { workloadNames } from "../../components/foundation/workloads";
import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace, type KubernetesObject, type Registration } from "./graph";

/** The runtime's mocks are global: each graph is read with modules of its own. */
async function graphOf(mode: "ambient" | "sidecar", stack = "dev"): Promise<Graph> {
    return anotherGraph(stack, { mesh: { mode } });
}

const nameOf = ({ inputs }: KubernetesObject): string => inputs.metadata.name;

describe.each(["ambient", "sidecar"] as const)("the mesh in %s mode", (mode) => {
    let whole: Graph;
    let tars: Graph;
    beforeAll(async () => {
        whole = await graphOf(mode);
        tars = inNamespace(whole, "tars");
    });

    const named = (name: string): Registration => {
        const found = whole.all.find((each) => each.name === name);
        if (found === undefined) throw new Error(`no ${name}`);
        return found;
    };
    const chartsThere = () => whole.all.filter(({ type }) => type === "kubernetes:helm.sh/v4:Chart");

    test("has its charts, each at its version, with definitions left out", () => {
        const expected = ["istio-nodes-cni", "istiod", "istiod-base"];
        const own = chartsThere().filter(({ inputs }) => Object(inputs).version === "1.30.3");
        expect(own.map(({ name }) => name).sort()).toEqual(
            mode === "ambient" ? ["istio-nodes-cni", "istio-nodes-ztunnel", "istiod", "istiod-base"] : expected,
        );
        for (const { inputs } of own) expect(inputs).toMatchObject({ skipCrds: true });
    });

    test("comes up in order: definitions, istiod, agents, rules, and then whoever joins", () => {
        const order = [
            named("mesh-definitions"),
            named("istiod"),
            named("istio-nodes-cni"),
            named("istio-mutual-tls"),
            tars.named("Namespace", "tars"),
        ];
        const charts = (registration: Registration) => registration.type.includes(":Chart");
        for (const [index, earlier] of order.entries()) {
            for (const later of order.slice(index + 1)) {
                if (charts(later) || !charts(earlier)) expect(whole.waitsFor(later, earlier)).toBe(true);
                expect(whole.waitsFor(earlier, later)).toBe(false);
            }
        }
        expect(whole.waitsFor(named("istiod"), named("mesh-gateway-api"))).toBe(true);
    });

    test("brings the applications in, where nobody may call anybody yet", () => {
        const { labels } = tars.named("Namespace", "tars").inputs.metadata;
        const label = { ambient: ["istio.io/dataplane-mode", "ambient"], sidecar: ["istio-injection", "enabled"] }[
            mode
        ];
        expect(labels[label[0] ?? ""]).toBe(label[1]);
        expect(tars.named("AuthorizationPolicy", "allow-nothing").inputs.spec).toEqual({});
        const { spec } = tars.named("NetworkPolicy", "allow-mesh").inputs;
        expect(spec.policyTypes).toEqual(mode === "ambient" ? ["Ingress"] : ["Egress"]);
    });

    test("stays out of its own namespaces, of which only that of the agents is privileged", () => {
        for (const name of ["istio-system", "istio-nodes"]) {
            const { labels } = inNamespace(whole, name).named("Namespace", name).inputs.metadata;
            expect(Object.keys(labels).filter((key) => key.startsWith("istio"))).toEqual([]);
            expect(labels["pod-security.kubernetes.io/enforce"]).toBe(
                name === "istio-system" ? "restricted" : "privileged",
            );
            expect(inNamespace(whole, name).named("NetworkPolicy", "default-deny").inputs.spec.podSelector).toEqual({});
        }
    });

    test("has a quota for an agent or two on each of three nodes", () => {
        const { hard } = inNamespace(whole, "istio-nodes").named("ResourceQuota", "quota").inputs.spec;
        expect(hard.pods).toBe(mode === "ambient" ? "10" : "5");
        expect(bytes(hard["limits.memory"])).toBeGreaterThan(0);
    });

    test("takes mutual TLS only, everywhere", () => {
        const root = inNamespace(whole, "istio-system");
        expect(root.named("PeerAuthentication", "default").inputs.spec).toEqual({ mtls: { mode: "STRICT" } });
        expect(root.named("AuthorizationPolicy", "allow-nothing").inputs.spec).toEqual({});
        expect(root.of("Telemetry")).toHaveLength(1);
    });

    test("has rules for every service, and routes where a proxy reads them", () => {
        expect(tars.of("DestinationRule").map(nameOf).sort()).toEqual([...workloadNames].sort());
        expect(tars.of("VirtualService").map(nameOf).sort()).toEqual(
            mode === "sidecar" ? [...httpServices].sort() : [],
        );
        expect(tars.named("DestinationRule", "redis").inputs.spec.host).toBe("redis.tars.svc.cluster.local");
    });

    test("leaves room for its proxies in the quota of the applications", () => {
        const { hard } = tars.named("ResourceQuota", "quota").inputs.spec;
        expect(hard["requests.cpu"]).toBe(mode === "ambient" ? "11550m" : "13350m");
    });
});
