import type { Issues } from "../foundation/issues";
import type { ObjectServers, ObjectUser } from "../foundation/objectStore";
import type { NodePoolPlan } from "../foundation/pools";
import { bytes } from "../foundation/quantities";
import { checkConsumer } from "./consumerChecks";
import { checkOdd, checkZones, zonesOf } from "./quorumChecks";
import type { Settings } from "./schema";

/** Adds what an object store cannot be: without a majority, in zones that are not there, with copies that no server is left for, open to nobody knows whom. */
export function checkObjects(
    { data: { objects }, environment }: Pick<Settings, "data" | "environment">,
    pools: readonly NodePoolPlan[],
    issues: Issues,
): void {
    if (objects.kind === "off") return;
    checkServers(objects, { pools, isProduction: environment === "production" }, issues);
    checkCopies(objects, issues);
    checkStorage(objects, issues);
    checkNames(objects, issues);
    for (const [name, user] of Object.entries(objects.users)) {
        if (takenNames.has(name))
            issues.add(key(`users.${name}`), "has a name that SeaweedFS has a meaning for", "choose another name");
        checkBuckets(key(`users.${name}`), user, objects, issues);
        checkConsumer(key(`users.${name}`), user, issues);
    }
}

/** By the first SeaweedFS knows callers who sign nothing, by the second the platform's file somebody who may do nothing. */
const takenNames: ReadonlySet<string> = new Set(["anonymous", "nobody"]);

const key = (name: string) => `data.objects.${name}`;

interface Standing {
    readonly pools: readonly NodePoolPlan[];
    readonly isProduction: boolean;
}

/** Each of them votes which one leads the others. */
function checkServers({ servers }: ObjectServers, { pools, isProduction }: Standing, issues: Issues): void {
    checkOdd(key("servers"), servers, issues);
    if (isProduction && servers < 3) {
        const words = `is ${servers}: in production no server's loss may take the majority`;
        issues.add(key("servers"), words, "set 3 or more");
    }
    checkZones(key("servers"), servers, zonesOf(pools, ["general"]), issues);
}

function checkCopies({ copies, servers }: ObjectServers, issues: Issues): void {
    if (copies > servers) {
        const words = `is ${copies}, but there are ${servers} servers, and none keeps the same piece twice`;
        issues.add(key("copies"), words, `set at most ${servers}, or raise data.objects.servers`);
    }
    if (copies > 1 || servers === 1) return;
    issues.add(key("copies"), `is 1: what one of the ${servers} servers has is lost with it`, "set 2 or more");
}

/** What is deleted stays in its file until that is written anew, beside the old one. */
const leastStorage = "2Gi";

function checkStorage({ storage }: ObjectServers, issues: Issues): void {
    if (bytes(storage) >= bytes(leastStorage)) return;
    const words = `is ${storage}, too little to write a file anew in when much of it was deleted`;
    issues.add(key("storage"), words, `set at least ${leastStorage}`);
}

/** @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03ebf5cf9f8eab3315ded2000cd07fff6/weed/s3api/s3bucket/s3api_bucket.go (VerifyS3BucketName) */
const reserved = /^xn--|-s3alias$|^filemeta$/;

function checkNames({ buckets }: ObjectServers, issues: Issues): void {
    for (const name of Object.keys(buckets).filter((each) => reserved.test(each)))
        issues.add(key(`buckets.${name}`), "has a name that S3 or SeaweedFS keeps for itself", "choose another name");
}

function checkBuckets(place: string, { reads, writes }: ObjectUser, { buckets }: ObjectServers, issues: Issues): void {
    for (const [way, named] of Object.entries({ reads, writes })) {
        for (const bucket of named.filter((each) => !Object.hasOwn(buckets, each))) {
            const known = Object.keys(buckets).join(", ") || "none";
            const words = `names the bucket ${bucket}, which is not there: there is ${known}`;
            issues.add(`${place}.${way}`, words, "add it to data.objects.buckets, or remove it here");
        }
    }
    if (reads.length + writes.length > 0) return;
    issues.add(place, "may neither read nor write anything", "name buckets in reads or writes, or remove it");
}
