import { absent } from "../reading/value";
import type { Container, PodTemplate } from "../resources/podTemplates";
import { containersOf, isForWindows, podTemplatesOf } from "../resources/podTemplates";
import type { Subject } from "../resources/subject";

/**
 * Repair each container of an object that certainly runs as another user than root: such a process holds no capability and has no
 * business with a set-uid program, so taking both away changes nothing that it does. Everything else is left to be refused.
 * Says whether anything changed.
 */
export function hardenContainers(subject: Subject, harden: (container: Container) => boolean): boolean {
    return podTemplatesOf(subject)
        .flatMap((template) => containersOf(template).filter((container) => mayHarden(container, template)))
        .map(harden)
        .includes(true);
}

function mayHarden({ value }: Container, template: PodTemplate): boolean {
    const context = value.get("securityContext");
    const capabilities = context.get("capabilities", "add");
    return (
        template.complete &&
        isForWindows(template) === false &&
        runsAsNonRoot(value, template) &&
        !context.get("privileged").isSet &&
        !capabilities.isSet
    );
}

function runsAsNonRoot(container: Container["value"], { spec }: PodTemplate): boolean {
    const own = container.get("securityContext", "runAsNonRoot").boolean();
    return own === absent ? spec.get("securityContext", "runAsNonRoot").boolean() === true : own === true;
}
