import type { ChildProcess } from "node:child_process";
import * as path from "node:path";
import { prepared } from "./prepared";
import { freePort, here, type Scene } from "./servers";

/** Pods of Qdrant that know each other. */
export interface Qdrant {
    readonly urls: readonly string[];
    readonly process: ChildProcess;
}

/** Qdrant's engine behind its HTTP interface: no package has the server itself. */
export async function startQdrant(scene: Scene, pods: number): Promise<Qdrant> {
    const ports: number[] = [];
    for (let pod = 0; pod < pods; pod++) ports.push(await freePort());
    const urls = ports.map((port) => `http://${here}:${port}`);
    const words = [prepared().python, "-B", path.join(__dirname, "qdrantServer.py"), scene.place("qdrant")];
    const answers = async () => (await Promise.all(urls.map((url) => fetch(url)))).every(({ ok }) => ok);
    return { urls, process: await scene.start([...words, ...ports.map(String)], answers) };
}

export async function ask({ urls: [url] }: Qdrant, method: string, to: string, body?: unknown) {
    const data = body === undefined ? {} : { body: JSON.stringify(body) };
    const answer = await fetch(`${url}${to}`, { method, ...data });
    const said = await answer.text();
    if (!answer.ok) throw new Error(`${method} ${to}: ${answer.status} ${said}`);
    return JSON.parse(said).result;
}

/** What the next snapshot of the documents does: end after such a share of it, as if that were all; or be made while points are written. */
export async function haveNext(server: Qdrant, does: { readonly share: number } | { readonly points: unknown[] }) {
    await ask(server, "POST", "/next", { of: "documents", ...does });
}

export function points(from: number, to: number): unknown[] {
    return Array.from({ length: to - from }, (_, index) => {
        const id = from + index;
        const vector = [id % 7, 1, 2, 3, 4, 5, 6, id / 3];
        return { id, vector, payload: { said: `Schlüssel 鍵 ${id}`, rest: [null, id / 7, { a: true }] } };
    });
}

/** Parts with two copies each and an alias, parts by key of which one is empty, and a collection of nothing. */
export async function fill(server: Qdrant): Promise<void> {
    const two = { vectors: { size: 8, distance: "Cosine" }, shard_number: 2, replication_factor: 2 };
    await ask(server, "PUT", "/collections/documents", two);
    await ask(server, "PUT", "/collections/documents/index?wait=true", { field_name: "said", field_schema: "keyword" });
    await ask(server, "PUT", "/collections/documents/points?wait=true", { points: points(0, 2000) });
    const create_alias = { alias_name: "live", collection_name: "documents" };
    await ask(server, "POST", "/collections/aliases", { actions: [{ create_alias }] });
    const keyed = { vectors: { own: { size: 3, distance: "Dot" } }, sharding_method: "custom" };
    await ask(server, "PUT", "/collections/by%20tenant", keyed);
    for (const shard_key of ["one", "two"]) await ask(server, "PUT", "/collections/by%20tenant/shards", { shard_key });
    const own = Array.from({ length: 50 }, (_, id) => ({ id, vector: { own: [1, 2, id] }, payload: {} }));
    await ask(server, "PUT", "/collections/by%20tenant/points?wait=true", { points: own, shard_key: "two" });
}

/** What a caller finds. */
export async function found(server: Qdrant): Promise<readonly unknown[]> {
    const asked = { filter: { must: [{ slice: { total: 1, index: 0 } }] }, limit: 5000, offset: null };
    const held: unknown[] = [await ask(server, "GET", "/aliases")];
    for (const path of ["/collections/documents", "/collections/by%20tenant"]) {
        held.push(await ask(server, "GET", path));
        for (const url of server.urls) {
            const pod = { ...server, urls: [url] };
            const { local_shards: shards } = await ask(pod, "GET", `${path}/cluster`);
            for (const { shard_id: id } of shards) {
                const all = { ...asked, with_payload: true, with_vector: true };
                held.push([url, id, await ask(pod, "POST", `${path}/shards/${id}/points/scroll`, all)]);
            }
        }
    }
    return held;
}
