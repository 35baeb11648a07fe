import { undecided, Value } from "../../reading/value";
import type { Stack } from "../../resources/stack";
import type { Subject } from "../../resources/subject";
import type { SettingSchema, Settings } from "../../rule";

/** Kinds by which a mesh can be seen that have other uses too; every rule that asks for a mesh lists them. */
export const meshSigns = [
    "apps/Deployment",
    "core/Namespace",
    "helm.sh/Chart",
    "azure-native:containerservice/ManagedCluster",
] as const;

/** API groups whose objects only Istio reads. */
const istioGroups: ReadonlySet<string> = new Set(["networking.istio.io", "security.istio.io", "telemetry.istio.io"]);

/**
 * The first resource that shows that a stack has a mesh, whether its charts are rendered or only declared: an object that only Istio
 * reads, istiod, its chart, a namespace that joins the mesh, or AKS's own Istio.
 */
export function signOfMesh(stack: Stack): Subject | undefined {
    const signs = [
        ...stack.of("helm.sh/Chart").filter(({ object }) => isIstiod(object.quietly.get("chart"))),
        ...stack
            .of("apps/Deployment")
            .filter(({ object }) => isIstiod(object.quietly.get("metadata", "labels", "app"))),
        ...stack.of("azure-native:containerservice/ManagedCluster").filter(hasManagedMesh),
        ...stack.objects.filter(({ kind }) => istioGroups.has(kind.group)),
        ...stack.of("core/Namespace").filter((namespace) => isEnrolled(namespace.object.quietly) === true),
    ];
    return signs[0];
}

/** Istiod's chart, however its repository is named before it, or the label of its Deployment. */
function isIstiod(name: Value): boolean {
    return /(^|\/)istiod$/.test(String(name.text()));
}

/** @see https://learn.microsoft.com/azure/aks/istio-about */
function hasManagedMesh({ object }: Subject): boolean {
    return object.quietly.get("serviceMeshProfile", "mode").text() === "Istio";
}

/**
 * Whether the labels of a namespace bring its pods into the mesh: ambient, or a sidecar by injection or by revision. Undefined where a
 * label that decides it cannot be read, which is noted.
 *
 * @see https://istio.io/latest/docs/ambient/usage/add-workloads/
 * @see https://istio.io/latest/docs/setup/additional-setup/sidecar-injection/
 */
export function isEnrolled(namespace: Value): boolean | undefined {
    const labels = namespace.get("metadata", "labels");
    const mode = labels.get("istio.io/dataplane-mode").text();
    const injection = labels.get("istio-injection").text();
    const revision = labels.get("istio.io/rev").text();
    const byRevision = typeof revision === "string" && revision !== "" && injection !== "disabled";
    if (mode === "ambient" || injection === "enabled" || byRevision) return true;
    return [mode, injection, revision].includes(undecided) ? undefined : false;
}

/** The setting `rootNamespace` of a rule. */
export const rootNamespaceSetting: Readonly<Record<"rootNamespace", SettingSchema>> = {
    rootNamespace: {
        type: "string",
        description: "Namespace whose objects hold for the whole mesh; without it istio-system, as in Istio itself",
        minLength: 1,
    },
};

/** @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig (rootNamespace) */
export function rootNamespaceOf(settings: Settings): string {
    const given = Value.unheard(settings).get("rootNamespace").text();
    return typeof given === "string" ? given : "istio-system";
}
