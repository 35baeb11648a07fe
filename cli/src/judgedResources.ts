import { type Purpose, purposeOf, type Resource } from "tars-platform-policy/judge";
import { projectName, readStackFile } from "../../simulator/session/stackFile";
import { field, textField } from "../../simulator/system/files";
import type { Registration } from "./registrations";

/** Registrations as the policy pack judges them: each with what its provider says. */
export function judgedResources(registrations: readonly Registration[]): readonly Resource[] {
    const byUrn = new Map(registrations.map((each) => [each.urn, each]));
    return registrations.map(({ urn, type, name, inputs, parent, options = {}, sources, ...rest }) => {
        const provider = byUrn.get(rest.provider);
        const namespace = textField(provider?.inputs, "namespace");
        return {
            urn,
            type,
            name,
            inputs,
            parent,
            sources,
            options,
            ...(provider && { provider: { type: provider.type, name: provider.name, inputs: provider.inputs } }),
            ...(namespace ? { defaultNamespace: namespace } : {}),
        };
    });
}

/** What a stack's file says that the stack is for. */
export function statedPurpose(stack: string): Purpose {
    const settings = field(readStackFile(stack).toJS(), "config");
    return purposeOf(Object(settings), projectName());
}
