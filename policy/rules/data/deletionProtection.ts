import { controls } from "../../controls";
import { Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Context, ResourceRule, SettingSchema } from "../../rule";
import { stackOf } from "../../terms/exceptions";
import { keeperOf, statefulKinds } from "../stateful";
import { failing, passing } from "./deletionProtection.samples";

const released: SettingSchema = {
    type: "array",
    description:
        "Stacks whose protection is released to take them down (protection: released in the stack file); without it, none",
    items: {
        type: "object",
        properties: {
            stack: { type: "string", minLength: 1 },
            reason: { type: "string", minLength: 10, description: "Why the stack goes, and where its data is" },
        },
        required: ["stack", "reason"],
    },
};

/** `retainOnDelete` does not count: the engine tells no policy of it. */
export const deletionProtection: ResourceRule = {
    id: "REL-11",
    title: "What holds data in production cannot be deleted by mistake",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: statefulKinds,
    controls: controls({ soc2: ["A1.2"], iso27001: ["8.10", "8.13"] }),
    why: "A renamed resource or a destroy on the wrong stack deletes in seconds what takes days to restore.",
    fix: "set the resource option protect, or the deletion protection or retention of the resource itself",
    link: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
    samples: { passing, failing },
    settings: { released },
    check: (subject, report, context) => {
        if (context.environment !== "production" || isReleased(subject, context)) return;
        if (subject.resource.options?.protect === true) return;
        const keeper = keeperOf(subject);
        if (keeper?.keeps === true) return;
        // Options are the program's: a file can only be asked for what stands in it.
        if (keeper?.value.isSet) {
            if (keeper.keeps === false)
                report({ path: keeper.value.path, problem: "does not keep the data, and protect is not set" });
        } else if (subject.resource.origin !== "manifest") {
            report({ path: "protect", problem: "is not set, and nothing else keeps the data" });
        }
    },
};

function isReleased({ resource }: Subject, { settings }: Context): boolean {
    const stacks = Value.unheard(settings).get("released").items();
    return stacks.some((each) => each.get("stack").text() === stackOf(resource.urn));
}
