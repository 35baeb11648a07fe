import type { CloudKind, CloudMade, CloudRecord, CloudView, Effects, Reference, Rule, Subject } from "../cloud/kind";
import { valuesAt } from "../cloud/values";
import { isEqual, type Properties } from "../properties";
import type { InputIssue } from "../protocol";
import { type ChangeRow, tableOf } from "./changes";
import { idAt, parametersOf, typeAt } from "./ids";
import { checkPlace, reasonToStay } from "./place";
import { regionIssues } from "./regions";

/** One resource type of Azure Resource Manager, as its table says it. */
export interface ArmKind {
    /** Path of its ids, such as `/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}`. */
    readonly path: string;
    /** The version of the API that the plugin uses by default. */
    readonly apiVersion: string;
    /** What its own name must be. */
    readonly name?: Rule;
    /** Beside what the path asks for. */
    readonly required?: readonly string[];
    readonly defaults?: Properties;
    /** Forms of further strings by path. */
    readonly rules?: Readonly<Record<string, Rule>>;
    readonly references?: readonly Reference[];
    readonly changes: readonly ChangeRow[];
    /** Outputs that are not known before it is made, beside `name`, `type` and `azureApiVersion`. */
    readonly computed?: readonly string[];
    /** Those outputs; `before` is empty when the resource is new. */
    readonly outputs?: (subject: Subject, before: Properties) => Properties;
    readonly check?: (inputs: Properties) => readonly InputIssue[];
    readonly judge?: (subject: Subject) => readonly InputIssue[];
    readonly keep?: (record: CloudRecord, cloud: CloudView) => string | undefined;
    readonly leaves?: (record: CloudRecord) => CloudRecord;
    readonly effects?: Effects;
    /**
     * `made` where what it is a part of was made by Azure itself, `service` where it is deleted through the service itself, which no
     * lock hinders, `untyped` where the SDK shows no type of it.
     */
    readonly special?: "made" | "service" | "untyped";
}

export function armKind(arm: ArmKind): CloudKind {
    const parameters = parametersOf(arm.path);
    const own = parameters.at(-1) ?? "";
    const { defaults = {}, rules = {}, references = [], check, leaves, effects } = arm;
    const given = own in defaults;
    return {
        required: [...parameters.slice(0, -1), ...(arm.required ?? [])],
        defaults,
        rules: arm.name === undefined ? rules : { [own]: arm.name, ...rules },
        references,
        ...(given ? {} : { autoName: { property: own, digits: 8 } }),
        changes: tableOf(arm.changes, parameters),
        computed: ["name", "azureApiVersion", ...(arm.special === "untyped" ? [] : ["type"]), ...(arm.computed ?? [])],
        check: (inputs) => [...regionIssues(inputs.location), ...(check?.(inputs) ?? [])],
        judge: (subject) => [...checkPlace(arm, subject), ...(arm.judge?.(subject) ?? [])],
        create: (subject) => make(arm, subject),
        update: (subject, before) => change(arm, subject, before),
        keep: (record, cloud) => reasonToStay(record, cloud, arm.special === "service") ?? arm.keep?.(record, cloud),
        ...(leaves === undefined ? {} : { leaves }),
        ...(effects === undefined ? {} : { effects }),
    };
}

function make(arm: ArmKind, subject: Subject): CloudMade {
    return { id: idAt(arm.path, subject.inputs), outputs: outputsOf(arm, subject, {}) };
}

function change(arm: ArmKind, subject: Subject, before: Properties): Properties {
    for (const { change, paths, source } of arm.changes) {
        if (change !== "refuse") continue;
        const changed = paths.filter((path) => !isEqual(valuesAt(before, path), valuesAt(subject.inputs, path)));
        if (changed.length > 0) throw new Error(`Azure does not let ${changed.join(", ")} change: ${source}`);
    }
    return outputsOf(arm, subject, before);
}

function outputsOf(arm: ArmKind, subject: Subject, before: Properties): Properties {
    const id = idAt(arm.path, subject.inputs);
    return {
        name: id.split("/").at(-1) ?? "",
        ...(arm.special === "untyped" ? {} : { type: typeAt(arm.path) }),
        azureApiVersion: arm.apiVersion,
        ...arm.outputs?.(subject, before),
    };
}
