import { cloudResource, kubernetesResource } from "../../samples";
import { documentOf } from "./policyDocument";

const issuer = "oidc.eks.eu-central-1.amazonaws.com/id/SAMPLE";

/** A role that pods take by the OIDC provider of their cluster. */
export function irsaRole(conditions: object) {
    return role({
        Effect: "Allow",
        Principal: { Federated: `arn:aws:iam::123456789012:oidc-provider/${issuer}` },
        Action: "sts:AssumeRoleWithWebIdentity",
        Condition: conditions,
    });
}

export const irsa = (sub: string) => ({ [`${issuer}:sub`]: sub, [`${issuer}:aud`]: "sts.amazonaws.com" });

/** A role that pods take by EKS Pod Identity. */
export function podRole(conditions: object) {
    return role({
        Effect: "Allow",
        Principal: { Service: "pods.eks.amazonaws.com" },
        Action: ["sts:AssumeRole", "sts:TagSession"],
        Condition: conditions,
    });
}

export const podTags = {
    "aws:RequestTag/eks-cluster-name": "sample",
    "aws:RequestTag/kubernetes-namespace": "shop",
    "aws:RequestTag/kubernetes-service-account": "cart",
};

function role(statement: object) {
    return cloudResource("aws:iam/role:Role", { assumeRolePolicy: documentOf(statement) });
}

export function association(namespace: string | undefined, serviceAccount: string) {
    const inputs = { clusterName: "sample", namespace, serviceAccount, roleArn: "arn:aws:iam::123456789012:role/cart" };
    return cloudResource("aws:eks/podIdentityAssociation:PodIdentityAssociation", inputs);
}

export const namespace = kubernetesResource("core/v1", "Namespace", { metadata: { name: "shop" } });
export const account = kubernetesResource("core/v1", "ServiceAccount", {
    metadata: { name: "cart", namespace: "shop" },
});
