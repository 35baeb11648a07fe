import type { Rule } from "../../rule";
import { adminBindings } from "./adminBindings";
import { capabilities } from "./capabilities";
import { clusterRights } from "./clusterRights";
import { escalation } from "./escalation";
import { everybodyBindings } from "./everybodyBindings";
import { hostNamespaces } from "./hostNamespaces";
import { imageTag } from "./imageTag";
import { longLivedTokens } from "./longLivedTokens";
import { nonRoot } from "./nonRoot";
import { podRights } from "./podRights";
import { privileged } from "./privileged";
import { privilegeEscalation } from "./privilegeEscalation";
import { readOnlyRoot } from "./readOnlyRoot";
import { resources } from "./resources";
import { seccomp } from "./seccomp";
import { secretRights } from "./secretRights";
import { serviceAccountToken } from "./serviceAccountToken";
import { users } from "./users";
import { volumes } from "./volumes";
import { wildcardRights } from "./wildcardRights";

/** Rules about what every cluster has: pods, images, namespaces, RBAC, services. Repairs run in this order. */
export const kubernetesRules: readonly Rule[] = [
    privileged,
    privilegeEscalation,
    nonRoot,
    users,
    capabilities,
    seccomp,
    readOnlyRoot,
    hostNamespaces,
    volumes,
    serviceAccountToken,
    imageTag,
    resources,
    adminBindings,
    wildcardRights,
    secretRights,
    podRights,
    escalation,
    everybodyBindings,
    clusterRights,
    longLivedTokens,
];
