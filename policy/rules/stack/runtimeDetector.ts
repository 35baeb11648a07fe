import { containersOf, podTemplatesOf } from "../../resources/podTemplates";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";

/** Charts and images of detectors that see what a container does on its node. */
const detectors = /(^|\/)(tetragon|falco)(-no-driver)?([:@]|$)/;

/** Features of GuardDuty with an agent on the node. @see https://docs.aws.amazon.com/guardduty/latest/ug/runtime-monitoring.html */
const agents: ReadonlySet<unknown> = new Set(["EKS_RUNTIME_MONITORING", "RUNTIME_MONITORING"]);

/** Whether the stack has a detector, its own or the cloud's. What cannot be read is not taken for one, and matters only where there is none. */
export function hasDetector(stack: Stack): boolean {
    return (
        stack.of("helm.sh/Chart").some(({ object }) => detectors.test(String(object.quietly.get("chart").text()))) ||
        stack.of("apps/DaemonSet").some(isDetector) ||
        stack.of("aws:guardduty/DetectorFeature").some(isAgent) ||
        stack.of("azure-native:containerservice/ManagedCluster").some(hasSensor)
    );
}

function isDetector(subject: Subject): boolean {
    const containers = podTemplatesOf(subject).flatMap(containersOf);
    return containers.some(({ value }) => detectors.test(String(value.quietly.get("image").text())));
}

function isAgent({ object }: Subject): boolean {
    return agents.has(object.get("name").text()) && object.get("status").text() === "ENABLED";
}

/** Defender's sensor. @see https://learn.microsoft.com/azure/defender-for-cloud/defender-for-containers-introduction */
function hasSensor({ object }: Subject): boolean {
    return object.get("securityProfile", "defender", "securityMonitoring", "enabled").boolean() === true;
}
