import type { core } from "@pulumi/kubernetes/types/input";
import { type ObjectServers, objectStore } from "../../foundation/objectStore";
import { bytes } from "../../foundation/quantities";
import { podHost } from "../../kubernetes/certifiedNames";
import { images } from "../../kubernetes/images";

/** Where pods have the certificate by which they know each other, and show callers of S3. */
export const certificateFolder = "/run/secrets/certificate";

/** Where they have who may do what. */
export const identitiesFolder = "/run/secrets/identities";
export const identitiesKey = "identities.json";

/** Parts of the program that are called by gRPC, and by HTTP. */
const calledByGrpc = ["MASTER", "VOLUME", "FILER", "S3"] as const;
const calledByHttp = ["MASTER", "VOLUME", "FILER"] as const;

/**
 * Both ends of every call between parts, each of which shows the other a certificate of the one authority: all settings of security.toml, which the program
 * takes from the environment as well. What it cannot make sense of it leaves out, and talks in the clear: the newest version alone is also the oldest, because
 * a least without a most is such a setting (`NewServerCreds`). All files but the authority's are read again when they change.
 *
 * @param folder of the certificate, its key and the authority's
 * @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03/weed/command/scaffold/security.toml
 * @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03/weed/security/tls.go
 */
export function planTransport(folder: string): Readonly<Record<string, string>> {
    const pair = (part: string) => [
        [`WEED_${part}_CERT`, `${folder}/tls.crt`],
        [`WEED_${part}_KEY`, `${folder}/tls.key`],
    ];
    const authority = `${folder}/ca.crt`;
    return Object.fromEntries([
        ["WEED_TLS_MIN_VERSION", "TLS 1.3"],
        ["WEED_TLS_MAX_VERSION", "TLS 1.3"],
        ["WEED_GRPC_CA", authority],
        ...[...calledByGrpc, "CLIENT"].flatMap((part) => pair(`GRPC_${part}`)),
        ["WEED_HTTPS_CLIENT_ENABLED", "true"],
        ...[...calledByHttp, "CLIENT"].flatMap((part) => [
            ...pair(`HTTPS_${part}`),
            [`WEED_HTTPS_${part}_CA`, authority],
        ]),
    ]);
}

/**
 * Files of data that are begun at once for each bucket, where the program's own numbers (7 of one copy) would share a small volume out among few buckets.
 *
 * @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03/weed/command/scaffold/master.toml
 */
const begunAtOnce = 2;

/**
 * Settings of a server that are no arguments.
 *
 * @param copies servers that each piece is on
 */
export function planSettings(
    { copies }: Pick<ObjectServers, "copies">,
    folder: string = certificateFolder,
): Readonly<Record<string, string>> {
    return { ...planTransport(folder), [`WEED_MASTER_VOLUME_GROWTH_COPY_${copies}`]: `${begunAtOnce}` };
}

export function planEnvironment(asked: Pick<ObjectServers, "copies">): core.v1.EnvVar[] {
    return [
        { name: "POD_NAME", valueFrom: { fieldRef: { fieldPath: "metadata.name" } } },
        ...Object.entries(planSettings(asked)).map(([name, value]) => ({ name, value })),
    ];
}

/** Most of one file of data, in MiB: a hundredth of the volume as a power of two, of 64 to 1024, as `weed mini` reckons (weed/command/mini.go, calculateOptimalVolumeSizeMB). */
export function fileSizeOf({ storage }: Pick<ObjectServers, "storage">): number {
    const hundredth = Math.max(1, bytes(storage) / 2 ** 20 / 100);
    return Math.min(1024, Math.max(64, 2 ** Math.ceil(Math.log2(hundredth))));
}

const { master, filer, https } = images.seaweedfs.ports;

/** Hosts of servers, as they call each other. */
function serversOf({ servers }: Pick<ObjectServers, "servers">): readonly string[] {
    return Array.from({ length: servers }, (_, index) => podHost(objectStore, `${objectStore}-${index}`));
}

/** Where SeaweedFS' own programs ask: masters, and anybody ready who knows names. */
export function addressesOf(asked: Pick<ObjectServers, "servers">) {
    const masters = serversOf(asked).map((host) => `${host}:${master}`);
    return { masters: masters.join(","), filer: `${objectStore}:${filer}` };
}

export interface ServerPlaces {
    /** Name by which others call this server. */
    readonly host: string;
    readonly certificate: string;
    readonly identities: string;
}

/** Where things are in a pod. */
const inPod: ServerPlaces = {
    host: podHost(objectStore, "$(POD_NAME)"),
    certificate: certificateFolder,
    identities: `${identitiesFolder}/${identitiesKey}`,
};

/**
 * One process with all parts. Its S3 makes no bucket of itself, and deletes none that has anything in it; nobody makes users by calling it; pages for people and
 * catalogues are off, and nothing is told to its makers.
 *
 * @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03/weed/command/server.go
 * @see https://github.com/seaweedfs/seaweedfs/blob/cc8364a03/docker/entrypoint.sh
 */
export function planArguments(
    asked: Pick<ObjectServers, "servers" | "copies" | "storage">,
    places: ServerPlaces = inPod,
): readonly string[] {
    const { host, certificate, identities } = places;
    return [
        "server",
        "-dir=/data",
        `-ip=${host}`,
        "-ip.bind=0.0.0.0",
        `-master.peers=${addressesOf(asked).masters}`,
        // Another copy is on another server: each of these is in a zone of its own.
        `-master.defaultReplication=00${asked.copies - 1}`,
        `-master.volumeSizeLimitMB=${fileSizeOf(asked)}`,
        "-master.telemetry=false",
        // As many files as the volume has room for.
        "-volume.max=0",
        "-volume.minFreeSpace=5",
        "-filer.exposeDirectoryData=false",
        "-filer.ui.deleteDir=false",
        "-s3",
        `-s3.port=${https}`,
        `-s3.cert.file=${certificate}/tls.crt`,
        `-s3.key.file=${certificate}/tls.key`,
        `-s3.config=${identities}`,
        "-s3.iam=false",
        "-s3.autoCreateBucket=false",
        "-s3.allowDeleteBucketNotEmpty=false",
        "-s3.port.iceberg=0",
        "-s3.port.lance=0",
    ];
}
