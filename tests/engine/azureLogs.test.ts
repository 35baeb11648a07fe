import { AzureRun, at, group } from "./azureCloud";
import { makeNetwork } from "./azureGround";

/** Where the simulated Azure sends what it records. */

let azure: AzureRun;
let workspaceId: string;
beforeEach(async () => {
    azure = new AzureRun();
    await makeNetwork(azure);
    const made = await azure.make("operationalinsights:Workspace", "logs", { ...group, workspaceName: "tars-logs" });
    workspaceId = String(made.id);
});
afterEach(() => azure.close());

const type = "monitor:SubscriptionDiagnosticSetting";
const archive =
    "/subscriptions/11111111-1111-1111-1111-111111111111/resourceGroups/audit/providers/Microsoft.Storage/storageAccounts/audit";
const logs = [{ category: "Administrative", enabled: true }];

test("the subscription's activity goes to a workspace and to the archive of another subscription", async () => {
    const made = await azure.make(type, "activity", { name: "a", workspaceId, storageAccountId: archive, logs });
    expect(made.id).toBe(
        "/subscriptions/00000000-0000-0000-0000-000000000000/providers/Microsoft.Insights/diagnosticSettings/a",
    );
    const changed = { name: "a", workspaceId, logs: [...logs, { category: "Policy", enabled: true }] };
    await expect(azure.change(type, "activity", String(made.id), changed)).resolves.toMatchObject({ name: "a" });
});

test.each<[what: string, inputs: () => object, reason: string]>([
    [
        "a category of some resource",
        () => ({ workspaceId, logs: [{ category: "kube-audit", enabled: true }] }),
        "no category",
    ],
    ["no destination", () => ({ logs }), "or another destination is required"],
    [
        "an archive in the subscription that is not there",
        () => ({ storageAccountId: at("Microsoft.Storage/storageAccounts/audit"), logs }),
        "does not exist",
    ],
])("refused: %s", async (_what, inputs, reason) => {
    await expect(azure.make(type, "activity", { name: "a", ...inputs() })).rejects.toThrow(reason);
});

test("a subscription has five such settings at most; those of its resources do not count", async () => {
    for (const name of ["a", "b", "c", "d", "e"]) await azure.make(type, name, { name, workspaceId, logs });
    await expect(azure.make(type, "f", { name: "f", workspaceId, logs })).rejects.toThrow("sixth diagnostic setting");
    const resourceUri = at("Microsoft.Network/virtualNetworks/net");
    const own = { name: "logs", resourceUri, workspaceId, logs: [{ categoryGroup: "allLogs", enabled: true }] };
    await expect(azure.make("monitor:DiagnosticSetting", "net", own)).resolves.toMatchObject({ name: "logs" });
});
