import type { Issues } from "../foundation/issues";
import type { MeshMode } from "../foundation/mesh";
import { meshSidecars } from "../foundation/meshSizes";
import type { Size, Sizes } from "../foundation/workloads";
import type { Cloud } from "./cloud";
import type { Settings } from "./schema";

/** A mesh that works against the cluster's network takes every pod down at once, so nobody is the first to try a combination. */
export function checkMesh({ mesh }: Settings, { section, meshModes }: Cloud<unknown>, issues: Issues): void {
    if (!meshModes.includes(mesh.mode)) {
        const problem = `is ${mesh.mode}, which nobody documents for the network that ${section} describes`;
        issues.add("mesh.mode", problem, `leave it out, or write ${meshModes.join(" or ")}`);
    }
    if (mesh.mode === "sidecar" || mesh.faults.length === 0) return;
    const problem = "asks for faults in HTTP calls, which only proxies in pods can put in";
    issues.add("mesh.faults", problem, "set mesh.mode to sidecar, or remove it");
}

/** Sizes with what the mesh adds to each pod. */
export function withSidecars(sizes: Sizes, mode: MeshMode): Sizes {
    const sidecar = meshSidecars[mode];
    if (sidecar === undefined) return sizes;
    const joined = <Own extends Size>(size: Own): Own => ({ ...size, sidecar });
    return {
        "tars-backend": joined(sizes["tars-backend"]),
        postgres: joined(sizes.postgres),
        redis: joined(sizes.redis),
        chromadb: joined(sizes.chromadb),
        ollama: joined(sizes.ollama),
    };
}
