import { controls } from "../../controls";
import type { Report, ResourceRule } from "../../rule";
import { keeperOf, statefulKinds } from "../stateful";
import { failing, passing } from "./deletionProtection.samples";

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
    check: (subject, reportAny, { environment, released }) => {
        if (environment !== "production" || subject.resource.options?.protect === true) return;
        // Its owner says in the stack file that the stack is taken down: then it is shown and does not stop it.
        const report: Report = (observation) => reportAny(released ? { ...observation, advisory: true } : observation);
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
