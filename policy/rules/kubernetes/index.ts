import type { Rule } from "../../rule";
import { capabilities } from "./capabilities";
import { hostNamespaces } from "./hostNamespaces";
import { hostPorts } from "./hostPorts";
import { imageTag } from "./imageTag";
import { kernelDefaults } from "./kernelDefaults";
import { nonRoot } from "./nonRoot";
import { privileged } from "./privileged";
import { privilegeEscalation } from "./privilegeEscalation";
import { readOnlyRoot } from "./readOnlyRoot";
import { resources } from "./resources";
import { runtimeSocket } from "./runtimeSocket";
import { seccomp } from "./seccomp";
import { serviceAccountToken } from "./serviceAccountToken";
import { users } from "./users";
import { volumes } from "./volumes";

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
    imageTag,
    resources,
];
