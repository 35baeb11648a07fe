import type { Settings } from "../../settings/schema";
import { commonExamples, type Example, exampleZones } from "../common/examples";
import { namedIn } from "../common/teams";
import type { AzureSettings } from "./settings";

/** The subscription of the archive in the stack file that the project comes with. */
const exampleArchive = "11111111-1111-1111-1111-111111111111";

/** Ids of one digit, as Microsoft's documentation has them in the place of those that only an owner knows. */
const exampleId = /^(\d)\1{7}(-\1{4}){3}-\1{12}$/;

/** Values that only the owner of a stack knows, where the stack file has those of the documentation. */
export function examplesOf(
    { adminGroups, access, auditArchive, dnsZone }: AzureSettings,
    settings: Settings,
): readonly Example[] {
    const administrators = adminGroups.map((value) => ({
        key: "azure.adminGroups",
        value,
        fix: "name a group that whoever deploys is in",
    }));
    const teams = namedIn("azure", access).map(({ key, group: value }) => ({
        key,
        value,
        fix: "name a group of your tenant",
    }));
    return [
        ...[...administrators, ...teams].filter(({ value }) => exampleId.test(value)),
        ...(auditArchive?.includes(`/${exampleArchive}/`)
            ? [{ key: "azure.auditArchive", value: auditArchive, fix: "name a storage account of your archive" }]
            : []),
        ...exampleZones("azure", dnsZone),
        ...commonExamples(settings),
    ];
}
