import type { Context, SettingSchema } from "../rule";
import { accountsIn, accountsSetting } from "./listedAccounts";

/** Whom the platform trusts although they are in none of its layers yet, or are in another stack. */
const own = [
    { namespace: "backup", serviceAccount: "velero", reason: "backups come with part 5, their identity stands before" },
    { namespace: "team-app", serviceAccount: "api-watcher", reason: "the example team has a stack of its own" },
] as const;

/** The setting `expectedAccounts` of a rule about identities that trust service accounts. */
export const expectedAccountsSetting: Readonly<Record<"expectedAccounts", SettingSchema>> = {
    expectedAccounts: accountsSetting({
        description: "Service accounts that are trusted without being in the stack; without it, those of the platform",
        reason: "Who brings it",
    }),
};

/** Whether a service account is listed as one that another stack, or a later layer, brings. */
export function isExpectedAccount(
    { namespace, name }: { readonly namespace: string; readonly name: string },
    { settings }: Pick<Context, "settings">,
): boolean {
    return accountsIn(settings.expectedAccounts ?? own).some(
        (account) => account.namespace === namespace && account.serviceAccount === name,
    );
}
