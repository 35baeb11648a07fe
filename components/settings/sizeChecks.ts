import type { Issues } from "../foundation/issues";
import { bytes, millicores } from "../foundation/quantities";
import type { PodSize } from "../foundation/workloads";

/** Adds what a pod requests beyond its own limits. */
export function checkSize(
    key: string,
    { requests, limits }: Pick<PodSize, "requests" | "limits">,
    issues: Issues,
): void {
    if (millicores(requests.cpu) > millicores(limits.cpu)) {
        const words = `requests ${requests.cpu} of at most ${limits.cpu}`;
        issues.add(`${key}.requests.cpu`, words, "raise limits.cpu or lower requests.cpu");
    }
    if (bytes(requests.memory) > bytes(limits.memory)) {
        const words = `requests ${requests.memory} of at most ${limits.memory}`;
        issues.add(`${key}.requests.memory`, words, "raise limits.memory or lower requests.memory");
    }
}
