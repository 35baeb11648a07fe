import { readConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { podOf } from "../../policy/samples";
import { deploymentOf, findingsOf, holders, ruleOf, unknownText } from "./support";

test.each([
    [{ "POD-1": "advisory" }, "POD-1", "is no rule of this pack", "did you mean POD-01?"],
    [{ "pod-08": "advisory" }, "pod-08", "is no rule of this pack", "did you mean POD-08?"],
    [{ constructor: "advisory" }, "constructor", "is no rule of this pack", expect.stringContaining("did you mean ")],
    [{ "POD-01": "mandatroy" }, "POD-01", "is no level", expect.stringContaining("did you mean mandatory?")],
    [{ "POD-01": 1 }, "POD-01", "is a number", expect.stringContaining("give a level")],
    [
        { "POD-01": { enforcmentLevel: "advisory" } },
        "POD-01.enforcmentLevel",
        "is no setting of POD-01",
        "did you mean enforcementLevel?",
    ],
    [{ "POD-01": { enforcementLevel: "off" } }, "POD-01.enforcementLevel", "is no level", expect.anything()],
    [{ "POD-01": "remediate" }, "POD-01", "is remediate, but POD-01 repairs nothing", "use mandatory"],
    [
        { "POD-13": { apiClient: [] } },
        "POD-13.apiClient",
        "is no setting of POD-13",
        expect.stringContaining("did you mean apiClients?"),
    ],
    [{ "POD-13": { apiClients: {} } }, "POD-13.apiClients", "is a mapping", "give an array"],
    [{ all: { apiClients: [] } }, "all.apiClients", "is a setting, and these belong to one rule", expect.anything()],
    [[], "", "is a list", expect.anything()],
])("%j is refused", (given, key, problem, fix) => {
    expect(readConfiguration(given).problems).toEqual([{ key, problem, fix }]);
});

test("every problem is reported at once, each client checked by itself", () => {
    const clients = [
        { namespace: "a", serviceAccount: "b", reason: "short" },
        { namespace: "a", reason: "reads its own lease", sericeAccount: "b" },
    ];
    const { problems } = readConfiguration({ "POD-13": { apiClients: clients }, "NS-3": "advisory" });
    expect(problems.map(({ key }) => key)).toEqual([
        "POD-13.apiClients[0].reason",
        "POD-13.apiClients[1].serviceAccount",
        "POD-13.apiClients[1].sericeAccount",
        "NS-3",
    ]);
});

test("one rule's level wins over the level of all, and that over the rule's own", () => {
    const { levelOf } = readConfiguration({
        all: "advisory",
        "POD-01": "disabled",
        "NS-03": { enforcementLevel: "mandatory" },
    });
    const levels = Object.fromEntries(rules.map((rule) => [rule.id, levelOf(rule)]));
    expect(levels).toMatchObject({ "POD-01": "disabled", "NS-03": "mandatory", "POD-02": "advisory" });
    expect(rules.map(readConfiguration({}).levelOf)).toEqual(rules.map(() => undefined));
});

test("a disabled rule finds nothing and an advisory one stops nothing", () => {
    const broken = deploymentOf(podOf({ kind: "pod", set: { hostNetwork: true, hostPID: true } }));
    const levels = (given: unknown) =>
        findingsOf(ruleOf("POD-08"), [broken], readConfiguration(given)).map(({ level }) => level);
    expect(levels({ "POD-08": "disabled" })).toEqual([]);
    expect(levels({ "POD-08": "advisory" })).toEqual(["advisory", "advisory"]);
    expect(levels({})).toEqual(["mandatory", "mandatory"]);
});

describe("API clients of POD-13", () => {
    const client = { namespace: "sample", serviceAccount: "operator", reason: "watches its custom resources" };
    const configuration = readConfiguration({ "POD-13": { apiClients: [client] } });
    const withAccount = (serviceAccountName: unknown) => {
        const pod = podOf({ kind: "pod", set: { serviceAccountName, automountServiceAccountToken: true } });
        return findingsOf(ruleOf("POD-13"), [deploymentOf(pod)], configuration);
    };

    test("a listed service account may have a token, another may not", () => {
        expect(configuration.problems).toEqual([]);
        expect(withAccount("operator")).toEqual([]);
        expect(withAccount("other")).toHaveLength(1);
        expect(withAccount(null)).toHaveLength(1);
    });

    test("an account that is not known yet is not decided", () => {
        expect(withAccount(unknownText)).toEqual([
            expect.objectContaining({ decided: false, path: "spec.template.spec.serviceAccountName" }),
        ]);
    });

    test("the same account in another namespace is another account", () => {
        const pod = podOf({ kind: "pod", set: { serviceAccountName: "operator", automountServiceAccountToken: true } });
        const elsewhere = { ...deploymentOf(pod), inputs: { spec: { template: { spec: pod } } } };
        expect(findingsOf(ruleOf("POD-13"), [elsewhere], configuration)).toHaveLength(1);
        const byProvider = { ...elsewhere, defaultNamespace: "sample" };
        expect(findingsOf(ruleOf("POD-13"), [byProvider], configuration)).toEqual([]);
    });
});

describe("remediation", () => {
    const bare = {
        automountServiceAccountToken: false,
        securityContext: { runAsNonRoot: true },
        containers: [{ name: "app", image: "app:1", securityContext: { readOnlyRootFilesystem: true } }],
    };
    const hardened = ["POD-02", "POD-05", "POD-06"];

    test("repairs what is safe, leaves the given resources as they are, and is done after one run", () => {
        const deployment = deploymentOf(bare);
        const before = JSON.stringify(deployment);
        const { findings, remediations } = judge([deployment]);
        expect(remediations).toEqual(hardened.map((rule) => ({ rule, resource: deployment.urn })));
        expect(findings.filter(({ rule }) => hardened.includes(rule))).toEqual([]);
        expect(JSON.stringify(deployment)).toBe(before);
    });

    test.each([
        ["root", { ...bare, securityContext: {} }, ["POD-02", "POD-05"]],
        [
            "a privileged container",
            { ...bare, containers: [{ ...bare.containers[0], securityContext: { privileged: true } }] },
            ["POD-02", "POD-05"],
        ],
        [
            "a decision against it",
            { ...bare, containers: [{ ...bare.containers[0], securityContext: { allowPrivilegeEscalation: true } }] },
            ["POD-02"],
        ],
        [
            "a profile that is unknown",
            { ...bare, securityContext: { runAsNonRoot: true, seccompProfile: unknownText } },
            [],
        ],
    ])("leaves %s to be refused", (_, pod, left) => {
        const { findings } = judge([deploymentOf(pod)]);
        const refused = findings.filter(({ rule, level }) => hardened.includes(rule) && level === "mandatory");
        expect([...new Set(refused.map(({ rule }) => rule))]).toEqual(left);
    });

    test.each(["DeploymentPatch", "RayCluster"])("touches no %s, which something else completes", (holder) => {
        const resource = holders[holder]?.of(bare);
        expect(judge(resource ? [resource] : []).remediations).toEqual([]);
    });
});
