import type { Resource } from "../../policy/rule";
import { cloudResource } from "../../policy/samples";
import { type Mapping, problemsOf, ruleOf, unknownText } from "./support";

const place = "/subscriptions/sample/resourceGroups/sample/providers";
const cluster = cloudResource("azure-native:containerservice:ManagedCluster", { resourceName: "sample" });
const workspace = (retentionInDays: unknown) =>
    cloudResource("azure-native:operationalinsights:Workspace", { workspaceName: "sample", retentionInDays });
const on = (category: unknown, enabled: unknown = true) => ({ category, enabled });
const all = [on("kube-audit"), on("guard"), on("kube-apiserver")];
const setting = (inputs: Mapping, sources: Readonly<Record<string, readonly string[]>> = {}): Resource => ({
    ...cloudResource("azure-native:monitor:DiagnosticSetting", {
        resourceUri: `${place}/Microsoft.ContainerService/managedClusters/sample`,
        workspaceId: `${place}/Microsoft.OperationalInsights/workspaces/sample`,
        logs: all,
        ...inputs,
    }),
    sources,
});
const said = (...resources: readonly Resource[]) => problemsOf(ruleOf("AZ-07"), [cluster, ...resources]);

const unknown = (path: string) => `not decided: ${path} is not known before the update`;
const mayBe = (name: string) =>
    `not decided: resourceName may be without the log ${name}: a DiagnosticSetting is not fully known`;
const without = (name: string) => `resourceName is without a DiagnosticSetting for the log ${name}`;
const names = ["kube-audit", "guard", "kube-apiserver"] as const;

test.each<[string, Mapping, readonly string[]]>([
    ["whose setting it is", { resourceUri: unknownText }, [...names.map(mayBe), unknown("resourceUri")]],
    ["what is recorded", { logs: unknownText }, [...names.map(mayBe), unknown("logs")]],
    [
        "whether a log is on",
        { logs: [on("kube-audit"), on("guard", unknownText), on("kube-apiserver")] },
        [mayBe("guard"), unknown("logs[1].enabled")],
    ],
    [
        "which log is on",
        { logs: [on("kube-audit"), on("guard"), on(unknownText)] },
        [mayBe("kube-apiserver"), unknown("logs[2].category")],
    ],
    ["which log it is that is off", { logs: [...all, on(unknownText, false)] }, [unknown("logs[3].category")]],
    [
        "which log it is that is off, beside one that nothing records",
        { logs: [on("kube-audit"), on("guard"), on(unknownText, false)] },
        [without("kube-apiserver"), unknown("logs[2].category")],
    ],
])("AZ-07, while it is unknown %s", (_, inputs, problems) => {
    expect(said(workspace(365), setting(inputs)).sort()).toEqual([...problems].sort());
});

test("AZ-07 reports a setting that records nothing at all", () => {
    expect(said(workspace(365), setting({ logs: undefined })).sort()).toEqual(names.map(without).sort());
});

test("AZ-07 knows the workspace by where its id comes from", () => {
    const made = workspace(30);
    const logs = setting({ workspaceId: unknownText }, { workspaceId: [made.urn] });
    expect(said(made, logs)).toEqual(["retentionInDays is below 365"]);
});

test.each<[string, readonly Resource[], string]>([
    [
        "is another stack's",
        [setting({ workspaceId: `${place}/Microsoft.OperationalInsights/workspaces/other` })],
        "not decided: workspaceId is a workspace of another stack",
    ],
    ["is unknown", [setting({ workspaceId: unknownText })], unknown("workspaceId")],
    ["keeps its logs for an unknown time", [setting({}), workspace(unknownText)], unknown("retentionInDays")],
])("AZ-07 does not decide on a workspace that %s", (_, resources, problem) => {
    expect(said(...resources)).toEqual([problem]);
});
