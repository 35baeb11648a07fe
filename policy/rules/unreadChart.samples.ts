import { cloudResource } from "../samples";

/** A chart of which a stack shows nothing but that it is there. @param namespace undefined as the engine shows it, which has no inputs either */
export function unreadChart(namespace?: string) {
    if (namespace === undefined) return cloudResource("kubernetes:helm.sh/v4:Chart", {});
    const repositoryOpts = { repo: "https://charts.example.com" };
    return cloudResource("kubernetes:helm.sh/v4:Chart", { chart: "shop", version: "1.2.3", repositoryOpts, namespace });
}
