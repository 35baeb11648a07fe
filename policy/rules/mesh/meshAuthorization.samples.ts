import type { Sample } from "../../rule";
import { compliantDeployment } from "../../samples";
import { authorizationPolicy, meshWith, namespaceOfMesh } from "./samples";

type Mapping = Readonly<Record<string, unknown>>;

export const denyAll = authorizationPolicy("deny", "shop", {});

/** A namespace of the mesh with a pod, everything denied, and one policy more. */
export function allowing(spec: Mapping): Sample {
    return meshWith(
        authorizationPolicy("allow", "shop", spec),
        denyAll,
        namespaceOfMesh("shop"),
        compliantDeployment("shop"),
    );
}

/** The same where the policy allows one source. */
export function from(source: Mapping): Sample {
    return allowing({ rules: [{ from: [{ source }] }] });
}

/** A namespace of the mesh with a pod and one policy only. */
export function onlyWith(namespace: string, spec: Mapping): Sample {
    return meshWith(authorizationPolicy("only", namespace, spec), namespaceOfMesh("shop"), compliantDeployment("shop"));
}
