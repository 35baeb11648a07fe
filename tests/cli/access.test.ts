import { accessMatrix, isHalfOpen, isOpen } from "../../cli/src/access/matrix";
import { accessMermaid, accessText } from "../../cli/src/access/show";
import type { Registration } from "../../cli/src/registrations";

type Inputs = Readonly<Record<string, unknown>>;

function registered(type: string, inputs: Inputs): Registration {
    const urn = `urn:pulumi:dev::tars::${type}::${JSON.stringify(inputs).length}`;
    return { urn, type, name: "x", parent: "", provider: "", inputs, dependencies: [], sources: {} };
}

const namespace = (name: string, labels: Inputs = {}) =>
    registered("kubernetes:core/v1:Namespace", { metadata: { name, labels } });

const pods = (name: string, port?: number | readonly number[], inNamespace = "shop", labels: Inputs = {}) =>
    registered("kubernetes:apps/v1:Deployment", {
        metadata: { name, namespace: inNamespace },
        spec: {
            template: {
                metadata: { labels: { app: name, ...labels } },
                spec: {
                    serviceAccountName: name,
                    containers: [{ ports: [port ?? []].flat().map((containerPort) => ({ containerPort })) }],
                },
            },
        },
    });

const network = (spec: Inputs, inNamespace = "shop") =>
    registered("kubernetes:networking.k8s.io/v1:NetworkPolicy", {
        metadata: { name: "p", namespace: inNamespace },
        spec,
    });

const mesh = (spec: Inputs, inNamespace = "shop") =>
    registered("kubernetes:security.istio.io/v1:AuthorizationPolicy", {
        apiVersion: "security.istio.io/v1",
        kind: "AuthorizationPolicy",
        metadata: { name: "a", namespace: inNamespace },
        spec,
    });

const enrolled = { "istio.io/dataplane-mode": "ambient" };
const deny = network({ podSelector: {}, policyTypes: ["Ingress", "Egress"] });
const of = (app: string) => ({ podSelector: { matchLabels: { app } } });
const tcp = (...ports: readonly number[]) => ports.map((port) => ({ protocol: "TCP", port }));

/** Both ends of one path in the network. */
const path = (from: string, to: string, ...ports: readonly number[]) => [
    network({ ...of(from), policyTypes: ["Egress"], egress: [{ to: [of(to)], ports: tcp(...ports) }] }),
    network({ ...of(to), policyTypes: ["Ingress"], ingress: [{ from: [of(from)], ports: tcp(...ports) }] }),
];
const principal = (account: string, inNamespace = "shop") => ({
    from: [{ source: { principals: [`cluster.local/ns/${inNamespace}/sa/${account}`] } }],
});

const open = (...registrations: readonly Registration[]) =>
    accessMatrix(registrations)
        .filter(isOpen)
        .map(({ from, to, port }) => `${from} -> ${to}:${port}`)
        .sort();
const halfOpen = (...registrations: readonly Registration[]) =>
    accessMatrix(registrations)
        .filter(isHalfOpen)
        .map(({ from, to }) => `${from} -> ${to}`);

const everybody = ["elsewhere/stranger", "monitoring/stranger", "shop/db", "shop/stranger", "shop/web"];
const shop = [namespace("shop"), pods("web"), pods("db", 5432)];

describe("in the network", () => {
    test("everything is open where no policy selects a pod", () => {
        expect(open(...shop)).toEqual([
            "elsewhere/stranger -> shop/db:5432",
            "monitoring/stranger -> shop/db:5432",
            "shop/db -> shop/db:5432",
            "shop/stranger -> shop/db:5432",
            "shop/web -> shop/db:5432",
        ]);
    });

    test("a path is open when both ends open it, on its port alone", () => {
        expect(open(...shop, deny)).toEqual([]);
        expect(open(...shop, deny, ...path("web", "db", 5432))).toEqual(["shop/web -> shop/db:5432"]);
        for (const end of path("web", "db", 5432)) expect(open(...shop, deny, end)).toEqual([]);
        expect(open(...shop, deny, ...path("web", "db", 5433))).toEqual([]);
    });

    test.each<[string, Inputs, readonly string[]]>([
        [
            "a namespace by its name",
            { namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "elsewhere" } } },
            ["elsewhere/stranger"],
        ],
        ["every namespace", { namespaceSelector: {} }, everybody],
        ["pods of a namespace", { namespaceSelector: {}, podSelector: { matchLabels: { app: "web" } } }, ["shop/web"]],
        ["addresses", { ipBlock: { cidr: "10.0.0.0/8" } }, everybody],
        [
            "pods that lack a label",
            { podSelector: { matchExpressions: [{ key: "app", operator: "DoesNotExist" }] } },
            ["shop/stranger"],
        ],
        [
            "pods that have a label",
            { podSelector: { matchExpressions: [{ key: "app", operator: "Exists" }] } },
            ["shop/db", "shop/web"],
        ],
        [
            "pods of some values",
            { podSelector: { matchExpressions: [{ key: "app", operator: "In", values: ["web"] }] } },
            ["shop/web"],
        ],
        [
            "pods of other values",
            { podSelector: { matchExpressions: [{ key: "app", operator: "NotIn", values: ["web"] }] } },
            ["shop/db", "shop/stranger"],
        ],
    ])("what comes in is opened to %s", (_, peer, callers) => {
        const incoming = network({ ...of("db"), policyTypes: ["Ingress"], ingress: [{ from: [peer] }] });
        expect(open(...shop, incoming)).toEqual(callers.map((name) => `${name} -> shop/db:5432`));
    });

    test("a range of ports holds those within it", () => {
        const rule = (port: number, endPort: number) =>
            network({ ...of("db"), policyTypes: ["Ingress"], ingress: [{ ports: [{ port, endPort }] }] });
        expect(open(...shop, rule(5000, 5432))).toHaveLength(5);
        expect(open(...shop, rule(5000, 5431))).toEqual([]);
    });

    test("a policy without types that says what goes out is about both directions", () => {
        expect(open(...shop, network({ ...of("db"), egress: [] }))).toEqual([]);
        expect(open(...shop, network({ ...of("web"), egress: [] }))).not.toContain("shop/web -> shop/db:5432");
    });
});

describe("in the mesh", () => {
    const inMesh = [namespace("shop", enrolled), pods("web"), pods("db", 5432)];
    const carried = path("web", "db", 15_008);
    const allow = (rule: Inputs) => mesh({ selector: { matchLabels: { app: "db" } }, action: "ALLOW", rules: [rule] });

    test.each(Object.entries({ ...enrolled, "sidecar.istio.io/inject": "true" }))(
        "pods join by a label of their own too (%s: %s), beside others that stay outside",
        (label, value) => {
            const all = [namespace("shop"), pods("web", 80), pods("db", 5432, "shop", { [label]: value })];
            const asked = accessMatrix(all).filter(({ mesh: opens }) => opens !== undefined);
            expect(new Set(asked.map(({ to }) => to))).toEqual(new Set(["shop/db"]));
        },
    );

    test("a call needs the network's leave on the proxies' port, and the mesh's", () => {
        expect(open(...inMesh, deny, ...path("web", "db", 5432))).toEqual([]);
        expect(open(...inMesh, deny, ...carried, mesh({}), allow(principal("web")))).toEqual([
            "shop/web -> shop/db:5432",
        ]);
        expect(open(...inMesh, deny, ...carried, mesh({}))).toEqual([]);
        expect(halfOpen(...inMesh, deny, ...carried, mesh({}))).toEqual(["shop/web -> shop/db"]);
    });

    test("of two ports in a tunnel the network sees neither, so that the mesh alone stops one of them", () => {
        const two = [namespace("shop", enrolled), pods("web"), pods("db", [5432, 9187]), deny, ...carried, mesh({})];
        const toOne = { ...principal("web"), to: [{ operation: { ports: ["5432"] } }] };
        expect(open(...two, allow(toOne))).toEqual(["shop/web -> shop/db:5432"]);
        expect(halfOpen(...two, allow(toOne))).toEqual([]);
        expect(halfOpen(...two)).toEqual(["shop/web -> shop/db", "shop/web -> shop/db"]);
    });

    test("who is no member has no certificate", () => {
        const visitors = [namespace("plain"), pods("visitor", undefined, "plain")];
        const visitor = principal("visitor", "plain");
        expect(open(...inMesh, ...visitors, allow(visitor))).toEqual([]);
    });

    test.each<[string, Inputs, readonly string[]]>([
        ["one account", principal("web"), ["shop/web"]],
        ["a namespace", { from: [{ source: { namespaces: ["elsewhere"] } }] }, ["elsewhere/stranger"]],
        ["an account by its short name", { from: [{ source: { serviceAccounts: ["shop/web"] } }] }, ["shop/web"]],
        [
            "accounts by how they begin",
            { from: [{ source: { principals: ["cluster.local/ns/shop/*"] } }] },
            ["shop/db", "shop/stranger", "shop/web"],
        ],
        ["accounts by how they end", { from: [{ source: { principals: ["*/web"] } }] }, ["shop/web"]],
        ["another port", { ...principal("web"), to: [{ operation: { ports: ["5433"] } }] }, []],
    ])("an allowing policy lets in %s", (_, rule, callers) => {
        expect(open(...inMesh, allow(rule))).toEqual(callers.map((name) => `${name} -> shop/db:5432`));
    });

    test("a denying policy wins, one for the whole mesh counts, and one for a gateway does not", () => {
        const denied = mesh({ action: "DENY", rules: [principal("web")] });
        expect(open(...inMesh, allow(principal("web")), denied)).toEqual([]);
        expect(open(...inMesh, mesh({}, "istio-system"))).toEqual([]);
        expect(open(...inMesh, mesh({ targetRefs: [{ kind: "Gateway", name: "g" }] }))).toHaveLength(5);
    });

    test("a gateway that Istio makes calls with an account of its own", () => {
        const gateway = registered("kubernetes:gateway.networking.k8s.io/v1:Gateway", {
            apiVersion: "gateway.networking.k8s.io/v1",
            kind: "Gateway",
            metadata: { name: "front", namespace: "edge" },
        });
        expect(open(...inMesh, namespace("edge"), gateway, allow(principal("front-istio", "edge")))).toEqual([
            "edge/front-istio -> shop/db:5432",
        ]);
    });
});

test("is shown as lines, and as a diagram", () => {
    const matrix = accessMatrix([...shop, deny, ...path("web", "db", 5432)]);
    expect(accessText(matrix)).toBe(
        "shop/web -> shop/db:5432  (not in the mesh)\n1 calls are open, 4 of 5 are closed\n",
    );
    expect(accessMermaid(matrix)).toBe('flowchart LR\n    n0["shop/web"]\n    n1["shop/db"]\n    n0 -->|5432| n1\n');
});
