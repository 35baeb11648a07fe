import "@pulumi/aws/ec2";
import "@pulumi/aws/iam";
import packageJson from "@pulumi/eks/package.json";
import { main, type Provider } from "@pulumi/pulumi/provider";
import { Cluster } from "./cluster";

/** The EKS component: unlike the clouds it makes nothing itself, but asks the engine for resources of the other plugins. */
const provider: Provider = {
    version: packageJson.version,
    construct: async (name, type, inputs, options) => {
        if (type !== "eks:index:Cluster") throw new Error(`the simulator's eks plugin has no resource type ${type}`);
        const cluster = new Cluster(name, inputs, options);
        return { urn: cluster.urn, state: cluster.state };
    },
};

/** Serves until the engine goes; prints the port itself. The imports above let roles and groups that are given as resources be read. */
export const serveEks = (): Promise<void> => main(provider, process.argv.slice(3));
