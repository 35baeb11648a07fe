export { takeLock } from "../system/lock";
export { answeringCluster, type RunningCluster } from "./cluster";
export { type Deployment, deploy, destroy, previewStack, waitForPods } from "./deploy";
export { type TakenDown, takeDown } from "./down";
export { childEnvironment, withoutForeign } from "./environment";
export { changeCount, type EngineOutcome, type PolicyViolation, resourceCount } from "./events";
export {
    type NodeStatus,
    type PodStatus,
    readHosts,
    readNodes,
    readPods,
    readWorkloads,
    type WorkloadStatus,
} from "./inventory";
export { apiClient } from "./kubernetes";
export { knownRuns } from "./marker";
export { projectRoot, type StatePaths, statePaths, stateRoot } from "./paths";
export { forget } from "./recovery";
export { openSession, type Session, type SessionOptions } from "./session";
export { stackNamespaces } from "./stack";
export { type Teardown, takeStackAway } from "./teardown";
