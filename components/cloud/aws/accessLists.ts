import { NetworkAcl, type Vpc } from "@pulumi/aws/ec2";
import { everywhere } from "../../foundation/ranges";
import { subnetPurposes } from "./plan";
import type { PlacedSubnets, Site } from "./site";

interface Rule {
    readonly protocol: "tcp" | "udp" | "-1";
    readonly cidrBlock: string;
    readonly fromPort: number;
    readonly toPort: number;
}

const everything = (cidrBlock: string): Rule => ({ protocol: "-1", cidrBlock, fromPort: 0, toPort: 0 });

/** Lists know no connections: what answers a call from inside arrives at one of these ports. */
const answers: readonly Rule[] = (["tcp", "udp"] as const).map((protocol) => ({
    protocol,
    cidrBlock: everywhere,
    fromPort: 1024,
    toPort: 65_535,
}));
const web: readonly Rule[] = [80, 443].map((port) => ({
    protocol: "tcp",
    cidrBlock: everywhere,
    fromPort: port,
    toPort: port,
}));

/** A second fence behind the security groups: data talks to the network and its joined ones only, nodes are called from there only. */
export function createAccessLists({ name, account, parent }: Site, vpc: Vpc, subnets: PlacedSubnets): void {
    const { name: stack, network } = account.section;
    const inside = [network.cidr, ...network.joined].map(everything);
    const lists = {
        public: { ingress: [...inside, ...web, ...answers], egress: [everything(everywhere)] },
        data: { ingress: inside, egress: inside },
        nodes: { ingress: [...inside, ...answers], egress: [everything(everywhere)] },
    };
    for (const purpose of subnetPurposes) {
        const { ingress, egress } = lists[purpose];
        const args = {
            vpcId: vpc.id,
            subnetIds: subnets[purpose].map(({ subnet }) => subnet.id),
            ingress: numbered(ingress),
            egress: numbered(egress),
            tags: account.tags(`${stack}-${purpose}`),
        };
        new NetworkAcl(`${name}-${purpose}-list`, args, account.child(parent));
    }
}

function numbered(rules: readonly Rule[]) {
    return rules.map((rule, index) => ({ ...rule, ruleNo: 100 + 10 * index, action: "allow" }));
}
