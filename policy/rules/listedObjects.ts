import { nameOf, namespaceOf, type Subject } from "../resources/subject";
import type { SettingSchema } from "../rule";
import { entriesOf, listSetting, someText } from "./listSetting";

/** A setting that lists objects by namespace and name, each with a reason. */
export function objectsSetting(words: { readonly description: string; readonly reason: string }): SettingSchema {
    return listSetting({ ...words, entry: { namespace: someText, name: someText } });
}

/** Whether such a setting lists the object; one whose namespace or name is not known is not listed, and nothing is noted. */
export function isListedObject(setting: unknown, subject: Subject): boolean {
    const quiet = { ...subject, object: subject.object.quietly };
    const [namespace, name] = [namespaceOf(quiet), nameOf(quiet)];
    return entriesOf(setting).some(
        (each) => each.get("namespace").text() === namespace && each.get("name").text() === name,
    );
}
