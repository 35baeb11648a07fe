import { controls } from "../../controls";
import { undecided, type Value } from "../../reading/value";
import type { Report, ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { cluster, clusterKinds, component, isComponent, isOfComponent } from "./clusters";
import { each } from "./policyDocument";

const keyArn = "arn:aws:kms:eu-central-1:123456789012:key/sample";

export const secretsEncryption: ResourceRule = {
    id: "AWS-02",
    title: "EKS encrypts Secrets with a key of the account",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [...clusterKinds],
    controls: controls({ soc2: ["CC6.7"], iso27001: ["8.24"], cisEks: ["5.3.1"], nsa: ["C-0066"] }),
    why: "With AWS's own key nobody in the account can see who decrypted what, or take the key away.",
    fix: "give the cluster a key: encryptionConfigKeyArn of the component, encryptionConfig for secrets of the resource",
    link: "https://docs.aws.amazon.com/eks/latest/userguide/enable-kms.html",
    samples: {
        passing: [
            sampleOf(component({ encryptionConfigKeyArn: keyArn })),
            sampleOf(cluster({ encryptionConfig: { provider: { keyArn }, resources: ["secrets"] } })),
        ],
        failing: [
            { sample: sampleOf(component({})), problem: "encryptionConfigKeyArn is not set" },
            { sample: sampleOf(cluster({})), problem: "encryptionConfig.provider.keyArn is not set" },
            {
                sample: sampleOf(cluster({ encryptionConfig: { provider: { keyArn }, resources: [] } })),
                problem: "does not name secrets",
            },
        ],
    },
    check: (subject, report) => {
        if (isComponent(subject)) return reportMissing(subject.object.get("encryptionConfigKeyArn"), report);
        const config = subject.object.get("encryptionConfig");
        // The component makes all of it of the key's ARN, and is judged by that itself.
        if (isOfComponent(subject) && config.quietly.mapping() === undecided) return;
        reportMissing(config.get("provider", "keyArn"), report);
        const resources = config.get("resources");
        const names = each(resources).map((name) => name.text());
        if (config.isSet && names.every((name) => name !== "secrets" && typeof name !== "symbol")) {
            report({ path: resources.path, problem: "does not name secrets" });
        }
    },
};

/** A key that is made in the same update has no ARN yet: that there will be one is enough. */
function reportMissing(key: Value, report: Report): void {
    if (!key.isSet || key.quietly.text() === "") report({ path: key.path, problem: "is not set" });
}
