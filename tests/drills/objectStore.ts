import * as path from "node:path";
import { prepared } from "./prepared";
import { answersHttp, freePort, here, type Scene, tool } from "./servers";

/** An S3 store of the test's own, as programs are told of it. */
export interface ObjectStore {
    readonly endpoint: string;
    readonly bucket: string;
    readonly environment: Readonly<Record<string, string>>;
    readonly names: (scene: Scene, below: string) => Promise<readonly string[]>;
}

const login = { AWS_ACCESS_KEY_ID: "drill", AWS_SECRET_ACCESS_KEY: "only-of-this-test" } as const;

export async function startObjectStore(scene: Scene): Promise<ObjectStore> {
    const options = ["master.port", "volume.port", "filer.port", "s3.port", "admin.port"];
    const ports = await Promise.all(options.map(freePort));
    const local = [`-ip=${here}`, `-ip.bind=${here}`, "-master.telemetry=false"];
    const none = ["-webdav=false", "-admin.ui=false", "-s3.port.iceberg=0", "-s3.port.lance=0"];
    const bucket = "backups";
    const listening = options.map((name, index) => `-${name}=${ports[index]}`);
    const words = ["mini", `-dir=${scene.place("store")}`, `-bucket=${bucket}`, ...listening, ...local, ...none];
    // Its parts call each other through sockets, named by their ports and by those of their calls.
    const named = ports.flatMap((port) => [port, port + 10_000]).join("|");
    scene.forget(new RegExp(`^seaweedfs-[a-z0-9-]+-(${named})\\.sock$`));
    const endpoint = `http://${here}:${ports[options.indexOf("s3.port")]}`;
    const environment = { ...login, AWS_DEFAULT_REGION: "eu-central-1" };
    const store = { endpoint, bucket, environment };
    // It answers before it has made the bucket.
    const listed = () => scene.run(clientWords("names", ""), storeEnvironment(store));
    const isReady = async () => (await answersHttp(`${endpoint}/healthz`)) && (await listed()).code === 0;
    await scene.start([tool("weed"), "-logtostderr", ...words], isReady, login);
    return { ...store, names: async (by, below) => JSON.parse(await client(by, store, "names", below)) };
}

const scripts = path.resolve(__dirname, "..", "..", "components", "data", "drills", "scripts");

/** The platform's own client of stores, on a bucket or container as a whole. */
export const storeProgram = `
import base64, json, os, sys
sys.path.insert(0, ${JSON.stringify(scripts)})
import blob, s3
store = {"s3": s3, "blob": blob}[os.environ["STORE_KIND"]].from_environment(os.environ)
action, name = sys.argv[1], sys.argv[2]
data = base64.b64decode(sys.stdin.read())
if action == "names": print(json.dumps(sorted(dict(store.listed(name)))))
if action == "get": print(base64.b64encode(store.get(name)).decode())
if action == "put": store.put(name, data)
if action == "delete": store.delete(name)
`;

const clientWords = (action: string, name: string) => [prepared().python, "-B", "-c", storeProgram, action, name];

type Told = Pick<ObjectStore, "endpoint" | "bucket" | "environment">;

function client(
    scene: Scene,
    store: Told,
    action: string,
    name: string,
    data: Buffer = Buffer.alloc(0),
): Promise<string> {
    return scene.mustRun(clientWords(action, name), storeEnvironment(store), data.toString("base64"));
}

/** What the platform's programs are told of it, but for the folder. */
export function storeEnvironment({ endpoint, bucket, environment }: Told): Readonly<Record<string, string>> {
    const { AWS_DEFAULT_REGION: region = "" } = environment;
    return { ...environment, STORE_KIND: "s3", STORE_BUCKET: bucket, STORE_REGION: region, STORE_ENDPOINT: endpoint };
}

export async function getObject(scene: Scene, store: ObjectStore, name: string): Promise<Buffer> {
    return Buffer.from(await client(scene, store, "get", name), "base64");
}

/** @param data what it is to be; undefined to delete it */
export async function putObject(
    scene: Scene,
    store: ObjectStore,
    name: string,
    data: Buffer | undefined,
): Promise<void> {
    await client(scene, store, data === undefined ? "delete" : "put", name, data);
}

/** Does something while an object is not as it was: changed as a broken disk, or somebody, would; or gone. */
export async function changeObject<Result>(
    scene: Scene,
    store: ObjectStore,
    name: string,
    to: ((data: Buffer) => Buffer) | undefined,
    meanwhile: () => Promise<Result>,
): Promise<Result> {
    const data = await getObject(scene, store, name);
    await putObject(scene, store, name, to?.(data));
    try {
        return await meanwhile();
    } finally {
        await putObject(scene, store, name, data);
    }
}
