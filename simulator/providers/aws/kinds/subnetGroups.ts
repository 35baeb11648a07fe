import type { CloudView } from "../../cloud/kind";
import { textAt, textsAt } from "../../cloud/values";
import type { Properties } from "../../properties";
import type { InputIssue } from "../../protocol";
import { types } from "./types";

/** The subnets that a group of them names. */
export function subnetsOf(inputs: Properties, cloud: CloudView): readonly Properties[] {
    return textsAt(inputs, "subnetIds").flatMap((id) => {
        const found = cloud.get(types.subnet, id);
        return found === undefined ? [] : [found.outputs];
    });
}

/** Zones and networks that subnets are of. */
export function placesOf(subnets: readonly Properties[]) {
    const all = (name: string) => new Set(subnets.map((subnet) => textAt(subnet, name)));
    return { zones: all("availabilityZone"), networks: all("vpcId") };
}

/** What stands in subnets is called by groups of their own network only. @param property the input that names the groups */
export function judgeCallers(
    inputs: Properties,
    { network, property }: { readonly network: string | undefined; readonly property: string },
    cloud: CloudView,
): InputIssue[] {
    const strangers = textsAt(inputs, property).filter((id) => {
        const vpcId = textAt(cloud.get(types.securityGroup, id)?.inputs, "vpcId");
        return network !== undefined && vpcId !== undefined && vpcId !== network;
    });
    return strangers.map((id) => ({ property, reason: `${id} is of another VPC than the subnets` }));
}
