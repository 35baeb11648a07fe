import { undecided, type Value } from "../reading/value";
import { namespaceOf, type Subject } from "../resources/subject";
import type { SettingSchema } from "../rule";
import { entriesOf, listSetting, someText } from "./listSetting";

/** A service account whose pods may do what a rule forbids everybody else. */
export interface ListedAccount {
    readonly namespace: unknown;
    readonly serviceAccount: unknown;
}

const account = { namespace: someText, serviceAccount: someText };

interface AccountList {
    readonly description: string;
    /** What the reason has to say. */
    readonly reason: string;
    /** What each entry has beside the account and the reason. @default nothing */
    readonly also?: Readonly<Record<string, SettingSchema>>;
}

/** A setting that lists service accounts, each with a reason. */
export function accountsSetting({ also, ...words }: AccountList): SettingSchema {
    return listSetting({ ...words, entry: { ...account, ...also } });
}

/** The accounts that such a setting lists. */
export function accountsIn(setting: unknown): readonly ListedAccount[] {
    return entriesOf(setting).map(accountOf);
}

export function accountOf(entry: Value): ListedAccount {
    return { namespace: entry.get("namespace").text(), serviceAccount: entry.get("serviceAccount").text() };
}

/**
 * Whether the service account of a pod is among the listed ones. A part that is not known before the update is asked for, and so noted, only while
 * the known part leaves one of them possible.
 */
export function isListed(accounts: readonly ListedAccount[], spec: Value, subject: Subject): boolean {
    if (accounts.length === 0) return false;
    const account = spec.get("serviceAccountName").text();
    const possible = accounts.filter(({ serviceAccount }) => account === undecided || serviceAccount === account);
    if (possible.length === 0) return false;
    const place = namespaceOf(subject);
    return account === undecided || place === undecided || possible.some(({ namespace }) => namespace === place);
}
