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
 * teams among them, so a cluster that is guarded guards its definitions. They are in no namespace, and wait for none.
 */
export function createDefinitions(
    name: string,
    plan: DefinitionsPlan,
    { parent, provider }: ChildOptions,
): pulumi.Resource {
    const files = [...locateDefinitions(plan.of, plan.charts)];
    const { asksToStay }: Manifest = manifests[plan.of];
    // Whatever a transform looks at goes through the program as a whole, and definitions are the largest objects there are.
    const transforms = asksToStay ? [letGo] : [];
    const guard = { protect: plan.cluster.isGuarded, transforms };
    return new ConfigGroup(name, { files }, { parent, provider, ...guard });
}

/** Says to Helm, and to the provider as well, that an object is to stay when all else goes. */
const stays = "helm.sh/resource-policy";

/**
 * Some definitions ask to stay when their chart goes. Here they go with all else: what a destroy leaves, the next update could not make, because it is
 * there. Where they must not go, the cluster's guard holds them.
 */
function letGo({ props, opts }: pulumi.ResourceTransformArgs): pulumi.ResourceTransformResult | undefined {
    const { metadata } = props;
    if (metadata?.annotations?.[stays] === undefined) return undefined;
    const { [stays]: _, ...others } = metadata.annotations;
    const annotations = Object.keys(others).length === 0 ? undefined : others;
    return { props: { ...props, metadata: { ...metadata, annotations } }, opts: { ...opts, retainOnDelete: false } };
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
