import { controls } from "../../controls";
import { undecided, Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Context, Report, ResourceRule } from "../../rule";
import { cloudResource, sampleOf } from "../../samples";
import { allowing, asked, documentOf, each, named, principalsOf } from "./policyDocument";

const good = {
    imageTagMutability: "IMMUTABLE",
    imageScanningConfiguration: { scanOnPush: true },
    encryptionConfigurations: [{ encryptionType: "KMS", kmsKey: "arn:aws:kms:eu-central-1:123456789012:key/sample" }],
};
const repository = (inputs: object) => cloudResource("aws:ecr/repository:Repository", { ...good, ...inputs });
const policyFor = (principal: unknown, conditions?: object) =>
    cloudResource("aws:ecr/repositoryPolicy:RepositoryPolicy", {
        policy: documentOf({
            Effect: "Allow",
            Principal: principal,
            Action: "ecr:BatchGetImage",
            Condition: conditions,
        }),
    });

export const imageRepositories: ResourceRule = {
    id: "AWS-10",
    title: "Image repositories are the account's own, encrypted and scanned, and a tag never changes its image",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: [
        "aws:ecr/Repository",
        "aws:ecr/RepositoryPolicy",
        "aws:ecr/RegistryPolicy",
        "aws:ecrpublic/Repository",
        "aws:ecrpublic/RepositoryPolicy",
    ],
    controls: controls({ soc2: ["CC6.8"], iso27001: ["5.21", "8.8"], cisEks: ["5.1.1", "5.1.2", "5.1.3"] }),
    why: "Whoever can change what a tag means runs code of their own in the cluster at the next restart.",
    fix: "set imageTagMutability IMMUTABLE, scanOnPush and encryptionType KMS, and name principals of the account in policies",
    link: "https://docs.aws.amazon.com/AmazonECR/latest/userguide/image-tag-mutability.html",
    settings: {
        trustedAccounts: {
            type: "array",
            description: "Other accounts that may use the images, by their twelve digits; without it none",
            items: { type: "string", pattern: "^\\d{12}$", description: "twelve digits" },
        },
    },
    samples: {
        passing: [
            sampleOf(repository({})),
            sampleOf(policyFor("*", { StringEquals: { "aws:PrincipalAccount": "123456789012" } })),
            sampleOf(policyFor({ Service: "lambda.amazonaws.com" })),
        ],
        failing: [
            {
                sample: sampleOf(repository({ imageTagMutability: undefined })),
                problem: "imageTagMutability is not IMMUTABLE",
            },
            {
                sample: sampleOf(repository({ imageTagMutability: "IMMUTABLE_WITH_EXCLUSION" })),
                problem: "imageTagMutability is not IMMUTABLE",
            },
            { sample: sampleOf(repository({ imageScanningConfiguration: {} })), problem: "scanOnPush is not true" },
            { sample: sampleOf(repository({ encryptionConfigurations: undefined })), problem: "does not name KMS" },
            {
                sample: sampleOf(repository({ encryptionConfigurations: [{ encryptionType: "AES256" }] })),
                problem: "does not name KMS",
            },
            { sample: sampleOf(policyFor("*")), problem: "lets everybody in" },
            {
                sample: sampleOf(policyFor({ AWS: "arn:aws:iam::210987654321:root" })),
                problem: "lets another account in",
            },
            { sample: sampleOf(policyFor({ AWS: ["210987654321"] })), problem: "lets another account in" },
            {
                sample: sampleOf(cloudResource("aws:ecrpublic/repository:Repository", { repositoryName: "app" })),
                problem: "is public",
            },
        ],
    },
    check: (subject, report, context) => {
        const { kind, object } = subject;
        if (kind.group === "ecrpublic") report({ path: "", problem: "is public" });
        else if (kind.kind === "Repository") checkRepository(object, report);
        else {
            const trusted = accountsOf(subject, context);
            for (const statement of allowing(object.get("policy"))) checkPrincipals(statement, trusted, report);
        }
    },
};

/** ECR's defaults: tags that change, no scan, AES256. https://docs.aws.amazon.com/AmazonECR/latest/APIReference/API_CreateRepository.html */
function checkRepository(object: Value, report: Report): void {
    const mutability = object.get("imageTagMutability");
    const read = mutability.text();
    if (read !== "IMMUTABLE" && read !== undecided) report({ path: mutability.path, problem: "is not IMMUTABLE" });
    const scan = object.get("imageScanningConfiguration", "scanOnPush");
    const isScanned = scan.boolean();
    if (isScanned !== true && isScanned !== undecided) report({ path: scan.path, problem: "is not true" });
    const encryption = object.get("encryptionConfigurations");
    const kinds = each(encryption).map((one) => one.get("encryptionType").text());
    if (kinds.includes(undecided) || kinds.some((kind) => kind === "KMS" || kind === "KMS_DSSE")) return;
    report({ path: encryption.path, problem: "does not name KMS" });
}

/** The account that the provider is for, as the engine has it: JSON text; and those that are trusted beside it. */
function accountsOf({ resource }: Subject, { settings }: Context): readonly string[] {
    const own = Value.unheard(resource.provider?.inputs).get("allowedAccountIds").json().texts();
    return [...own, ...Value.unheard(settings).get("trustedAccounts").texts()];
}

/** Who else is in the account is up to its own policies. */
function checkPrincipals(statement: Value, trusted: readonly string[], report: Report): void {
    const { path } = statement.get("Principal");
    const confined = ["aws:PrincipalAccount", "aws:PrincipalOrgID"].flatMap((key) => asked(statement, named(key)));
    for (const principal of principalsOf(statement)) {
        const account = /^(?:arn:aws[\w-]*:(?:iam|sts)::)?(\d{12})(?::|$)/.exec(principal)?.[1];
        if (principal === "*") {
            if (confined.length === 0) report({ path, problem: "lets everybody in" });
        } else if (account !== undefined && !trusted.includes(account)) {
            report({ path, problem: "lets another account in" });
        }
    }
}
