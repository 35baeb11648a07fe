import type { Resource } from "tars-platform-policy/judge";
import { readStackFile } from "../../simulator/session/stackFile";
import { field, textField } from "../../simulator/system/files";
import type { Registration } from "./registrations";

/** Registrations as the policy pack judges them: each with what its provider says. */
export function judgedResources(registrations: readonly Registration[]): readonly Resource[] {
    const byUrn = new Map(registrations.map((each) => [each.urn, each]));
    return registrations.map(({ urn, type, name, inputs, parent, options = {}, sources, deletesFirst, ...rest }) => {
        const provider = byUrn.get(rest.provider);
        const namespace = textField(provider?.inputs, "namespace");
        return {
            urn,
            type,
            name,
            inputs,
            parent,
            sources,
            options: { ...options, ...(deletesFirst === undefined ? {} : { deleteBeforeReplace: deletesFirst }) },
            ...(provider && { provider: { type: provider.type, name: provider.name, inputs: provider.inputs } }),
            ...(namespace ? { defaultNamespace: namespace } : {}),
        };
    });
}

/** What a stack's file says that it is for; undefined where it does not say. */
export function statedEnvironment(stack: string): unknown {
    const settings = field(readStackFile(stack).toJS(), "config");
    const key = Object.keys(Object(settings)).find((name) => /^([^:]+:)?environment$/.test(name));
    return key === undefined ? undefined : field(settings, key);
}
