import { controls } from "../../controls";
import { undecided } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { Report, StackReport, StackRule } from "../../rule";
import { reportUnless } from "../podRule";
import { isOneOf, reportUnlessOneOf } from "./readings";
import { companionsOf, type Reference, references } from "./references";
import { storageSamples } from "./storageAccess.samples";

const accountKind = "azure-native:storage/StorageAccount";
const serviceKind = "azure-native:storage/BlobServiceProperties";
const containerKind = "azure-native:storage/BlobContainer";
const immutabilityKind = "azure-native:storage/BlobContainerImmutabilityPolicy";
const flowLogKind = "azure-native:network/FlowLog";
const settingKind = "azure-native:monitor/DiagnosticSetting";

export const storageAccess: StackRule = {
    id: "AZ-13",
    title: "Storage accounts are closed, keyless and encrypted with their owner's key, and keep what is deleted",
    severity: "critical",
    level: "mandatory",
    scope: "stack",
    kinds: [accountKind, serviceKind, containerKind, immutabilityKind, flowLogKind, settingKind],
    controls: controls({ soc2: ["CC6.7", "C1.1"], iso27001: ["8.24", "8.12"] }),
    why: "An account key opens everything in the account for ever, and logs that can be changed prove nothing.",
    fix: "set minimumTlsVersion TLS1_2, allowSharedKeyAccess and allowBlobPublicAccess false, networkRuleSet.defaultAction Deny and a key of your own; keep deleted blobs, and make those of logs immutable",
    link: "https://learn.microsoft.com/azure/storage/blobs/security-recommendations",
    samples: storageSamples,
    check: (stack, report) => {
        const logged = logReferences(stack);
        for (const account of stack.of(accountKind)) {
            checkAccount(account, (observation) => report(account, observation));
            checkSoftDelete(stack, account, report);
            checkImmutability(stack, account, { logged, report });
        }
        for (const container of stack.of(containerKind)) checkContainer(container, report);
    },
};

function checkAccount({ object }: Subject, report: Report): void {
    reportUnlessOneOf(["TLS1_2", "TLS1_3"], object.get("minimumTlsVersion"), report);
    reportUnless(false, object.get("allowSharedKeyAccess"), report);
    reportUnlessOneOf(["Deny"], object.get("networkRuleSet", "defaultAction"), report);
    reportUnlessOneOf(["Microsoft.Keyvault"], object.get("encryption", "keySource"), report);
    // Without them Azure takes HTTPS only and has no public blobs.
    const [https, open] = [object.get("enableHttpsTrafficOnly"), object.get("allowBlobPublicAccess")];
    if (https.isSet) reportUnless(true, https, report);
    if (open.isSet) reportUnless(false, open, report);
}

function checkContainer(container: Subject, report: StackReport): void {
    const access = container.object.get("publicAccess");
    if (access.isSet) reportUnlessOneOf(["None"], access, (observation) => report(container, observation));
}

/** Blobs and their containers; an account for files alone has none. */
function checkSoftDelete(stack: Stack, account: Subject, report: StackReport): void {
    if (isOneOf(["FileStorage"], account.object.quietly.get("kind").text())) return;
    const { found, unsure } = companionsOf(stack, account, references(stack, serviceKind, "accountName"));
    for (const service of found) {
        for (const policy of ["deleteRetentionPolicy", "containerDeleteRetentionPolicy"]) {
            reportUnless(true, service.object.get(policy, "enabled"), (observation) => report(service, observation));
        }
    }
    if (found.length > 0) return;
    const problem = unsure
        ? "may have no BlobServiceProperties: an account name is not known before the update"
        : "has no BlobServiceProperties that keep deleted blobs";
    report(account, { path: "accountName", problem, undecided: unsure });
}

interface Logs {
    readonly logged: readonly Reference[];
    readonly report: StackReport;
}

/** What sends logs to storage accounts. */
function logReferences(stack: Stack): readonly Reference[] {
    const settings = references(stack, settingKind, "storageAccountId");
    return [...references(stack, flowLogKind, "storageId"), ...settings.filter(({ at }) => at.isSet)];
}

/** By a policy of one of its containers, or of the account itself. */
function checkImmutability(stack: Stack, account: Subject, { logged, report }: Logs): void {
    const writers = companionsOf(stack, account, logged);
    if (writers.found.length === 0 && !writers.unsure) return;
    const own = account.object.get("immutableStorageWithVersioning", "enabled").boolean();
    if (own === true || own === undecided) return;
    const policies = companionsOf(stack, account, references(stack, immutabilityKind, "accountName"));
    if (policies.found.length > 0) return;
    const unsure = policies.unsure || writers.found.length === 0;
    const problem = unsure
        ? "may receive logs that can be changed: a reference is not known before the update"
        : "receives logs, and no immutability policy keeps them";
    report(account, { path: "immutableStorageWithVersioning", problem, undecided: unsure });
}
