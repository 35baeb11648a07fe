/** What a name must be like, by whom it is read. */
export interface NameRule {
    readonly longest: number;
    readonly form: RegExp;
    readonly words: string;
    readonly authority: string;
}

const kubernetesNames = "https://kubernetes.io/docs/concepts/overview/working-with-objects/names/";
const kubernetesLabels = "https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/";

export const nameRules = {
    dnsLabel: {
        longest: 63,
        form: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/,
        words: "lower-case letters, digits and hyphens, beginning and ending with a letter or digit",
        authority: `${kubernetesNames}#dns-label-names`,
    },
    dnsSubdomain: {
        longest: 253,
        form: /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
        words: "DNS labels joined by dots, lower case",
        authority: `${kubernetesNames}#dns-subdomain-names`,
    },
    labelValue: {
        longest: 63,
        form: /^[A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?$/,
        words: "letters, digits, hyphens, underscores and dots, beginning and ending with a letter or digit",
        authority: `${kubernetesLabels}#syntax-and-character-set`,
    },
} as const satisfies Record<string, NameRule>;

export type NameRuleName = keyof typeof nameRules;

/** What is wrong with `name` under a rule, or undefined when nothing is. */
export function nameProblem(rule: NameRuleName | NameRule, name: string): string | undefined {
    const { longest, form, words, authority } = typeof rule === "string" ? nameRules[rule] : rule;
    if (name.length <= longest && form.test(name)) return undefined;
    return `must be ${words}, at most ${longest} characters (${authority})`;
}

/** The name itself. @throws RangeError when it breaks the rule: then a name in the program is wrong, not a setting. */
export function checkName(rule: NameRuleName | NameRule, name: string): string {
    const problem = nameProblem(rule, name);
    if (problem !== undefined) throw new RangeError(`name "${name}" ${problem}`);
    return name;
}

/** A rule of a cloud for the names of one kind of its resources. */
export interface PhysicalNameRule extends NameRule {
    /** What joins the parts of a name; empty where the cloud takes letters and digits only. */
    readonly separator: "-" | "_" | "";
}

/**
 * The name of a resource in its cloud: its parts joined as the kind allows.
 *
 * @throws RangeError when the kind does not take such a name: then a name in the program is wrong, not a setting.
 */
export function physicalName(rule: PhysicalNameRule, ...parts: readonly string[]): string {
    const joined = parts.join(rule.separator);
    return checkName(rule, rule.separator === "" ? joined.replaceAll("-", "") : joined);
}
