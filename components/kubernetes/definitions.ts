import { ConfigGroup } from "@pulumi/kubernetes/yaml/v2";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterHandle } from "../cloud/contract";
import type { ChildOptions } from "../foundation/component";
import type { ChartSources } from "./chart";
import { type Manifest, type ManifestName, manifests } from "./chartTable";

export interface DefinitionsPlan {
    readonly of: ManifestName;
    readonly cluster: ClusterHandle;
    readonly charts: ChartSources;
}

/**
 * Makes the custom resource definitions of an operator: the step before its objects. They are kept apart from the operator's chart because
 * Helm neither updates nor deletes the definitions that it installs. With a definition every object of its kind is deleted, those of other
 * teams among them, so a cluster that is guarded guards its definitions.
 */
export function createDefinitions(name: string, plan: DefinitionsPlan, child: ChildOptions): pulumi.Resource {
    const files = [...locateDefinitions(plan.of, plan.charts)];
    return new ConfigGroup(name, { files }, { ...child, protect: plan.cluster.isGuarded });
}

/** Files or addresses of an operator's definitions, given where the stack takes its charts from. */
export function locateDefinitions(of: ManifestName, charts: ChartSources): readonly string[] {
    const { version, urls }: Manifest = manifests[of];
    switch (charts.kind) {
        case "upstream":
            return urls;
        case "directory":
            return [`${charts.path}/${of}-${version}.yaml`];
        case "oci":
            return [`${charts.definitions}/${of}-${version}.yaml`];
    }
}
