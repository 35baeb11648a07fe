import type { ChildProcess } from "node:child_process";
import { prepared } from "./prepared";
import { answersHttp, freePort, here, type Scene } from "./servers";

/** The program of the image, which the wheel has as a library. */
const main = "import sys, chromadb_rust_bindings; chromadb_rust_bindings.cli(['chroma', *sys.argv[1:]])";

export interface Chroma {
    readonly url: string;
    readonly process: ChildProcess;
}

export async function startChroma(scene: Scene): Promise<Chroma> {
    const port = await freePort();
    const url = `http://${here}:${port}`;
    const options = ["run", "--path", scene.place("chroma"), "--host", here, "--port", `${port}`];
    const process = await scene.start([prepared().python, "-c", main, ...options], () =>
        answersHttp(`${url}/api/v2/heartbeat`),
    );
    return { url, process };
}

const database = "/api/v2/tenants/default_tenant/databases";

export async function ask(url: string, body?: unknown): Promise<unknown> {
    const headers = { "content-type": "application/json" };
    const answer = await fetch(url, body === undefined ? {} : { method: "POST", headers, body: JSON.stringify(body) });
    if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
    return answer.json();
}

export interface Filling {
    readonly database: string;
    readonly name: string;
    readonly space: "cosine" | "l2" | "ip";
    readonly records: number;
}

/** Documents in many scripts, vectors of eight numbers, and metadata of every type; each third without the last. */
export async function fill({ url }: Chroma, { database: within, name, space, records }: Filling): Promise<void> {
    if (within !== "default_database") await ask(`${url}${database}`, { name: within });
    const collections = `${url}${database}/${within}/collections`;
    const configuration = { hnsw: { space, sync_threshold: 100, batch_size: 50 } };
    const made = await ask(collections, { name, metadata: { of: "a test" }, configuration });
    const { id } = made as { readonly id: string };
    for (let first = 0; first < records; first += 250) {
        const rows = Array.from({ length: Math.min(250, records - first) }, (_, index) => first + index);
        await ask(`${collections}/${id}/add`, {
            ids: rows.map((row) => `${name}/${row}`),
            embeddings: rows.map((row) => Array.from({ length: 8 }, (_, at) => Math.sin(row * 8 + at) * 3)),
            documents: rows.map((row) => (row % 5 === 0 ? null : `Schlüssel ${row} 鍵 "\n" 🔑`)),
            metadatas: rows.map((row) =>
                row % 3 === 0 ? null : { row, share: row / 7, even: row % 2 === 0, text: "é" },
            ),
        });
    }
}

/** What a caller finds: the nearest to a question, and how many there are. */
export async function found({ url }: Chroma, { database: within, name }: Filling): Promise<unknown> {
    const collections = `${url}${database}/${within}/collections`;
    const { id } = (await ask(`${collections}/${name}`)) as { readonly id: string };
    const asked = {
        query_embeddings: [[3, 1, -2, -3, -1, 2, 3, 1]],
        n_results: 5,
        include: ["documents", "metadatas"],
    };
    const { ids, documents, metadatas } = (await ask(`${collections}/${id}/query`, asked)) as Record<string, unknown>;
    return { ids, documents, metadatas, count: await ask(`${collections}/${id}/count`) };
}

export async function holdsCollections({ url }: Chroma): Promise<boolean> {
    const databases = (await ask(`${url}${database}`)) as readonly { readonly name: string }[];
    const found = await Promise.all(databases.map(({ name }) => ask(`${url}${database}/${name}/collections`)));
    return found.flat().length > 0;
}
