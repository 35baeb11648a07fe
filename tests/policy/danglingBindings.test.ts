import type { Resource } from "../../policy/rule";
import { kubernetesResource } from "../../policy/samples";
import { type Mapping, ruleOf, saidOf, unknownText } from "./support";

const rule = ruleOf("RBAC-08");
const rbac = "rbac.authorization.k8s.io/v1";
const metadata = { name: "reader", namespace: "shop" };
const namespace = kubernetesResource("core/v1", "Namespace", { metadata: { name: "shop" } });
const account = kubernetesResource("core/v1", "ServiceAccount", { metadata });
const role = kubernetesResource(rbac, "ClusterRole", { metadata: { name: "reader" } });
const toRole = { kind: "ClusterRole", name: "reader" };
const toAccount = { kind: "ServiceAccount", name: "reader", namespace: "shop" };
const binding = (roleRef: Mapping, subject: Mapping = toAccount, kind = "RoleBinding") =>
    kubernetesResource(rbac, kind, { metadata, roleRef, subjects: [subject] });
const said = (...resources: readonly Resource[]) => saidOf(rule, [namespace, ...resources]);

const noRole = "roleRef.name names a role that the stack does not have";
const noAccount = "subjects[0].name names a service account that the stack does not have";

test.each(["RoleBinding", "ClusterRoleBinding"])("a %s joins a ClusterRole and an account of the stack", (kind) => {
    const bound = binding(toRole, toAccount, kind);
    expect(said(bound, role, account)).toEqual([]);
    expect(said(bound, account)).toEqual([noRole]);
    expect(said(bound, role)).toEqual([noAccount]);
});

test("a role of a namespace is not one of Kubernetes' own by its name", () => {
    expect(said(binding({ kind: "ClusterRole", name: "view" }), account)).toEqual([]);
    expect(said(binding({ kind: "Role", name: "view" }), account)).toEqual([noRole]);
});

test("an account without a namespace is one of the binding's", () => {
    const { namespace: _, ...local } = toAccount;
    expect(said(binding(toRole, local), role, account)).toEqual([]);
    expect(said(binding(toRole, local), role)).toEqual([noAccount]);
});

describe("not decided", () => {
    const unknown = (path: string) => `not decided: ${path} is not known before the update`;
    const unsure = "not decided: subjects[0].name names a service account that the stack may not have";

    test.each([
        ["what kind of role it is", binding({ kind: unknownText, name: "gone" }), "roleRef.kind"],
        ["which role it is", binding({ ...toRole, name: unknownText }), "roleRef.name"],
        ["where the account is", binding(toRole, { ...toAccount, namespace: unknownText }), "subjects[0].namespace"],
    ])("while it is unknown %s", (_, bound, path) => {
        expect(said(bound, role, account)).toEqual([unknown(path)]);
    });

    test("while an account that may be meant has no known name", () => {
        const unnamed = { ...account, inputs: { metadata: { ...metadata, name: unknownText } } };
        expect(said(binding(toRole), role, unnamed)).toEqual([unsure]);
    });

    test("in files, which may be without the account", () => {
        const bound: Resource = { ...binding(toRole), origin: "manifest" };
        expect(said(bound, role)).toEqual([unsure]);
    });
});
