import type { Case, Changes } from "./case";

const objects = (more: object = {}): Changes => ({ "data.objects": { kind: "seaweedfs", ...more } });
const user = { namespace: "tars", serviceAccount: "tars-backend", reads: ["media"] };
const withUser = (changes: object = {}): Changes =>
    objects({ buckets: { media: {} }, users: { backend: { ...user, ...changes } } });

/** Of production on AWS: three zones. */
export const objectsOnAws: readonly Case[] = [
    [
        "an even number of servers of objects",
        objects({ servers: 2 }),
        "data.objects.servers: is 2: half of them are no majority, so one more would be lost for nothing",
    ],
    [
        "more servers of objects than zones",
        objects({ servers: 5 }),
        "data.objects.servers: is 5, more than the 3 zones of the nodes: two would be lost with one",
    ],
    [
        "one server of objects in production",
        objects({ servers: 1 }),
        "data.objects.servers: is 1: in production no server's loss may take the majority",
    ],
    [
        "objects of which there is one copy",
        objects({ copies: 1 }),
        "data.objects.copies: is 1: what one of the 3 servers has is lost with it",
    ],
    [
        "a volume that has no room to write a file anew",
        objects({ storage: "1Gi" }),
        "data.objects.storage: is 1Gi, too little to write a file anew in",
    ],
    [
        "a user of a bucket that is not there",
        withUser({ writes: ["media", "reports"] }),
        "data.objects.users.backend.writes: names the bucket reports, which is not there: there is media",
    ],
    [
        "a user of objects who may do nothing",
        withUser({ reads: [] }),
        "data.objects.users.backend: may neither read nor write anything",
    ],
    [
        "an unknown consumer of objects",
        withUser({ serviceAccount: "tars-bakend" }),
        "data.objects.users.backend: is for tars/tars-bakend, an unknown consumer: it is no workload of the platform",
    ],
    [
        "a user of objects for whoever signs nothing",
        objects({ buckets: { media: {} }, users: { anonymous: user } }),
        "data.objects.users.anonymous: has a name that SeaweedFS has a meaning for",
    ],
    ["a bucket whose name S3 does not take", objects({ buckets: { Media_1: {} } }), "data.objects.buckets"],
    ["a bucket with a name of two letters", objects({ buckets: { ab: {} } }), "data.objects.buckets"],
    [
        "a bucket with a name that SeaweedFS keeps for itself",
        objects({ buckets: { filemeta: {} } }),
        "data.objects.buckets.filemeta: has a name that S3 or SeaweedFS keeps for itself",
    ],
    [
        "a time of a bucket that SeaweedFS does not count in days",
        objects({ buckets: { media: { expireDays: 400 } } }),
        "data.objects.buckets.media.expireDays",
    ],
    [
        "a server of objects that fits no node",
        objects({ server: { cpu: "200", memory: "4Gi" } }),
        "object-store: one pod requests 200 cpu",
    ],
];

export const objectsOnDev: readonly Case[] = [
    [
        "three servers of objects where nodes are in no zones",
        objects({ servers: 3 }),
        "data.objects.servers: is 3, more than the 1 zones of the nodes",
    ],
    [
        "more copies of objects than servers",
        objects({ copies: 2 }),
        "data.objects.copies: is 2, but there are 1 servers, and none keeps the same piece twice",
    ],
];
