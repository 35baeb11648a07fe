import priceList from "../../../components/cloud/aws/machineRegions.json";
import { textAt } from "../cloud/values";
import type { Properties } from "../properties";

/** The account that AWS's documentation uses as its example, which no real cloud reports. */
export const account = "123456789012";

/** Who calls the simulated account. */
export const caller = {
    accountId: account,
    arn: `arn:aws:iam::${account}:user/simulator`,
    userId: "AIDASIMULATEDEXAMPLE",
} as const;

/**
 * Letters of the zones of regions that have others than a, b and c, or fewer.
 *
 * @see https://docs.aws.amazon.com/global-infrastructure/latest/regions/aws-availability-zones.html
 */
const zoneLetters: Readonly<Record<string, string>> = {
    "us-east-1": "abcdef",
    "us-west-1": "bc",
    "us-west-2": "abcd",
    "ca-central-1": "abd",
    "ap-northeast-1": "acd",
    "ap-northeast-2": "abcd",
};

/** Machines of the table by the regions that sell them, as the check of the settings reads them: components/cloud/aws/regions.ts. */
const sold: Readonly<Record<string, readonly string[]>> = priceList.sold;

/** The account is of AWS's commercial part; China's and the government's regions have accounts of their own. */
export const isRegion = (name: string) => sold[name] !== undefined && !/^(cn|us-gov)-/.test(name);

export const isSold = (machine: string, region: string) => sold[region]?.includes(machine) ?? false;

/** Zones of a region: `us-east-1a` ... */
export function zonesOf(region: string): readonly string[] {
    return [...(zoneLetters[region] ?? "abc")].map((letter) => region + letter);
}

/** What a zone is called in every account, such as `use1-az1`; in the simulated account they are in the order of the letters. */
export function zoneId(zone: string): string {
    const region = zone.slice(0, -1);
    const [area = "", direction = "", number = ""] = region.split("-");
    const short = direction.replace(/(north|south|east|west|central)/g, (word) => word.charAt(0));
    return `${area}${short}${number}-az${zonesOf(region).indexOf(zone) + 1}`;
}

/** The region that a resource is in: its own, or that of its provider. */
export function regionOf(inputs: Properties, config: Properties): string {
    return textAt(inputs, "region") ?? textAt(config, "region") ?? "us-east-1";
}

/** @param region empty for what is in no region, such as a role */
export function arn(service: string, region: string, resource: string): string {
    return `arn:aws:${service}:${region}:${account}:${resource}`;
}

/** An id as EC2 makes them: `vpc-0` and sixteen digits. */
export const ec2Id = (prefix: string, unique: string) => `${prefix}-0${unique.slice(0, 16)}`;

/** Another id made of the same digits, for what comes with a resource. */
export const ec2Companion = (prefix: string, unique: string) => `${prefix}-0${unique.slice(-16)}`;

/** An id as IAM makes them: `AROA` and letters and digits. */
export const iamId = (prefix: string, unique: string) => `${prefix}${unique.slice(0, 17).toUpperCase()}`;

export const uuid = (unique: string) =>
    [
        unique.slice(0, 8),
        unique.slice(8, 12),
        `4${unique.slice(13, 16)}`,
        `8${unique.slice(17, 20)}`,
        unique.slice(20, 32),
    ].join("-");
