import type { Issues } from "../../foundation/issues";
import { checkTeams, membersOf, teamsOf } from "../common/teams";
import type { Teams } from "../contract";
import type { AzureSettings } from "./settings";

/** Tokens of Entra name groups by their object ids. */
export function teams({ access }: AzureSettings): Teams | undefined {
    return teamsOf({
        breakGlass: [],
        developers: membersOf(access, "developers"),
        viewers: membersOf(access, "viewers"),
    });
}

/** Azure makes no difference between letters and capitals of an id. */
export function checkGroups({ adminGroups, access }: AzureSettings, issues: Issues): void {
    const administrators = adminGroups.map((group, index) => ({ key: `azure.adminGroups.${index}`, group }));
    const identityOf = (group: string) => group.toLowerCase();
    checkTeams({ section: "azure", access, administrators, identityOf }, issues);
}
