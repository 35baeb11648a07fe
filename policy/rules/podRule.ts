import type { Value } from "../reading/value";
import { absent, undecided } from "../reading/value";
import type { Container, PodTemplate } from "../resources/podTemplates";
import { containersOf, everyPodTemplate, podTemplatesOf } from "../resources/podTemplates";
import type { Subject } from "../resources/subject";
import type { Context, Report, ResourceRule } from "../rule";
import { reportUnlessOfChart } from "./chartPods";

type Given = Omit<ResourceRule, "scope" | "kinds" | "check">;

interface PodRule extends Given {
    /** Look at one pod template; `subject` is the object that holds it. */
    readonly checkPod: (template: PodTemplate, report: Report, context: PodContext) => void;
}

interface ContainerRule extends Given {
    /** Look at one container, init and ephemeral ones included. */
    readonly checkContainer: (container: Container, report: Report, context: ContainerContext) => void;
}

export interface PodContext extends Context {
    readonly subject: Subject;
}

export interface ContainerContext extends PodContext {
    readonly template: PodTemplate;
}

/** A rule about pods, run on every pod template there is. */
export function podRule({ checkPod, ...entry }: PodRule): ResourceRule {
    return {
        ...entry,
        scope: "resource",
        kinds: [everyPodTemplate],
        check: (subject, report, context) => {
            for (const template of podTemplatesOf(subject)) {
                const unlessOfChart = reportUnlessOfChart(entry.id, { template, subject }, report);
                checkPod(template, unlessOfChart, { subject, ...context });
            }
        },
    };
}

/** A rule about containers, run on each container of every pod template there is. */
export function containerRule({ checkContainer, ...entry }: ContainerRule): ResourceRule {
    return podRule({
        ...entry,
        checkPod: (template, report, context) => {
            for (const container of containersOf(template)) {
                checkContainer(container, report, { ...context, template });
            }
        },
    });
}

/** "is not set" or "is true": what a boolean that should be otherwise is, for a message. */
export function stateOf(read: boolean | typeof absent): string {
    return read === absent ? "is not set" : `is ${read}`;
}

/** Report each of `values` that is true. */
export function reportTrue(values: readonly Value[], report: Report): void {
    for (const value of values) if (value.boolean() === true) report({ path: value.path, problem: "is true" });
}

/** Report unless the value is `wanted`; nothing where it is unknown. */
export function reportUnless(wanted: boolean, value: Value, report: Report): void {
    const read = value.boolean();
    if (read !== wanted && read !== undecided) report({ path: value.path, problem: stateOf(read) });
}

/** A value that may be shown because it comes from a fixed vocabulary; anything else could be a secret in the wrong place. */
export function shown(text: string, vocabulary: RegExp): string {
    return vocabulary.test(text) ? text : "another text";
}
