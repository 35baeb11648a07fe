import type { CloudKind } from "../../cloud/kind";
import { textAt } from "../../cloud/values";
import { arn, regionOf, uuid } from "../account";
import { awsKind } from "../kind";
import { checkDocument } from "./identity";
import { keyOf, types } from "./types";

const secret = awsKind(types.secret, {
    references: [keyOf("kmsKeyId")],
    autoName: { property: "name", longest: 512 },
    defaults: { recoveryWindowInDays: 30, forceOverwriteReplicaSecret: false },
    changes: { recoveryWindowInDays: "update" },
    tagged: true,
    // https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html "ARN format": six characters follow the name.
    id: ({ inputs, config, unique }) =>
        arn("secretsmanager", regionOf(inputs, config), `secret:${textAt(inputs, "name")}-${unique.slice(0, 6)}`),
    arn: (_, id) => id,
});

/**
 * Another value is another version, which is there before the one before it goes.
 *
 * @see https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_PutSecretValue.html
 */
const secretVersion = awsKind(types.secretVersion, {
    required: ["secretId"],
    references: [{ path: "secretId", to: [types.secret] }],
    changes: { secretId: "replace", secretString: "replace" },
    secrets: ["secretString"],
    computed: ["versionId", "versionStages"],
    id: ({ inputs, unique }) => `${textAt(inputs, "secretId")}|${uuid(unique)}`,
    arn: ({ inputs }) => textAt(inputs, "secretId") ?? "",
    outputs: ({ unique }) => ({ versionId: uuid(unique), versionStages: ["AWSCURRENT"] }),
});

const secretPolicy = awsKind("aws:secretsmanager/secretPolicy:SecretPolicy", {
    required: ["secretArn", "policy"],
    references: [{ path: "secretArn", to: [types.secret], by: "arn" }],
    check: (inputs) => checkDocument(inputs, "policy", { principal: true }),
    id: ({ inputs }) => textAt(inputs, "secretArn") ?? "",
});

export const secrets: Readonly<Record<string, CloudKind>> = { ...secret, ...secretVersion, ...secretPolicy };
