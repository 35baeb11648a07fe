import fc from "fast-check";
import { calls } from "../../components/foundation/calls";
import { hbonePort, meshModes } from "../../components/foundation/mesh";
import { workloadNames } from "../../components/foundation/workloads";
import { planAccess, planWaypointTraffic } from "../../components/kubernetes/access";
import { type AccessPath, type Caller, planPaths, servedPorts } from "../../components/kubernetes/accessPaths";
import { planAuthorization, planWaypointAuthorization } from "../../components/kubernetes/authorization";

const workload = fc.constantFrom(...workloadNames);
const caller: fc.Arbitrary<Caller> = fc.oneof(
    workload.map((name) => ({ kind: "workload", name }) as const),
    fc.constantFrom("team-app", "monitoring").map((name) => ({ kind: "namespace", name }) as const),
    fc
        .record({
            namespace: fc.constantFrom("istio-ingress", "team-app"),
            podLabels: fc.constantFrom<Readonly<Record<string, string>>>({}, { app: "gateway" }),
        })
        .map((place) => ({ kind: "account", serviceAccount: "api", ...place }) as const),
);
const accessPath: fc.Arbitrary<AccessPath> = fc.record({
    from: caller,
    to: workload,
    ports: fc.array(fc.integer({ min: 1, max: 65_535 }), { minLength: 1, maxLength: 3 }),
    viaWaypoint: fc.constant(false),
});
const mode = fc.constantFrom(...meshModes);
const outside = { gateway: undefined, monitoringNamespace: "monitoring", callers: [], mode: "ambient" } as const;

describe("network access", () => {
    test("opens every path at both ends and nothing else", () => {
        fc.assert(
            fc.property(fc.array(accessPath, { maxLength: 12 }), mode, (paths, meshMode) => {
                const policies = [...planAccess(paths, meshMode).values()];
                const inside = paths.filter(({ from }) => from.kind === "workload");
                expect(policies.flatMap(({ ingress }) => ingress)).toHaveLength(paths.length);
                expect(policies.flatMap(({ egress }) => egress)).toHaveLength(inside.length);
            }),
        );
    });

    test("never opens to everybody: each rule names its peers and its ports", () => {
        fc.assert(
            fc.property(fc.array(accessPath, { minLength: 1, maxLength: 12 }), mode, (paths, meshMode) => {
                const plans = JSON.parse(JSON.stringify([...planAccess(paths, meshMode).values()]));
                for (const { ingress, egress, podSelector } of plans) {
                    expect(Object.keys(podSelector.matchLabels)).toEqual(["app.kubernetes.io/name"]);
                    for (const rule of [...ingress, ...egress]) {
                        const [peer] = rule.from ?? rule.to;
                        for (const selector of Object.values<{ matchLabels: object }>(peer))
                            expect(Object.keys(selector.matchLabels)).toHaveLength(1);
                        expect(rule.ports.length).toBeGreaterThan(0);
                    }
                }
            }),
        );
    });

    test("opens the port of the nodes' proxies where they carry calls, and only there", () => {
        const from = { kind: "workload", name: "tars-backend" } as const;
        const paths = [{ from, to: "redis", ports: [6379], viaWaypoint: false }] as const;
        const portsIn = (meshMode: (typeof meshModes)[number]) =>
            [...planAccess(paths, meshMode).values()].flatMap(({ ingress }) => ingress.flatMap(({ ports }) => ports));
        expect(portsIn("sidecar")).toEqual([{ protocol: "TCP", port: 6379 }]);
        expect(portsIn("ambient")).toEqual([
            { protocol: "TCP", port: 6379 },
            { protocol: "TCP", port: hbonePort },
        ]);
    });
});

describe("authorization", () => {
    test("lets in whoever is declared, by account where there is one, on the ports that are served", () => {
        const gateway = {
            kind: "account",
            namespace: "istio-ingress",
            serviceAccount: "tars-gateway-istio",
            podLabels: {},
        } as const;
        const plans = planAuthorization(planPaths({ ...outside, gateway }), "tars");
        expect(plans.get("tars-backend")?.rules).toEqual([
            {
                from: [{ source: { principals: ["cluster.local/ns/istio-ingress/sa/tars-gateway-istio"] } }],
                to: [{ operation: { ports: ["8000"] } }],
            },
            { from: [{ source: { namespaces: ["monitoring"] } }], to: [{ operation: { ports: ["8000"] } }] },
        ]);
        expect(plans.get("redis")?.rules).toEqual([
            {
                from: [{ source: { principals: ["cluster.local/ns/tars/sa/tars-backend"] } }],
                to: [{ operation: { ports: ["6379"] } }],
            },
        ]);
    });

    test("has nothing for a workload that nobody calls: what holds for the namespace allows nothing", () => {
        const paths = planPaths(outside).filter(({ to }) => to !== "redis");
        expect(planAuthorization(paths, "tars").has("redis")).toBe(false);
    });
});

describe("calls that pass the waypoint", () => {
    const paths = planPaths({
        ...outside,
        callers: [{ namespace: "team-app", serviceAccount: "api", calls: ["ollama"] }],
    });
    const waypoint = {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "istio-waypoint" } },
        podSelector: { matchLabels: { "gateway.networking.k8s.io/gateway-name": "waypoint" } },
    };

    test("are those over HTTP between pods of an ambient mesh, and none where pods have proxies of their own", () => {
        const passing = paths.filter(({ viaWaypoint }) => viaWaypoint).map(({ to }) => to);
        expect(passing).toEqual(["chromadb", "ollama", "ollama"]);
        expect(planPaths({ ...outside, mode: "sidecar" }).some(({ viaWaypoint }) => viaWaypoint)).toBe(false);
    });

    test("leave for it and come from it, one rule for all of them", () => {
        const policies = planAccess(paths, "ambient");
        expect(policies.get("ollama")?.ingress).toEqual([
            { from: [waypoint], ports: [11_434, hbonePort].map((port) => ({ protocol: "TCP", port })) },
        ]);
        const leaving = policies
            .get("tars-backend")
            ?.egress.filter(({ to }) => JSON.stringify(to).includes("waypoint"));
        expect(leaving).toEqual([{ to: [waypoint], ports: [{ protocol: "TCP", port: hbonePort }] }]);
    });

    test("are asked for by the waypoint, service by service, and the pods let in nobody but it", () => {
        const accounts = (spec: unknown) => JSON.stringify(spec).match(/cluster\.local\/ns\/[^"]+/g);
        const [asked, pods] = [planWaypointAuthorization(paths, "tars"), planAuthorization(paths, "tars")];
        expect([...asked.keys()]).toEqual(["chromadb", "ollama"]);
        expect(asked.get("ollama")?.targetRefs).toEqual([{ group: "", kind: "Service", name: "ollama" }]);
        const backend = "cluster.local/ns/tars/sa/tars-backend";
        expect(accounts(asked.get("chromadb"))).toEqual([backend]);
        expect(accounts(asked.get("ollama"))).toEqual([backend, "cluster.local/ns/team-app/sa/api"]);
        expect(accounts(pods.get("ollama"))).toEqual(["cluster.local/ns/istio-waypoint/sa/waypoint"]);
    });

    test("are let in there from each caller once, and go on to each service", () => {
        const { ingress, egress } = planWaypointTraffic(paths, "tars");
        expect(ingress).toHaveLength(1);
        expect(ingress[0]?.from).toHaveLength(2);
        expect(egress.map(({ ports }) => ports.map(({ port }) => port))).toEqual([
            [8000, hbonePort],
            [11_434, hbonePort],
        ]);
    });
});

describe("declared calls", () => {
    test("are all that is open between workloads", () => {
        const inside = planPaths(outside).flatMap(({ from, to }) =>
            from.kind === "workload" ? [`${from.name} ${to}`] : [],
        );
        const declared = workloadNames.flatMap((name) => calls[name].map((to) => `${name} ${to}`));
        expect(inside).toEqual(declared);
    });

    test("of other teams' accounts open what they name", () => {
        const callers = [{ namespace: "team-app", serviceAccount: "api", calls: ["ollama"] }] as const;
        const added = planPaths({ ...outside, callers }).slice(planPaths(outside).length);
        expect(added).toEqual([
            {
                from: { kind: "account", namespace: "team-app", serviceAccount: "api", podLabels: {} },
                to: "ollama",
                ports: servedPorts.ollama,
                viaWaypoint: true,
            },
        ]);
    });

    test("that are none leave a workload with no way out", () => {
        const paths = planPaths({ ...outside, callers: [] });
        expect(planAccess(paths, "ambient").get("ollama")?.egress).toEqual([]);
    });
});
