import type { Registration } from "../../cli/src/graph";
import { roles } from "../../components/cloud/azure/roles";
import type { Graph } from "./graph";

// biome-ignore lint/suspicious/noExplicitAny: the shape is Azure's, and each test reads a few fields of it
export type Inputs = any;

/** The questions that tests ask about a graph on Azure. */
export function azureGraph(graph: Graph) {
    const all = (kind: string) => graph.all.filter(({ type }) => type === `azure-native:${kind}`);
    const inputs = (registration: Registration | undefined): Inputs => registration?.inputs;
    const one = (kind: string, name?: string): Registration => {
        const [found, ...others] = all(kind).filter((registration) => name === undefined || registration.name === name);
        if (found === undefined || others.length > 0) throw new Error(`not one ${kind} ${name ?? ""}`);
        return found;
    };
    return {
        all,
        inputs,
        one,
        cluster: () => one("containerservice:ManagedCluster"),
        grants: (role: keyof typeof roles) =>
            all("authorization:RoleAssignment").filter((right) =>
                inputs(right).roleDefinitionId.endsWith(`/${roles[role]}`),
            ),
        kubernetesProvider: (): Registration => {
            const found = graph.all.find(({ type }) => type === "pulumi:providers:kubernetes");
            if (found === undefined) throw new Error("no provider of the cluster");
            return found;
        },
    };
}
