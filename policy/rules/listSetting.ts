import { Value } from "../reading/value";
import type { SettingSchema } from "../rule";

type Properties = Readonly<Record<string, SettingSchema>>;

interface ListSetting {
    readonly description: string;
    /** What every entry has beside its reason. */
    readonly entry: Properties;
    /** What the reason has to say. */
    readonly reason: string;
    /** What an entry may have. @default nothing */
    readonly optional?: Properties;
}

/** A setting that lists what a rule lets pass, each entry with a reason. */
export function listSetting({ description, entry, reason, optional = {} }: ListSetting): SettingSchema {
    return {
        type: "array",
        description,
        items: {
            type: "object",
            properties: { ...entry, reason: { type: "string", minLength: 10, description: reason }, ...optional },
            required: [...Object.keys(entry), "reason"],
        },
    };
}

export const someText: SettingSchema = { type: "string", minLength: 1 };

/** The entries of such a setting, as they stand. */
export function entriesOf(setting: unknown): readonly Value[] {
    return Value.unheard({ setting }).get("setting").items();
}
