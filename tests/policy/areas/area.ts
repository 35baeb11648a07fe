import type { Registration } from "../../../cli/src/registrations";

/** A property that a rule about other things than pods decides by: what happens when it is taken away, unknown or of a wrong type. */
export interface Property {
    /** Which resource of the passing sample holds it. @default 0 */
    readonly resource?: number;
    readonly path: readonly (string | number)[];
    /** A value of a type that does not belong there; undefined where every type is as good as none. */
    readonly wrong: unknown;
    /** What the rule says of the passing sample without it. */
    readonly absent: "passes" | "fails";
    /** What it says while the property is not known, and if not that it is undecided, why. @default "undecided" */
    readonly unknown?: `passes: ${string}`;
    /** What it says of the wrong value, where that is not a finding of its own, and why. @default a finding of wrong type */
    readonly wrongType?: `fails otherwise: ${string}` | `passes: ${string}`;
}

export interface RuleCase {
    /** Which passing sample the properties are changed in. @default 0 */
    readonly base?: number;
    readonly properties: readonly Property[];
    /** Whether the rule also holds for the Patch twins of the kinds it looks at, and if not, why. @default "judged" */
    readonly patch?: `exempt: ${string}`;
}

/** A change of one property, or one resource, of a stack's real graph that breaks one rule and no other. */
export interface Break {
    /** One of those that rules are judged over (tests/policy/graphs.ts). */
    readonly stack: "dev" | "staging" | "prod-aws" | "prod-azure" | "prod-azure behind its firewall";
    /** Type token and name of the resource that is changed. */
    readonly type: string;
    readonly name: string;
    readonly change:
        | { readonly kind: "set"; readonly path: readonly (string | number)[]; readonly value: unknown }
        | { readonly kind: "unset"; readonly path: readonly (string | number)[] }
        | { readonly kind: "remove" }
        | { readonly kind: "option"; readonly options: Registration["options"] }
        /** Beside the named resource, another of its type with these inputs. */
        | { readonly kind: "add"; readonly inputs: Readonly<Record<string, unknown>> };
    /** Other rules that the same change rightly breaks, each with the reason. */
    readonly also?: Readonly<Record<string, string>>;
}

export interface Area {
    /** Every rule of the area that is not about pods, by number. */
    readonly cases: Readonly<Record<string, RuleCase>>;
    /** Every rule of the area that a stack has resources for, by number. */
    readonly breaks: Readonly<Record<string, Break>>;
}
