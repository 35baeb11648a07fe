import { ConfigGroup } from "@pulumi/kubernetes/yaml/v2";
import type * as pulumi from "@pulumi/pulumi";
import type { ChildOptions } from "../foundation/component";
import type { ChartSources } from "./chart";
import { type Manifest, type ManifestName, manifests } from "./chartTable";

/**
 * Makes the custom resource definitions of an operator: the step before its objects. They are kept apart from the operator's chart because
 * Helm neither updates nor deletes the definitions that it installs.
 */
export function createDefinitions(
    name: string,
    of: ManifestName,
    sources: ChartSources,
    child: ChildOptions,
): pulumi.Resource {
    return new ConfigGroup(name, { files: [...locateDefinitions(of, sources)] }, child);
}

/** Files or addresses of an operator's definitions, given where the stack takes its charts from. */
export function locateDefinitions(of: ManifestName, sources: ChartSources): readonly string[] {
    const { version, urls }: Manifest = manifests[of];
    switch (sources.kind) {
        case "upstream":
            return urls;
        case "directory":
            return [`${sources.path}/${of}-${version}.yaml`];
        case "oci":
            return [`${sources.definitions}/${of}-${version}.yaml`];
    }
}
