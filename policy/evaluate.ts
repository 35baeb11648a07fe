import type { Notes } from "./reading/value";
import { identityOf, kindOf, type Subject, subjectsOf } from "./resources/subject";
import type { Observation, Resource, ResourceRule, Rule, Settings, StackRule } from "./rule";

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
export function evaluateResource(rule: ResourceRule, resource: Resource, settings: Settings): readonly Statement[] {
    if (!rule.appliesTo(kindOf(resource))) return [];
    const statements = new Statements(rule);
    for (const subject of statements.subjectsOf(resource)) {
        if (rule.appliesTo(subject.kind)) {
            rule.check(subject, (observation) => statements.add(subject, observation), settings);
        }
    }
    return statements.all;
}

/** What a rule about a whole stack says of it. Never throws for any input. */
export function evaluateStack(
    rule: StackRule,
    resources: readonly Resource[],
    settings: Settings,
): readonly Statement[] {
    const statements = new Statements(rule);
    const subjects = resources.flatMap((resource) => statements.subjectsOf(resource));
    rule.check(subjects, (subject, observation) => statements.add(subject, observation), settings);
    return statements.all;
}

/** Let a rule repair a resource in place where that is safe; says whether it changed anything. */
export function remediate(rule: ResourceRule, resource: Resource): boolean {
    if (!rule.remediate || !rule.appliesTo(kindOf(resource))) return false;
    const repair = rule.remediate;
    const unheard = { unknown: () => undefined, wrongType: () => undefined };
    return subjectsOf(resource, unheard)
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

    private record(resource: Resource, object: Statement["object"], observation: Observation): void {
        const { path, problem, fix = this.rule.fix, undecided = false, advisory = false } = observation;
        const message = undecided ? `not decided: ${path} ${problem}` : `${path} ${problem}; ${fix}`;
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
