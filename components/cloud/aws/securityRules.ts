import { SecurityGroup } from "@pulumi/aws/ec2";
import { SecurityGroupEgressRule, SecurityGroupIngressRule } from "@pulumi/aws/vpc";
import type * as pulumi from "@pulumi/pulumi";
import type { Labels } from "../../foundation/labels";
import { physicalName } from "../../foundation/names";
import type { AwsAccount } from "./account";
import { nameRules } from "./names";
import { clusterTag } from "./tags";

export interface SecurityGroups {
    /** The side of the API server in the network. */
    readonly control: SecurityGroup;
    /** Nodes and their pods. */
    readonly nodes: SecurityGroup;
}

interface GroupPlace {
    readonly name: string;
    readonly account: AwsAccount;
    readonly vpc: pulumi.Output<string>;
    readonly parent: pulumi.Resource;
}

/** Groups of the cluster with what EKS asks for, and no more. @see https://docs.aws.amazon.com/eks/latest/userguide/sec-group-reqs.html */
export function createSecurityGroups(place: GroupPlace): SecurityGroups {
    const { name, account, parent } = place;
    const groups = {
        control: createGroup(place, {
            purpose: "control-plane",
            description: "The side of the API server in the network",
        }),
        // Its mark is what lets the load balancer controller open the group to a load balancer.
        nodes: createGroup(place, {
            purpose: "nodes",
            description: "Nodes and pods",
            marks: { [clusterTag(account.section)]: "owned" },
        }),
    };
    for (const { key, direction, of, peer, ports, why } of rulesOf(groups, account)) {
        const args = { securityGroupId: of.id, description: why, ...peer, ...ports, tags: account.tags(key) };
        const Rule = direction === "in" ? SecurityGroupIngressRule : SecurityGroupEgressRule;
        new Rule(`${name}-${key}`, args, account.child(parent));
    }
    return groups;
}

interface GroupPlan {
    readonly purpose: string;
    readonly description: string;
    /** Tags beside those of every resource. @default none */
    readonly marks?: Labels;
}

function createGroup({ name, account, vpc, parent }: GroupPlace, plan: GroupPlan): SecurityGroup {
    const { purpose, description, marks } = plan;
    const physical = physicalName(nameRules.securityGroup, account.section.name, purpose);
    const args = { name: physical, description, vpcId: vpc, tags: { ...account.tags(physical), ...marks } };
    return new SecurityGroup(`${name}-${purpose}`, args, account.child(parent));
}

interface Rule {
    readonly key: string;
    readonly direction: "in" | "out";
    readonly of: SecurityGroup;
    readonly peer: { readonly referencedSecurityGroupId: pulumi.Output<string> } | { readonly cidrIpv4: string };
    readonly ports:
        | { readonly ipProtocol: "tcp"; readonly fromPort: number; readonly toPort: number }
        | { readonly ipProtocol: "-1" };
    readonly why: string;
}

const everything = { ipProtocol: "-1" } as const;
const https = { ipProtocol: "tcp", fromPort: 443, toPort: 443 } as const;
/** Kubelets listen on 10250, webhooks and aggregated APIs where they like. */
const highPorts = { ipProtocol: "tcp", fromPort: 443, toPort: 65_535 } as const;

function rulesOf({ control, nodes }: SecurityGroups, { section: { network } }: AwsAccount): readonly Rule[] {
    const [theControl, theNodes] = [{ referencedSecurityGroupId: control.id }, { referencedSecurityGroupId: nodes.id }];
    const callers = [network.cidr, ...network.joined].map(
        (cidrIpv4): Rule => ({
            // By range: another one before it in the list is no reason to replace this rule.
            key: `callers-${cidrIpv4.replace("/", "-")}`,
            direction: "in",
            of: control,
            peer: { cidrIpv4 },
            ports: https,
            why: "API calls of people and runners in the network",
        }),
    );
    return [
        { key: "nodes-to-api", direction: "in", of: control, peer: theNodes, ports: https, why: "API calls of nodes" },
        ...callers,
        {
            key: "api-to-nodes",
            direction: "out",
            of: control,
            peer: theNodes,
            ports: highPorts,
            why: "kubelets and webhooks",
        },
        {
            key: "nodes-from-api",
            direction: "in",
            of: nodes,
            peer: theControl,
            ports: highPorts,
            why: "kubelets and webhooks",
        },
        {
            key: "nodes-to-nodes",
            direction: "in",
            of: nodes,
            peer: theNodes,
            ports: everything,
            why: "pods among themselves",
        },
        {
            key: "nodes-out",
            direction: "out",
            of: nodes,
            peer: { cidrIpv4: "0.0.0.0/0" },
            ports: everything,
            why: "the way out",
        },
    ];
}
