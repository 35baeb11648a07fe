import { type Notes, unheard } from "./reading/value";
import { looksAt } from "./resources/dispatch";
import { kindOfToken } from "./resources/kind";
import { Stack, StackIndex } from "./resources/stack";
import { identityOf, kindOf, type Subject, subjectsOf } from "./resources/subject";
import type {
    AcrossReport,
    Context,
    NamedStack,
    Observation,
    Resource,
    ResourceRule,
    Rule,
    StackRule,
    StackToCompare,
} from "./rule";

/** One thing that a rule says about one resource. */
export interface Statement {
    readonly resource: Resource;
    /** The object as people know it; a list resource holds several. */
    readonly object: { readonly kind: string; readonly name: string; readonly namespace: string };
    readonly path: string;
    /** Path, kind of value and fix; never a value that could be a secret. */
    readonly message: string;
    readonly fix: string;
    /** False where the rule could not tell, because a value is not known yet. */
    readonly decided: boolean;
    /** True where it cannot stop an update, whatever the rule's level: advice, and what is not decided. */
    readonly advisory: boolean;
}

/** What a rule about single resources says of one resource; nothing where it does not apply. Never throws for any input. */
export function evaluateResource(rule: ResourceRule, resource: Resource, context: Context): readonly Statement[] {
    if (!looksAt(rule, kindOf(resource))) return [];
    const statements = new Statements(rule);
    for (const subject of statements.subjectsOf(resource)) {
        if (!looksAt(rule, subject.kind)) continue;
        statements.guard(resource, () =>
            rule.check(subject, (observation) => statements.add(subject, observation), context),
        );
    }
    return statements.all;
}

/** What a rule about a whole stack says of it. Never throws for any input. */
export function evaluateStack(rule: StackRule, index: StackIndex, context: Context): readonly Statement[] {
    const [first] = index.resources;
    if (!first) return [];
    const statements = new Statements(rule);
    const stack = new Stack(index, (resource) => statements.subjectsOf(resource));
    statements.guard(first, () =>
        rule.check(stack, (subject, observation) => statements.add(subject, observation), context),
    );
    return statements.all;
}

/** What a rule says of several stacks beside each other; nothing of a rule that looks at one only. Never throws for any input. */
export function evaluateAcross(
    rule: Rule,
    stacks: readonly StackToCompare[],
    context: Pick<Context, "settings">,
): readonly Statement[] {
    const check = rule.scope === "resource" ? undefined : rule.checkAcross;
    const [first] = stacks;
    if (!check || !first) return [];
    const statements = new Statements(rule);
    const named = stacks.map(({ resources, ...stack }): NamedStack => {
        const index = new StackIndex(resources);
        return { ...stack, stack: new Stack(index, (resource) => statements.subjectsOf(resource)) };
    });
    const report: AcrossReport = (about, observation) => {
        if ("resource" in about) statements.add(about, observation);
        else statements.addWhole(wholeStack(about.name), observation);
    };
    statements.guard(wholeStack(first.name), () => check(named, report, context));
    return statements.all;
}

/** A finding that is about no resource is about the stack itself. */
function wholeStack(name: string): Resource {
    return { urn: `urn:pulumi:${name}`, type: "pulumi:pulumi:Stack", name, inputs: {} };
}

/** Let a rule repair a resource in place where that is safe; says whether it changed anything. */
export function remediate(rule: ResourceRule, resource: Resource): boolean {
    if (!rule.remediate || !looksAt(rule, kindOf(resource))) return false;
    const repair = rule.remediate;
    return subjectsOf(resource, unheard)
        .filter(({ kind }) => looksAt(rule, kind))
        .map((subject) => repair(subject))
        .includes(true);
}

/** Collects what one rule says and what it could not read, each place once. */
class Statements {
    private readonly byPlace = new Map<string, Statement>();

    constructor(private readonly rule: Rule) {}

    get all(): readonly Statement[] {
        return [...this.byPlace.values()];
    }

    subjectsOf(resource: Resource): readonly Subject[] {
        const whole = { kind: kindOf(resource).kind, name: resource.name, namespace: "" };
        let subjects: readonly Subject[] = [];
        const add = (path: string, observation: Omit<Observation, "path">) => {
            const subject = subjects.find(({ object }) => path.startsWith(object.path));
            this.record(resource, subject ? identityOf(subject) : whole, { path, ...observation });
        };
        const notes: Notes = {
            unknown: (path) => add(path, { problem: "is not known before the update", undecided: true }),
            wrongType: (path, expected, found) => add(path, { problem: `is a ${found} where a ${expected} belongs` }),
        };
        subjects = subjectsOf(resource, notes);
        return subjects;
    }

    add(subject: Subject, observation: Observation): void {
        this.record(subject.resource, identityOf(subject), observation);
    }

    addWhole(resource: Resource, observation: Observation): void {
        const { kind } = kindOfToken(resource.type);
        this.record(resource, { kind, name: resource.name, namespace: "" }, observation);
    }

    /**
     * A fault in a rule must neither end the run nor hide what other rules find: it is a finding of that rule. The error's text is left
     * out, because it may hold a value.
     */
    guard(resource: Resource, check: () => void): void {
        try {
            check();
        } catch (error) {
            const kind = error instanceof Error ? error.name : typeof error;
            this.addWhole(resource, {
                path: "",
                problem: `was not judged: ${faultInRule} (${kind})`,
                fix: "report it",
            });
        }
    }

    private record(resource: Resource, object: Statement["object"], observation: Observation): void {
        const { path, problem, fix = this.rule.fix, undecided = false, advisory = false } = observation;
        const message = undecided ? `not decided: ${path} ${problem}` : `${path} ${problem}; ${fix}`.trimStart();
        this.byPlace.set(`${resource.urn} ${message}`, {
            resource,
            object,
            path,
            message,
            fix,
            decided: !undecided,
            advisory: advisory || undecided,
        });
    }
}

/** What a finding says when the rule itself failed; tests look for it. */
export const faultInRule = "the rule itself failed";
