import { controls } from "../../controls";
import type { Value } from "../../reading/value";
import { absent, undecided } from "../../reading/value";
import type { Report, ResourceRule } from "../../rule";
import { cloudResource, sampleOf } from "../../samples";
import { cluster, clusterKinds, component } from "./clusters";

/** @see https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html */
const types = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;

const leastDays = 365;

const group = (inputs: Readonly<Record<string, unknown>>) =>
    cloudResource("aws:cloudwatch/logGroup:LogGroup", {
        retentionInDays: leastDays,
        kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/sample",
        ...inputs,
    });

export const logs: ResourceRule = {
    id: "AWS-03",
    title: "All logs of the control plane are written, and log groups keep them encrypted for a year",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [...clusterKinds, "aws:cloudwatch/LogGroup"],
    controls: controls({ soc2: ["CC7.2"], iso27001: ["8.15"], cisEks: ["2.1.1"], nsa: ["C-0067"] }),
    why: "An intrusion is often found months later; without the audit log nobody can say what was touched.",
    fix: "set enabledClusterLogTypes to all five, retentionInDays to 365 or more, and kmsKeyId to a key of the account",
    link: "https://docs.aws.amazon.com/eks/latest/userguide/control-plane-logs.html",
    samples: {
        passing: [
            sampleOf(component({ enabledClusterLogTypes: [...types] }), group({})),
            sampleOf(cluster({ enabledClusterLogTypes: [...types] })),
            sampleOf(group({ retentionInDays: 0 })),
        ],
        failing: [
            {
                sample: sampleOf(component({})),
                problem: "lacks api, audit, authenticator, controllerManager, scheduler",
            },
            {
                sample: sampleOf(cluster({ enabledClusterLogTypes: types.filter((type) => type !== "scheduler") })),
                problem: "lacks scheduler",
            },
            { sample: sampleOf(group({ retentionInDays: 90 })), problem: "is 90 days" },
            { sample: sampleOf(group({ kmsKeyId: undefined })), problem: "kmsKeyId is not set" },
        ],
    },
    check: ({ kind, object }, report) => {
        if (kind.kind === "LogGroup") checkGroup(object, report);
        else checkTypes(object.get("enabledClusterLogTypes"), report);
    },
};

function checkTypes(enabled: Value, report: Report): void {
    const read = enabled.items().map((type) => type.text());
    if ((enabled.isSet && !enabled.isList) || read.includes(undecided)) return;
    const missing = types.filter((type) => !read.includes(type));
    if (missing.length > 0) report({ path: enabled.path, problem: `lacks ${missing.join(", ")}` });
}

/** CloudWatch keeps everything for ever where no period, or 0, is given. */
function checkGroup(object: Value, report: Report): void {
    const retention = object.get("retentionInDays");
    const days = retention.number();
    const isKept = days === absent || days === undecided || days === 0 || days >= leastDays;
    if (!isKept) report({ path: retention.path, problem: `is ${days} days` });
    const key = object.get("kmsKeyId");
    if (!key.isSet) report({ path: key.path, problem: "is not set" });
}
