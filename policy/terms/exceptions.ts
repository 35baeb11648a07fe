import type { Statement } from "../evaluate";
import type { Rule } from "../rule";
import { type Exemption, whyVoid } from "./exemptions";
import type { Terms } from "./terms";
import { isOfChart, type VendorFile } from "./vendor";

/** Why a finding does not stop an update although its rule would. */
export interface Exception {
    readonly kind: "exemption" | "vendor";
    /** Who answers for it and why, in one line. */
    readonly reason: string;
}

/** The exemptions and vendor files of a run, and which of them were needed. */
export class Exceptions {
    private readonly used = new Set<Exemption>();

    constructor(readonly terms: Terms) {}

    /** What excepts a statement of a rule; it counts as used. What is not decided needs no exception. */
    of(rule: Rule, statement: Statement): Exception | undefined {
        if (statement.advisory || statement.resource.origin === "manifest") return undefined;
        return this.exemption(rule, statement) ?? this.vendor(rule, statement);
    }

    /** Whether anything needed this exemption so far. */
    isUsed(exemption: Exemption): boolean {
        return this.used.has(exemption);
    }

    private exemption(rule: Rule, statement: Statement): Exception | undefined {
        const { exemptions, today } = this.terms;
        const found = exemptions.find(
            (exemption) => covers(exemption, rule, statement) && whyVoid(exemption, today) === undefined,
        );
        if (!found) return undefined;
        this.used.add(found);
        const { expires, ticket, owner, reason } = found;
        return { kind: "exemption", reason: `exempt until ${expires} (${ticket}, ${owner}): ${reason}` };
    }

    private vendor(rule: Rule, { resource, object }: Statement): Exception | undefined {
        const covering = (file: VendorFile) =>
            file.exceptions.find(
                (each) => each.rule === rule.id && each.kind === object.kind && each.name === object.name,
            );
        const file = this.terms.vendors.find((each) => isOfChart(resource, each) && covering(each));
        const exception = file && covering(file);
        if (!file || !exception) return undefined;
        return {
            kind: "vendor",
            reason: `excepted for ${file.chart} ${file.version} (${file.file}): ${exception.reason}`,
        };
    }
}

function covers({ rule, stack, resource, path }: Exemption, { id }: Rule, statement: Statement): boolean {
    const { urn } = statement.resource;
    const below = path === undefined || statement.path === path || /^[.[]/.test(statement.path.slice(path.length));
    return (
        rule === id &&
        stackOf(urn) === stack &&
        shortOf(urn) === resource &&
        below &&
        (path === undefined || statement.path.startsWith(path))
    );
}

/** The stack in a URN: `urn:pulumi:<stack>::<project>::<types>::<name>`. */
export function stackOf(urn: string): string {
    return urn.split("::")[0]?.split(":")[2] ?? "";
}

/** `<type>::<name>` of a URN, as Pulumi shows resources to people. */
function shortOf(urn: string): string {
    const [, , types = "", ...name] = urn.split("::");
    return `${types.split("$").at(-1)}::${name.join("::")}`;
}
