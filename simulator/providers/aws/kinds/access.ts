import { clusters } from "../../cloud/clusters";
import type { CloudKind } from "../../cloud/kind";
import { mapAt, textAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { account, arn, caller, regionOf, uuid } from "../account";
import { awsKind } from "../kind";
import { checkTrust } from "./identity";
import { roleArn, types } from "./types";

const inCluster = { path: "clusterName", to: [types.cluster] } as const;
const clusterOf = (inputs: Parameters<typeof textAt>[0]) => textAt(inputs, "clusterName") ?? "";

const onlyStandard = "is for entries of type STANDARD only";

/** @see https://docs.aws.amazon.com/eks/latest/userguide/creating-access-entries.html (groups, user names, service linked roles) */
function checkEntry({ type = "STANDARD", principalArn, userName, kubernetesGroups }: Properties): InputIssue[] {
    const own = Object.entries({ userName, kubernetesGroups });
    const misplaced = own.filter(([, value]) => value !== undefined && type !== "STANDARD");
    const reserved = /^(system|eks|aws|amazon|iam):/.test(String(userName));
    return [
        ...misplaced.map(([property]) => ({ property, reason: onlyStandard })),
        ...(reserved
            ? [{ property: "userName", reason: "must not begin with system:, eks:, aws:, amazon: or iam:" }]
            : []),
        ...(/:role\/aws-service-role\//.test(String(principalArn))
            ? [{ property: "principalArn", reason: "must be no service linked role" }]
            : []),
    ];
}

const entry = awsKind(types.accessEntry, {
    required: ["clusterName", "principalArn"],
    // Principals beside the roles of the stack are made elsewhere.
    references: [inCluster],
    defaults: { type: "STANDARD" },
    tagged: true,
    computed: ["accessEntryArn", "createdAt", "modifiedAt", "userName", "kubernetesGroups"],
    check: checkEntry,
    judge: ({ inputs, cloud, id }) => {
        const record = cloud.get(types.cluster, clusterOf(inputs));
        const creator = mapAt(record?.inputs, "accessConfig").bootstrapClusterCreatorAdminPermissions !== false;
        if (textAt(record?.outputs, "accessConfig.authenticationMode") === "CONFIG_MAP") {
            return [{ property: "clusterName", reason: `${record?.id} takes no access entries (authenticationMode)` }];
        }
        const principal = textAt(inputs, "principalArn") ?? "";
        if (id === undefined && creator && principal === caller.arn) {
            return [{ property: "principalArn", reason: `${caller.arn} created the cluster and has an entry already` }];
        }
        const taken = id === undefined && cloud.get(types.accessEntry, `${clusterOf(inputs)}:${principal}`);
        return taken ? [{ property: "principalArn", reason: `${principal} has an entry already` }] : [];
    },
    id: ({ inputs }) => `${clusterOf(inputs)}:${textAt(inputs, "principalArn")}`,
    outputs: ({ inputs, config, unique }) => {
        const principal = textAt(inputs, "principalArn") ?? "";
        const [, kind = "", name = ""] = /:(role|user)\/(.+)$/.exec(principal) ?? [];
        const path = `access-entry/${clusterOf(inputs)}/${kind}/${account}/${name}/${uuid(unique)}`;
        return {
            accessEntryArn: arn("eks", regionOf(inputs, config), path),
            createdAt: new Date().toISOString(),
            modifiedAt: new Date().toISOString(),
            ...identityOf(inputs),
        };
    },
    recomputed: ["modifiedAt", "userName", "kubernetesGroups"],
    again: ({ inputs }) => ({ modifiedAt: new Date().toISOString(), ...identityOf(inputs) }),
});

/** Whom the API server takes a principal for; both can change. */
function identityOf({ userName, principalArn = "", kubernetesGroups, type }: Properties): Properties {
    return {
        userName: userName ?? principalArn,
        kubernetesGroups: kubernetesGroups ?? (type === "EC2_LINUX" ? ["system:nodes"] : []),
    };
}

/** @see https://docs.aws.amazon.com/eks/latest/userguide/access-policy-permissions.html */
const accessPolicy = /^arn:aws:eks::aws:cluster-access-policy\/AmazonEKS\w+Policy$/;

const association = awsKind("aws:eks/accessPolicyAssociation:AccessPolicyAssociation", {
    required: ["clusterName", "principalArn", "policyArn", "accessScope"],
    references: [inCluster, { path: "principalArn", to: [types.accessEntry], by: "principalArn", holds: false }],
    rules: { policyArn: { form: accessPolicy, says: "the ARN of an access policy of EKS" } },
    // https://github.com/hashicorp/terraform-provider-aws/blob/01f431114674c27cf790fafb67ac274bf8f765e1/internal/service/eks/access_policy_association.go
    changes: { clusterName: "replace", principalArn: "replace", policyArn: "replace", accessScope: "replace" },
    computed: ["associatedAt", "modifiedAt"],
    judge: ({ inputs, cloud }) => {
        const record = cloud.get(types.accessEntry, `${clusterOf(inputs)}:${textAt(inputs, "principalArn")}`);
        const type = textAt(record?.inputs, "type") ?? "STANDARD";
        return type === "STANDARD"
            ? []
            : [{ property: "principalArn", reason: `a policy ${onlyStandard}, not ${type}` }];
    },
    id: ({ inputs }) => [clusterOf(inputs), textAt(inputs, "principalArn"), textAt(inputs, "policyArn")].join("#"),
    outputs: () => ({ associatedAt: new Date().toISOString(), modifiedAt: new Date().toISOString() }),
    effects: {
        created: async ({ inputs }) => {
            if (inputs.principalArn === caller.arn) await clusters().setAccess(clusterOf(inputs), true);
            return {};
        },
        deleted: async ({ inputs }) => {
            if (inputs.principalArn === caller.arn) await clusters().setAccess(clusterOf(inputs), false);
        },
    },
});

const podIdentity = awsKind("aws:eks/podIdentityAssociation:PodIdentityAssociation", {
    required: ["clusterName", "namespace", "serviceAccount", "roleArn"],
    references: [inCluster, roleArn("roleArn")],
    tagged: true,
    computed: ["associationArn", "associationId"],
    judge: (subject) => {
        const { inputs, cloud } = subject;
        const what = ["clusterName", "namespace", "serviceAccount"] as const;
        const same = cloud.all(subject.type).find((other) => what.every((name) => other.inputs[name] === inputs[name]));
        return [
            ...checkTrust(subject, "roleArn", "pods.eks.amazonaws.com"),
            ...(same ? [{ property: "serviceAccount", reason: `has a role already: ${same.id}` }] : []),
        ];
    },
    id: ({ unique }) => `a-${unique.slice(0, 17)}`,
    outputs: ({ inputs, config }, id) => ({
        associationId: id,
        associationArn: arn("eks", regionOf(inputs, config), `podidentityassociation/${clusterOf(inputs)}/${id}`),
    }),
});

export const access: Readonly<Record<string, CloudKind>> = { ...entry, ...association, ...podIdentity };
