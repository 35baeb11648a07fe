import type { CloudFunction } from "../cloud/kind";
import { textAt } from "../cloud/values";
import { caller, isRegion, regionOf, zoneId, zonesOf } from "./account";

/** What programs ask of AWS: the program's own question and those of the EKS component. */
export const functions: Readonly<Record<string, CloudFunction>> = {
    "aws:index/getCallerIdentity:getCallerIdentity": () => ({ ...caller, id: caller.accountId }),
    "aws:index/getPartition:getPartition": () => ({
        id: "aws",
        partition: "aws",
        dnsSuffix: "amazonaws.com",
        reverseDnsPrefix: "com.amazonaws",
    }),
    "aws:index/getRegion:getRegion": (args, _cloud, config) => {
        const region = textAt(args, "region") ?? regionOf(args, config);
        if (!isRegion(region)) throw new Error(`"${region}" is no region of AWS`);
        return { id: region, name: region, region, description: region, endpoint: `ec2.${region}.amazonaws.com` };
    },
    "aws:index/getAvailabilityZones:getAvailabilityZones": (args, _cloud, config) => {
        const region = regionOf(args, config);
        const names = [...zonesOf(region)];
        return { ...args, id: region, region, names, zoneIds: names.map(zoneId), groupNames: [region] };
    },
};
