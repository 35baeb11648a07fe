import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { istioVersion } from "../../components/kubernetes/chartTable";
import { admissionPolicies } from "../../policy/admission/policies";
import { tokenClients } from "../../policy/facts/accounts";
import { chartPods, chartRoles } from "../../policy/facts/charts";
import { judge } from "../../policy/judge";
import { rules } from "../../policy/registry";
import { packFolder, readPackFiles } from "../../policy/terms/files";
import { bareTerms } from "../../policy/terms/terms";
import { asItStands, unknownText } from "./support";

const provider = { type: "pulumi:providers:kubernetes", name: "cluster", inputs: {} };

/** A pod that breaks every rule that any chart is listed for, and whose it is. */
function spoilt(namespace: string, serviceAccountName: string) {
    const token = { serviceAccountToken: { path: "t", audience: "a", expirationSeconds: 43_200 } };
    const spec = {
        serviceAccountName,
        containers: [
            {
                name: "agent",
                image: "registry.istio.io/release/ztunnel:1.30.3-distroless",
                securityContext: {
                    allowPrivilegeEscalation: true,
                    privileged: true,
                    runAsNonRoot: true,
                    capabilities: { drop: ["ALL"] },
                    appArmorProfile: { type: "Unconfined" },
                },
            },
        ],
        volumes: [
            { name: "scratch", emptyDir: {} },
            { name: "token", projected: { sources: [token] } },
        ],
    };
    const inputs = { metadata: { name: "agent", namespace }, spec: { template: { spec } } };
    return { urn: "urn:agent", type: "kubernetes:apps/v1:DaemonSet", name: "agent", inputs, provider };
}

const spoiled = ["POD-02", "POD-06", "POD-07", "POD-12", "POD-13", "POD-18", "RBAC-09"] as const;

function broken(namespace: string, serviceAccount: string, decided = true): readonly string[] {
    const { findings } = judge([spoilt(namespace, serviceAccount)], asItStands);
    const about = findings.filter((found) => found.decided === decided && /^(POD|RBAC)-/.test(found.rule));
    return [...new Set(about.map(({ rule }) => rule))].sort();
}

describe("pods of charts", () => {
    test("are told nothing of the rules that they are listed for, and everything else", () => {
        expect(broken("shop", "web")).toEqual(expect.arrayContaining([...spoiled]));
        for (const { namespace, serviceAccount, rules: own } of chartPods) {
            const isClient = tokenClients.some(
                (client) => client.namespace === namespace && client.serviceAccount === serviceAccount,
            );
            const listed = isClient ? [...own, "POD-13"] : own;
            const found = broken(namespace, serviceAccount);
            expect(found).toEqual(expect.arrayContaining(["POD-01", ...spoiled.filter((id) => !listed.includes(id))]));
            expect(found.filter((id) => listed.includes(id))).toEqual([]);
        }
    });

    test("are these only in their own namespace, and under their own account", () => {
        expect(broken("shop", "ztunnel")).toEqual(expect.arrayContaining([...spoiled]));
        expect(broken("istio-nodes", "web")).toEqual(expect.arrayContaining([...spoiled]));
    });

    test("are not repaired where a rule does not hold for them, as all others are", () => {
        const repaired = (namespace: string, account: string) =>
            judge([spoilt(namespace, account)]).remediations.map(({ rule }) => rule);
        expect(repaired("istio-nodes", "web")).toContain("POD-06");
        expect(repaired("istio-nodes", "ztunnel")).not.toContain("POD-06");
        expect(repaired("istio-nodes", "istio-cni")).toContain("POD-06");
    });

    test("wait for a namespace that is not known yet", () => {
        expect(broken(unknownText, "ztunnel", false)).toEqual(expect.arrayContaining(["POD-02", "POD-18", "RBAC-09"]));
    });

    test("are listed for rules that there are, each with a reason", () => {
        const ids = rules.map(({ id }) => id);
        for (const { rules: listed, reason } of [...chartPods, ...chartRoles]) {
            expect(ids).toEqual(expect.arrayContaining([...listed]));
            expect(reason.length).toBeGreaterThan(40);
        }
    });

    test("are let in by the API server for the same rules, and by no other", () => {
        const validations = admissionPolicies()
            .filter(({ name }) => name === "tars-pods")
            .flatMap(({ spec }) => spec.validations);
        for (const { message, expression } of validations) {
            const id = message.split(":")[0] ?? "";
            const listed = chartPods.filter(({ rules: some }) => some.includes(id));
            const accepts = ({ namespace, serviceAccount }: { namespace: string; serviceAccount: string }) =>
                `(request.namespace == "${namespace}") && (variables.account == "${serviceAccount}")`;
            for (const account of listed) expect(expression).toContain(accepts(account));
            // Agents, and who calls the API server, are in lists of their own.
            const byOthers = /POD-0[3459]|POD-13|RBAC-09/.test(id);
            for (const account of byOthers ? [] : chartPods.filter((each) => !listed.includes(each))) {
                expect(expression).not.toContain(accepts(account));
            }
        }
    });
});

describe("roles of charts", () => {
    const role = (name: string) => {
        const inputs = {
            metadata: { name, namespace: "istio-system", labels: { "helm.sh/chart": `istiod-${istioVersion}` } },
            rules: [{ apiGroups: [""], resources: ["secrets"], verbs: ["get", "list"] }],
        };
        const urn = `urn:pulumi:dev::tars::tars:mesh:ControlPlane$kubernetes:helm.sh/v4:Chart$kubernetes:rbac.authorization.k8s.io/v1:Role::${name}`;
        return { urn, type: "kubernetes:rbac.authorization.k8s.io/v1:Role", name, inputs, provider };
    };
    const levelOf = (name: string) => {
        const { findings } = judge([role(name)], asItStands, { ...bareTerms, vendors: readPackFiles(rules).vendors });
        return findings.find(({ rule }) => rule === "RBAC-03")?.level;
    };

    test("are excepted for the version that was reviewed", () => {
        expect([levelOf("istiod"), levelOf("other")]).toEqual(["advisory", "mandatory"]);
    });

    test("are let in by the API server by name and namespace", () => {
        const [validation] = admissionPolicies()
            .filter(({ name }) => name === "tars-roles")
            .flatMap(({ spec }) => spec.validations.filter(({ message }) => message.startsWith("RBAC-03")));
        expect(validation?.expression).toContain(
            '(request.namespace == "istio-system") && (object.metadata.name == "istiod")',
        );
        const ofCluster = admissionPolicies().find(({ name }) => name === "tars-cluster-roles");
        expect(JSON.stringify(ofCluster)).not.toContain("istiod");
    });
});

test.each(["istiod", "cni", "ztunnel"])("what %s is excepted from was reviewed at the version that runs", (chart) => {
    const file = parse(fs.readFileSync(path.join(packFolder(), "vendor", `${chart}.yaml`), "utf8"));
    expect([file.chart, file.version]).toEqual([chart, istioVersion]);
});
