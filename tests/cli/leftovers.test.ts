import * as path from "node:path";
import type { ApiClient } from "../../simulator/session/kubernetes";
import {
    leftovers,
    objectsOfPlatform,
    type Remains,
    type Thing,
    thingsInCloud,
    thingsInState,
} from "../../simulator/session/leftovers";
import { statePaths } from "../../simulator/session/paths";
import { stateFile } from "../../simulator/session/recovery";
import { writePrivateFile } from "../../simulator/system/files";
import { scratchFolder } from "./support";

const scratch = scratchFolder();

const thing = (type: string, id: string, name = id): Thing => ({
    type,
    id,
    urn: `urn:pulumi:s::tars-platform::tars:cloud:Storage$${type}::${name}`,
    protect: false,
    retainOnDelete: false,
});

const bucket = thing("aws:s3/bucket:Bucket", "backups-1", "backups");
const vault = thing("azure-native:keyvault:Vault", "/vaults/v");
const nothing: Remains = { retained: [], inState: [], inCloud: [], inCluster: [] };

describe("after a stack's end", () => {
    test("what is declared to stay may be there, and nothing else", () => {
        expect(leftovers({ ...nothing, retained: [bucket], inCloud: [bucket] })).toEqual([]);
        expect(leftovers({ ...nothing, retained: [bucket], inCloud: [bucket, vault] })).toEqual([
            "Vault /vaults/v (/vaults/v) was left behind",
        ]);
    });

    test("what was to stay and is gone is missed, and so is one in whose place another is", () => {
        const another = thing(bucket.type, "backups-2", "backups");
        expect(leftovers({ ...nothing, retained: [bucket] })).toEqual([
            "Bucket backups (backups-1) was to stay and is gone",
        ]);
        expect(leftovers({ ...nothing, retained: [bucket], inCloud: [another] })).toEqual([
            "Bucket backups (backups-2) was left behind",
            "Bucket backups (backups-1) was to stay and is gone",
        ]);
    });

    test("the note that a deleted vault leaves is neither the vault nor something left behind", () => {
        const note = { ...vault, type: "deleted vault", id: "/deletedVaults/v" };
        expect(leftovers({ ...nothing, inCloud: [note] })).toEqual([]);
        expect(leftovers({ ...nothing, retained: [vault], inCloud: [note] })).toEqual([
            "Vault /vaults/v (/vaults/v) was to stay and is gone",
        ]);
    });

    test("the engine's state is empty, whatever stays", () => {
        expect(leftovers({ ...nothing, retained: [bucket], inCloud: [bucket], inState: [bucket] })).toEqual([
            "Bucket backups is in the state still",
        ]);
    });

    test("a cluster that is not the stack's own has nothing of it, and no cloud is asked", () => {
        const inCluster = ["Namespace tars"];
        expect(leftovers({ ...nothing, inCloud: undefined, retained: [bucket], inCluster })).toEqual([
            "Namespace tars was left in the cluster",
        ]);
    });
});

test("state and clouds are read as the engine and the simulated clouds write them", () => {
    const paths = statePaths("run", scratch.path);
    expect([thingsInState(paths, "s"), thingsInCloud(paths)]).toEqual([[], []]);
    const { protect, retainOnDelete, ...record } = bucket;
    writePrivateFile(path.join(paths.clouds, "aws.json"), JSON.stringify({ resources: [record] }));
    const resources = [
        { ...record, protect: true },
        { ...record, retainOnDelete: true },
    ];
    writePrivateFile(stateFile(paths, "s"), JSON.stringify({ checkpoint: { latest: { resources } } }));
    expect(thingsInCloud(paths)).toEqual([bucket]);
    expect(thingsInState(paths, "s")).toEqual([
        { ...bucket, protect: true },
        { ...bucket, retainOnDelete: true },
    ]);
});

test("objects of every kind that can be listed are asked for by the platform's label", async () => {
    const selector = "labelSelector=app.kubernetes.io%2Fpart-of%3Dtars";
    const kinds = (...names: readonly string[]) => ({
        resources: names.map((name) => ({ name, kind: `Kind of ${name}`, verbs: ["get", "list"] })),
    });
    const answers: Readonly<Record<string, object>> = {
        "/apis": { groups: [{ preferredVersion: { groupVersion: "storage.k8s.io/v1" } }] },
        "/api/v1": { resources: [...kinds("namespaces", "pods").resources, { name: "bindings", verbs: ["create"] }] },
        "/apis/storage.k8s.io/v1": kinds("storageclasses"),
        [`/api/v1/namespaces?${selector}`]: { items: [{ metadata: { name: "tars" } }] },
        [`/api/v1/pods?${selector}`]: { items: [{ metadata: { namespace: "tars", name: "web" } }] },
        [`/apis/storage.k8s.io/v1/storageclasses?${selector}`]: { items: [] },
    };
    const api: ApiClient = {
        server: "",
        get: async (asked) => answers[asked] ?? Promise.reject(new Error(`nobody expects ${asked}`)),
    };
    expect(await objectsOfPlatform(api)).toEqual(["Kind of namespaces tars", "Kind of pods tars/web"]);
});
