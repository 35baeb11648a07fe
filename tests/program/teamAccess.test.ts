import { judgedResources } from "../../cli/src/judgedResources";
import { planTeams } from "../../components/kubernetes/teamAccess";
import { developerRules, viewerRules } from "../../components/kubernetes/teamRules";
import { readConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { anotherGraph } from "./anotherGraph";
import { type Graph, inNamespace } from "./graph";
import { settingsOf } from "./stack";

const group = (name: string) => ({ kind: "Group", name }) as const;

describe("rights of teams", () => {
    const rights = (rules: typeof viewerRules) =>
        new Map(
            rules.flatMap(({ apiGroups, resources, verbs }) =>
                [apiGroups]
                    .flat()
                    .flatMap((each) =>
                        [resources].flat().map((resource) => [`${each}/${resource}`, [verbs].flat()] as const),
                    ),
            ),
        );

    test("viewers see what runs and change nothing; neither Secrets, nor rights, nor logs are among it", () => {
        const seen = rights(viewerRules);
        for (const verbs of seen.values()) expect(["get", "list", "watch"]).toEqual(expect.arrayContaining(verbs));
        for (const kind of ["/pods", "/services", "/events", "/configmaps", "apps/deployments"])
            expect([...seen.keys()]).toContain(kind);
        for (const kind of ["autoscaling/horizontalpodautoscalers", "networking.k8s.io/networkpolicies"])
            expect([...seen.keys()]).toContain(kind);
        expect([...seen.keys()].filter((kind) => /secrets$|rbac|^\/nodes|\/.*\//.test(kind))).toEqual([
            "external-secrets.io/externalsecrets",
        ]);
    });

    test("developers see logs besides, and nothing else", () => {
        const more = [...rights(developerRules)].filter(([kind]) => !rights(viewerRules).has(kind));
        expect(more).toEqual([["/pods/log", ["get"]]]);
        expect(developerRules.slice(0, viewerRules.length)).toEqual(viewerRules);
    });

    test("a team that nobody is in has no role", () => {
        const nobody = { breakGlass: [], developers: [], viewers: [] };
        expect(planTeams(nobody)).toEqual([]);
        expect(planTeams({ ...nobody, viewers: [group("a")] }).map(({ role }) => role)).toEqual(["viewers"]);
    });
});

describe("on a cluster whose cloud knows the people", () => {
    let graph: Graph;
    beforeAll(async () => {
        graph = await anotherGraph("prod-azure");
    });

    test("each team is bound to a role of the applications' namespace, by what its tokens say", () => {
        const bindings = ["developers", "viewers"].map((team) => inNamespace(graph, "tars").named("RoleBinding", team));
        expect(bindings.map(({ inputs }) => [inputs.metadata.namespace, inputs.roleRef, inputs.subjects])).toEqual(
            ["33333333-3333-3333-3333-333333333333", "44444444-4444-4444-4444-444444444444"].map((id, index) => [
                "tars",
                { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: ["developers", "viewers"][index] },
                [{ apiGroup: "rbac.authorization.k8s.io", kind: "Group", name: id }],
            ]),
        );
        expect(inNamespace(graph, "tars").named("Role", "developers").inputs.rules).toEqual(developerRules);
        expect(inNamespace(graph, "tars").named("Role", "viewers").inputs.rules).toEqual(viewerRules);
    });

    test("roles come after their namespace, and bindings after their roles", () => {
        const role = inNamespace(graph, "tars").named("Role", "viewers");
        expect(graph.waitsFor(role, graph.named("Namespace", "tars"))).toBe(true);
        expect(graph.waitsFor(inNamespace(graph, "tars").named("RoleBinding", "viewers"), role)).toBe(true);
    });

    test("nobody is made administrator by a binding: the cloud does that", () => {
        const bound = [...graph.of("RoleBinding"), ...graph.of("ClusterRoleBinding")];
        expect(bound.filter(({ inputs }) => inputs.roleRef.name === "cluster-admin")).toEqual([]);
    });
});

describe("on a given cluster", () => {
    const groups = { breakGlass: ["oidc:tars-emergency"], developers: ["oidc:tars", "oidc:partner"] };
    const cluster = { ...Object(settingsOf("dev").cluster), access: { groups } };
    let graph: Graph;
    beforeAll(async () => {
        graph = await anotherGraph("dev", { cluster });
    });

    test("groups are bound as the cluster's authenticator names them; a team that nobody is in has neither role nor binding", () => {
        const names = inNamespace(graph, "tars")
            .named("RoleBinding", "developers")
            .inputs.subjects.map(({ name }: { name: string }) => name);
        expect(names).toEqual(["oidc:tars", "oidc:partner"]);
        const roles = inNamespace(graph, "tars")
            .of("Role")
            .map(({ inputs }) => inputs.metadata.name);
        expect(roles.filter((name) => ["developers", "viewers"].includes(name))).toEqual(["developers"]);
    });

    test("an emergency's group is bound to cluster-admin, which the pack refuses until it is listed there too", () => {
        const { inputs } = graph.named("ClusterRoleBinding", "tars-break-glass");
        expect(inputs.roleRef).toMatchObject({ kind: "ClusterRole", name: "cluster-admin" });
        expect(inputs.subjects).toMatchObject([{ kind: "Group", name: "oidc:tars-emergency" }]);
        expect(rightsFindings({})).toEqual(["RBAC-01"]);
        const entry = { role: "cluster-admin", kind: "Group", name: "oidc:tars-emergency" };
        const listed = { breakGlass: [{ ...entry, reason: "the identity provider of the pipeline is down" }] };
        expect(rightsFindings({ "RBAC-01": listed })).toEqual([]);
    });

    function rightsFindings(given: Readonly<Record<string, unknown>>): readonly string[] {
        const { findings } = judge(judgedResources(graph.all), readConfiguration(given));
        return findings.map(({ rule }) => rule).filter((rule) => rule.startsWith("RBAC-"));
    }
});

test("a stack that names nobody has no roles for people", async () => {
    const { objects } = await anotherGraph("dev");
    const people = objects.filter(({ inputs }) =>
        ["developers", "viewers", "tars-break-glass"].includes(inputs.metadata?.name),
    );
    expect(people).toEqual([]);
});
