import type * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import type { LoadBalancerController, NodePools } from "../contract";
import type { AwsAccount } from "./account";
import type { Cluster } from "./cluster";
import { createPodRole } from "./identities";
import { balancerRights } from "./loadBalancerRights";
import { clusterName } from "./names";
import type { Network } from "./network";

export interface LoadBalancersArgs {
    readonly account: AwsAccount;
    readonly cluster: Cluster;
    readonly network: Network;
    readonly nodes: NodePools;
}

const controllerAccount = { namespace: "load-balancers", serviceAccount: "aws-load-balancer-controller" } as const;

/** What the load balancer controller may do in the account, and what it has to be told of it. */
export class LoadBalancers extends TarsComponent {
    readonly controller: LoadBalancerController;

    constructor(
        name: string,
        { account, cluster, network, nodes }: LoadBalancersArgs,
        opts?: pulumi.ComponentResourceOptions,
    ) {
        super("cloud", "LoadBalancers", name, opts);
        const { section } = account;
        const plan = {
            ...controllerAccount,
            description: "Makes load balancers for Services",
            managed: [],
            statements: balancerRights(account),
        };
        createPodRole(name, plan, { account, cluster: cluster.name }, this);
        this.controller = {
            ...controllerAccount,
            clusterName: clusterName(section),
            region: section.region,
            network: network.id,
            tags: account.ownerTags,
            nodes: nodes.system ?? nodes.general,
            // The endpoints of the APIs that it uses stand in the VPC, as does the API server's side.
            cloudRanges: [section.network.cidr],
        };
        this.registerOutputs({});
    }
}
