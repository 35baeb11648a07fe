import type { Change, CloudKind, CloudMade, Subject } from "../cloud/kind";
import { mapAt, textAt } from "../cloud/values";
import { hasUnknown, isEqual, type Properties, unknownValue } from "../properties";
import type { InputIssue } from "../protocol";
import { isRegion, regionOf } from "./account";
import { changeRule } from "./changes";
import { judge } from "./schemas/judge";
import { mappedTypes } from "./schemas/names";

/** What is particular to one AWS type; `awsKind` adds what all have. */
export interface AwsKind extends Omit<CloudKind, "changes" | "computed" | "create" | "update"> {
    /** What changes do where CloudFormation's schema does not say it, or Pulumi's provider does otherwise; see `changeRule`. */
    readonly changes?: Readonly<Record<string, Change>>;
    /** Outputs besides `arn` and `tagsAll`. */
    readonly computed?: readonly string[];
    /** @default false */
    readonly tagged?: boolean;
    readonly id: (subject: Subject) => string;
    readonly arn?: (subject: Subject, id: string) => string;
    readonly outputs?: (subject: Subject, id: string) => Properties;
    /** Those outputs that an update makes anew, given all of before. */
    readonly again?: (subject: Subject, before: Properties) => Properties;
}

/** A type of the simulated account: every one is judged by CloudFormation's schema where it has one, and tagged where it has tags. */
export function awsKind(type: string, own: AwsKind): Readonly<Record<string, CloudKind>> {
    const { id, arn, outputs, again, tagged = false, ...rest } = own;
    const computed = [...(arn ? ["arn"] : []), ...(tagged ? ["tagsAll"] : []), ...(own.computed ?? [])];
    const made = (subject: Subject): CloudMade => {
        const name = id(subject);
        const ownOutputs = { ...(arn && { arn: arn(subject, name) }), ...outputs?.(subject, name) };
        return { id: name, outputs: { ...common(subject, tagged), ...ownOutputs } };
    };
    const kind: CloudKind = {
        ...rest,
        changes: changeRule(type, own.changes),
        computed,
        recomputed: [...(tagged ? ["tagsAll"] : []), ...(own.recomputed ?? [])],
        check: (inputs, config) => [
            ...checkRegion(inputs),
            ...checkSchema(type, inputs, own.defaults),
            ...(own.check?.(inputs, config) ?? []),
        ],
        create: made,
        update: (subject, before) => {
            const kept = Object.entries(before).filter(([name]) => computed.includes(name));
            return { ...Object.fromEntries(kept), ...common(subject, tagged), ...again?.(subject, before) };
        },
    };
    return { [type]: kind };
}

/** Every resource says which region it is in; the tags of all resources say that they are simulated. */
function common({ inputs, config }: Subject, tagged: boolean): Properties {
    const tags = { ...mapAt(config, "defaultTags.tags"), ...mapAt(inputs, "tags"), simulated: "true" };
    return { region: regionOf(inputs, config), ...(tagged && { tagsAll: tags }) };
}

/** @see https://registry.terraform.io/providers/hashicorp/aws/latest/docs/guides/enhanced-region-support#how-region-works */
function checkRegion(inputs: Properties): readonly InputIssue[] {
    const own = textAt(inputs, "region");
    return own === undefined || isRegion(own) ? [] : [{ property: "region", reason: `"${own}" is no region` }];
}

/** Defaults are the provider's, which may stand for something that AWS is not told at all, such as zero days for ever. */
function checkSchema(type: string, inputs: Properties, defaults: Properties = {}): readonly InputIssue[] {
    if (!mappedTypes.includes(type)) return [];
    const said = Object.entries(inputs).filter(([name, value]) => !isEqual(value, defaults[name]));
    return judge(type, Object.fromEntries(said), { isUnknown: (value) => value === unknownValue }).broken.map(
        (sentence) => {
            const [, property = "", rest = sentence] = /^(\S+) = (.*)$/s.exec(sentence) ?? [];
            return { property, reason: `breaks AWS's schema: ${rest}` };
        },
    );
}

/** A document such as a policy, when it is JSON that is known. */
export function documentOf(text: string | undefined): Properties | undefined {
    if (text === undefined || hasUnknown(text)) return undefined;
    try {
        const document: Properties = JSON.parse(text);
        return document;
    } catch {
        return undefined;
    }
}
