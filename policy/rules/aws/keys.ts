import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule } from "../../rule";
import { cloudResource, sampleOf } from "../../samples";
import { allowing, asked, documentOf, named, principalsOf } from "./policyDocument";
import { inStaging } from "./samples";

const key = (inputs: object) => cloudResource("aws:kms/key:Key", { enableKeyRotation: true, ...inputs });
const policyFor = (principal: unknown, conditions?: object) =>
    documentOf({ Effect: "Allow", Principal: principal, Action: "kms:Decrypt", Resource: "*", Condition: conditions });
const ofAccount = { StringEquals: { "kms:CallerAccount": "123456789012" } };
const root = { AWS: "arn:aws:iam::123456789012:root" };

export const keys: ResourceRule = {
    id: "AWS-09",
    title: "Keys change every year, can be brought back for a month, and are used by nobody outside the account",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: ["aws:kms/Key", "aws:kms/ReplicaKey", "aws:kms/KeyPolicy"],
    controls: controls({ soc2: ["CC6.1"], iso27001: ["8.24"], cisEks: ["5.3.1"] }),
    why: "Whoever may use the key reads everything that it encrypts, and what it encrypts is lost with it.",
    fix: "set enableKeyRotation, leave deletionWindowInDays at 30, and name the principals or the account in the policy",
    link: "https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html",
    samples: {
        passing: [
            sampleOf(key({ deletionWindowInDays: 30, policy: policyFor(root) })),
            sampleOf(key({ policy: policyFor({ AWS: "*" }, ofAccount) })),
            inStaging(key({ deletionWindowInDays: 7 })),
            // AWS rotates neither asymmetric keys nor those of message codes.
            sampleOf(
                key({ enableKeyRotation: false, keyUsage: "SIGN_VERIFY", customerMasterKeySpec: "ECC_NIST_P256" }),
            ),
        ],
        failing: [
            { sample: sampleOf(key({ enableKeyRotation: undefined })), problem: "enableKeyRotation is not true" },
            { sample: sampleOf(key({ deletionWindowInDays: 7 })), problem: "is 7 days" },
            { sample: sampleOf(key({ policy: policyFor("*") })), problem: "lets everybody use the key" },
            {
                sample: sampleOf(
                    key({ policy: policyFor({ AWS: ["*"] }, { StringEqualsIfExists: ofAccount.StringEquals }) }),
                ),
                problem: "lets everybody use the key",
            },
            {
                sample: sampleOf(cloudResource("aws:kms/keyPolicy:KeyPolicy", { policy: policyFor("*") })),
                problem: "lets everybody use the key",
            },
        ],
    },
    check: (subject, report, { environment }) => {
        const { kind, object } = subject;
        if (kind.kind === "Key") checkRotation(subject, report);
        const window = object.get("deletionWindowInDays");
        const days = window.number();
        // Without a number AWS waits for 30 days, the longest there is.
        if (environment === "production" && typeof days === "number" && days < 30) {
            report({ path: window.path, problem: `is ${days} days` });
        }
        for (const statement of allowing(object.get("policy"))) checkPrincipals(statement, report);
    },
};

/** @see https://docs.aws.amazon.com/kms/latest/developerguide/rotate-keys.html (only symmetric keys that encrypt, with material of AWS) */
function checkRotation({ object }: Subject, report: Report): void {
    const [usage, spec] = [object.get("keyUsage").text(), object.get("customerMasterKeySpec").text()];
    const isSymmetric =
        (usage === absent || usage === "ENCRYPT_DECRYPT") && (spec === absent || spec === "SYMMETRIC_DEFAULT");
    if (!isSymmetric) return;
    const rotation = object.get("enableKeyRotation");
    const read = rotation.boolean();
    if (read !== true && read !== undecided) report({ path: rotation.path, problem: "is not true" });
}

/** Conditions that hold for callers of one account, or of one organisation, only. */
const confining = ["kms:CallerAccount", "aws:PrincipalAccount", "aws:PrincipalOrgID"] as const;

function checkPrincipals(statement: Value, report: Report): void {
    if (!principalsOf(statement).includes("*")) return;
    if (confining.some((condition) => asked(statement, named(condition)).length > 0)) return;
    report({ path: statement.get("Principal").path, problem: "lets everybody use the key" });
}
