import type { Rule } from "../../rule";
import { adminBindings } from "./adminBindings";
import { capabilities } from "./capabilities";
import { clusterRights } from "./clusterRights";
import { enoughReplicas } from "./enoughReplicas";
import { escalation } from "./escalation";
import { everybodyBindings } from "./everybodyBindings";
import { exposedServices } from "./exposedServices";
import { hostNamespaces } from "./hostNamespaces";
import { hostPorts } from "./hostPorts";
import { imageTag } from "./imageTag";
import { isolation } from "./isolation";
import { jobs } from "./jobs";
import { kernelDefaults } from "./kernelDefaults";
import { literalSecret } from "./literalSecret";
import { longLivedTokens } from "./longLivedTokens";
import { models } from "./models";
import { namespaceLabels } from "./namespaceLabels";
import { networkPeers } from "./networkPeers";
import { nonRoot } from "./nonRoot";
import { podRights } from "./podRights";
import { podSecurityLabels } from "./podSecurityLabels";
import { precedence } from "./precedence";
import { privileged } from "./privileged";
import { privilegeEscalation } from "./privilegeEscalation";
import { probes } from "./probes";
import { readOnlyRoot } from "./readOnlyRoot";
import { registries } from "./registries";
import { reservedNamespaces } from "./reservedNamespaces";
import { resources } from "./resources";
import { runtimeSocket } from "./runtimeSocket";
import { scratchSize } from "./scratchSize";
import { seccomp } from "./seccomp";
import { secretEnvironment } from "./secretEnvironment";
import { secretRights } from "./secretRights";
import { serviceAccountName } from "./serviceAccountName";
import { serviceAccountToken } from "./serviceAccountToken";
import { pinnedImages, signedImages } from "./signedImages";
import { sources } from "./sources";
import { spread } from "./spread";
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
    runtimeSocket,
    hostPorts,
    kernelDefaults,
    serviceAccountToken,
    serviceAccountName,
    literalSecret,
    secretEnvironment,
    isolation,
    scratchSize,
    pinnedImages,
    imageTag,
    registries,
    signedImages,
    sources,
    models,
    resources,
    probes,
    enoughReplicas,
    spread,
    precedence,
    jobs,
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
