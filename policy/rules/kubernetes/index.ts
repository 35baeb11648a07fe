import type { Rule } from "../../rule";
import { adminBindings } from "./adminBindings";
import { capabilities } from "./capabilities";
import { clusterRights } from "./clusterRights";
import { escalation } from "./escalation";
import { everybodyBindings } from "./everybodyBindings";
import { exposedServices } from "./exposedServices";
import { hostNamespaces } from "./hostNamespaces";
import { imageTag } from "./imageTag";
import { longLivedTokens } from "./longLivedTokens";
import { namespaceLabels } from "./namespaceLabels";
import { networkPeers } from "./networkPeers";
import { nonRoot } from "./nonRoot";
import { podRights } from "./podRights";
import { podSecurityLabels } from "./podSecurityLabels";
import { privileged } from "./privileged";
import { privilegeEscalation } from "./privilegeEscalation";
import { readOnlyRoot } from "./readOnlyRoot";
import { reservedNamespaces } from "./reservedNamespaces";
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
    podSecurityLabels,
    reservedNamespaces,
    networkPeers,
    namespaceLabels,
    exposedServices,
];
