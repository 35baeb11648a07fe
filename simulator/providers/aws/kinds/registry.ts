import type { CloudKind, Subject } from "../../cloud/kind";
import { textAt, valuesAt } from "../../cloud/values";
import type { InputIssue } from "../../protocol";
import { account, arn, regionOf } from "../account";
import { awsKind, documentOf } from "../kind";
import { checkDocument } from "./identity";
import { keyOf, types } from "./types";

const repository = awsKind(types.repository, {
    references: [keyOf("encryptionConfigurations.kmsKey")],
    autoName: { property: "name", longest: 256 },
    defaults: { imageTagMutability: "MUTABLE", forceDelete: false },
    tagged: true,
    computed: ["registryId", "repositoryUrl"],
    id: ({ inputs }) => textAt(inputs, "name") ?? "",
    arn: ({ inputs, config }, id) => arn("ecr", regionOf(inputs, config), `repository/${id}`),
    outputs: ({ inputs, config }, id) => ({
        registryId: account,
        repositoryUrl: `${account}.dkr.ecr.${regionOf(inputs, config)}.amazonaws.com/${id}`,
    }),
});

const ofRepository = (type: string, needs: { readonly principal: boolean } | undefined) =>
    awsKind(type, {
        required: ["repository", "policy"],
        references: [{ path: "repository", to: [types.repository], holds: false }],
        changes: { repository: "replace" },
        computed: ["registryId"],
        check: (inputs) => (needs ? checkDocument(inputs, "policy", needs) : checkRules(inputs)),
        id: ({ inputs }) => textAt(inputs, "repository") ?? "",
        outputs: () => ({ registryId: account }),
    });

/** @see https://docs.aws.amazon.com/AmazonECR/latest/userguide/lifecycle_policy_parameters.html */
function checkRules(inputs: Subject["inputs"]): InputIssue[] {
    const text = textAt(inputs, "policy");
    if (text === undefined) return [];
    const priorities = valuesAt(documentOf(text) ?? {}, "rules.rulePriority");
    if (priorities.length === 0)
        return [{ property: "policy", reason: "must be a JSON document with rules, each with a priority" }];
    const unique = new Set(priorities).size === priorities.length;
    return unique ? [] : [{ property: "policy", reason: "has two rules of one priority" }];
}

export const registry: Readonly<Record<string, CloudKind>> = {
    ...repository,
    ...ofRepository("aws:ecr/lifecyclePolicy:LifecyclePolicy", undefined),
    ...ofRepository("aws:ecr/repositoryPolicy:RepositoryPolicy", { principal: true }),
    ...awsKind("aws:ecr/registryScanningConfiguration:RegistryScanningConfiguration", {
        required: ["scanType"],
        computed: ["registryId"],
        id: () => account,
        outputs: () => ({ registryId: account }),
    }),
};
