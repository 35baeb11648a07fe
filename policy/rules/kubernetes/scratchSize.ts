import { controls } from "../../controls";
import { absent, undecided } from "../../reading/value";
import { podRule } from "../podRule";

export const scratchSize = podRule({
    id: "POD-18",
    title: "Scratch volumes have a limit",
    severity: "medium",
    level: "mandatory",
    controls: controls({ soc2: ["A1.1"], iso27001: ["8.6"] }),
    why: "An emptyDir without a limit takes the disk of its node, or its memory, until the pods beside it are evicted.",
    fix: "set sizeLimit, also where the medium is Memory, which counts against the container's memory limit",
    link: "https://kubernetes.io/docs/concepts/storage/volumes/#emptydir",
    samples: {
        passing: [
            { kind: "pod", set: { volumes: [{ name: "v", emptyDir: { sizeLimit: "1Gi" } }] } },
            { kind: "pod", set: { volumes: [{ name: "v", emptyDir: { medium: "Memory", sizeLimit: "64Mi" } }] } },
            { kind: "pod", set: { volumes: [{ name: "v", configMap: { name: "web" } }] } },
        ],
        failing: [
            {
                sample: { kind: "pod", set: { volumes: [{ name: "v", emptyDir: {} }] } },
                problem: "emptyDir.sizeLimit is not set",
            },
            {
                sample: { kind: "pod", set: { volumes: [{ name: "v", emptyDir: { medium: "Memory" } }] } },
                problem: "emptyDir.sizeLimit is not set",
            },
            {
                sample: { kind: "pod", set: { volumes: [{ name: "v", emptyDir: { sizeLimit: "0" } }] } },
                problem: "emptyDir.sizeLimit is no limit",
            },
        ],
    },
    checkPod: ({ spec }, report) => {
        for (const volume of spec.get("volumes").items()) {
            const scratch = volume.get("emptyDir");
            if (scratch.mapping() !== true) continue;
            const limit = scratch.get("sizeLimit");
            const size = limit.quantity();
            if (size === absent) report({ path: limit.path, problem: "is not set" });
            else if (size !== undecided && !(Number.parseFloat(size) > 0))
                report({ path: limit.path, problem: "is no limit" });
        }
    },
});
