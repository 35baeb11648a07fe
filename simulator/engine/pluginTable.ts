import awsPackage from "@pulumi/aws/package.json";
import azurePackage from "@pulumi/azure-native/package.json";
import eksPackage from "@pulumi/eks/package.json";
import kubernetesPackage from "@pulumi/kubernetes/package.json";
import randomPackage from "@pulumi/random/package.json";
import tlsPackage from "@pulumi/tls/package.json";

/** A resource plugin that stacks use. */
export interface Plugin {
    readonly name: string;
    /** Of the SDK package: the engine asks for the plugin of exactly this version. */
    readonly version: string;
    /** Whether only the simulator's own will do: the official one would make things in a real account. */
    readonly reachesCloud?: boolean;
}

/** What every stack uses. */
const commonPlugins: readonly Plugin[] = [
    { name: "kubernetes", version: kubernetesPackage.version },
    { name: "random", version: randomPackage.version },
    { name: "tls", version: tlsPackage.version },
];

interface CloudTools {
    readonly plugins: readonly Plugin[];
    /** Program that logs a caller in to a cluster of this cloud. */
    readonly login: string;
}

/** What stacks of a cloud use beside that, by what a stack file says under `cloud`. */
const cloudTools: Readonly<Record<string, CloudTools>> = {
    aws: {
        plugins: [
            { name: "aws", version: awsPackage.version, reachesCloud: true },
            // A component: all that it makes goes through the others.
            { name: "eks", version: eksPackage.version },
        ],
        login: "aws",
    },
    azure: {
        plugins: [{ name: "azure-native", version: azurePackage.version, reachesCloud: true }],
        login: "kubelogin",
    },
};

/** What the stacks of a cloud use. */
export function pluginsFor(cloud = "existing"): readonly Plugin[] {
    return [...commonPlugins, ...(cloudTools[cloud]?.plugins ?? [])];
}

/** Name of the program that logs callers in to a cloud's clusters; undefined where none is needed. */
export function loginOf(cloud = "existing"): string | undefined {
    return cloudTools[cloud]?.login;
}
