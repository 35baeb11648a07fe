import type { Rule } from "./rule";
import { capabilities } from "./rules/kubernetes/capabilities";
import { hostNamespaces } from "./rules/kubernetes/hostNamespaces";
import { hostPorts } from "./rules/kubernetes/hostPorts";
import { imageTag } from "./rules/kubernetes/imageTag";
import { kernelDefaults } from "./rules/kubernetes/kernelDefaults";
import { nonRoot } from "./rules/kubernetes/nonRoot";
import { privileged } from "./rules/kubernetes/privileged";
import { privilegeEscalation } from "./rules/kubernetes/privilegeEscalation";
import { readOnlyRoot } from "./rules/kubernetes/readOnlyRoot";
import { resources } from "./rules/kubernetes/resources";
import { runtimeSocket } from "./rules/kubernetes/runtimeSocket";
import { seccomp } from "./rules/kubernetes/seccomp";
import { serviceAccountToken } from "./rules/kubernetes/serviceAccountToken";
import { users } from "./rules/kubernetes/users";
import { volumes } from "./rules/kubernetes/volumes";
import { defaultDeny } from "./rules/stack/defaultDeny";

/** Every rule of the pack, by number. The engine, the in-process judge, the README's table and the tests are all made from it. */
export const rules: readonly Rule[] = [
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
    defaultDeny,
];
