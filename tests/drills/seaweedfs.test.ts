import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { bucketsScript } from "../../components/data/objects/buckets";
import { planArguments, planSettings, planTransport } from "../../components/data/objects/environment";
import { planIdentities } from "../../components/data/objects/identities";
import { objectRegion } from "../../components/foundation/objectStore";
import { getObject, type ObjectStore, putObject } from "./objectStore";
import { withServers } from "./prepared";
import { freePort, here, Scene, tool } from "./servers";

jest.setTimeout(120_000);

/** What makes its certificates, as cert-manager does in a cluster. */
const hasOpenSsl = spawnSync("openssl", ["version"]).status === 0;

(hasOpenSsl ? withServers : describe.skip)("SeaweedFS, as pods run it (skipped without openssl)", () => {
    const scene = new Scene();
    const asked = { servers: 1, copies: 1, storage: "5Gi" } as const;
    const buckets = { media: { expireDays: 30 }, reports: { expireDays: undefined } } as const;
    const users = {
        backend: { reads: ["media"], writes: ["media"] },
        reader: { reads: ["media"], writes: [] },
        writer: { reads: [], writes: ["reports"] },
    } as const;
    const logins = Object.fromEntries(
        Object.keys(users).map((user) => [user, { access: `access-of-${user}`, secret: `secret-of-${user}` }]),
    );
    let tls: string;
    let ports: Readonly<Record<"master" | "volume" | "filer" | "s3", number>>;

    const authority = () => path.join(tls, "ca.crt");
    const shell = () => ({
        weed: tool("weed"),
        masters: `${here}:${ports.master}`,
        filer: `${here}:${ports.filer}`,
    });
    const order = (of: Readonly<Record<string, { readonly expireDays: number | undefined }>>) =>
        scene.run(["/bin/sh", "-c", bucketsScript({ buckets: of }, shell())], planTransport(tls));
    const as = (user: string, bucket = "media"): ObjectStore => ({
        endpoint: `https://${here}:${ports.s3}`,
        bucket,
        environment: {
            AWS_ACCESS_KEY_ID: logins[user]?.access ?? user,
            AWS_SECRET_ACCESS_KEY: logins[user]?.secret ?? "unknown",
            AWS_DEFAULT_REGION: objectRegion,
            SSL_CERT_FILE: authority(),
        },
        names: () => Promise.reject(new Error("nobody lists here")),
    });

    beforeAll(async () => {
        tls = scene.place("tls");
        await certify(scene, tls);
        const identities = path.join(tls, "identities.json");
        fs.writeFileSync(identities, planIdentities(users, logins));
        const [master, volume, filer, s3] = await Promise.all([freePort(), freePort(), freePort(), freePort()]);
        ports = { master, volume, filer, s3 };
        const all = [master, volume, filer, s3].flatMap((port) => [port, port + 10_000]).join("|");
        scene.forget(new RegExp(`^seaweedfs-[a-z0-9-]+-(${all})\\.sock$`));
        // The last of two equal options counts: here other servers may have the ports, and nobody else is to be answered.
        const moved = [
            `-dir=${scene.place("data")}`,
            `-ip.bind=${here}`,
            `-master.peers=${here}:${master}`,
            ...Object.entries(ports).map(([name, port]) => `-${name}.port=${port}`),
        ];
        const words = [...planArguments(asked, { host: here, certificate: tls, identities }), ...moved];
        const answers = async () => (await scene.run(probe("/healthz"))).stdout === "200";
        await scene.start([tool("weed"), "-logtostderr", ...words], answers, planSettings(asked, tls));
        const { code, stdout, stderr } = await order(buckets);
        expect({ code, stdout, stderr }).toMatchObject({ code: 0 });
    });
    afterAll(() => scene.end());

    const probe = (below: string, ...more: readonly string[]) => [
        ...["curl", "--silent", "--max-time", "5", "--output", "/dev/null", "--write-out", "%{http_code}"],
        ...["--cacert", authority(), ...more, below.startsWith("http") ? below : `https://${here}:${ports.s3}${below}`],
    ];

    test("gives a user what it was given, and nothing else", async () => {
        const data = Buffer.from("Ümit 鍵");
        await putObject(scene, as("backend"), "a/b.txt", data);
        expect(await getObject(scene, as("backend"), "a/b.txt")).toEqual(data);
        expect(await getObject(scene, as("reader"), "a/b.txt")).toEqual(data);
        await expect(putObject(scene, as("reader"), "a/b.txt", data)).rejects.toThrow(/403/);
        await expect(putObject(scene, as("reader"), "a/b.txt", undefined)).rejects.toThrow(/403/);
        await expect(putObject(scene, as("backend", "reports"), "a", data)).rejects.toThrow(/403/);
        await putObject(scene, as("writer", "reports"), "a", data);
        await expect(getObject(scene, as("writer", "reports"), "a")).rejects.toThrow(/403/);
        // Nor does it make a bucket that is not there.
        await expect(putObject(scene, as("backend", "other"), "a", data)).rejects.toThrow(/403/);
    });

    test("lets nobody in who signs with no key, or with one that it does not know, or with another's", async () => {
        await expect(getObject(scene, as("somebody"), "a/b.txt")).rejects.toThrow(/403/);
        const mixed = as("reader");
        const stolen = { ...mixed.environment, AWS_SECRET_ACCESS_KEY: "another" };
        await expect(getObject(scene, { ...mixed, environment: stolen }, "a/b.txt")).rejects.toThrow(/403/);
        expect((await scene.run(probe("/media/a/b.txt"))).stdout).toBe("403");
        expect((await scene.run(probe("/"))).stdout).toBe("403");
    });

    test("lets nobody in where nobody is named", () => {
        expect(JSON.parse(planIdentities({}, {})).identities).toHaveLength(1);
    });

    test.each(["master", "volume", "filer"] as const)(
        "has its %s answer whoever shows a certificate of its authority alone, and never in the clear",
        async (name) => {
            const own = ["--cert", path.join(tls, "tls.crt"), "--key", path.join(tls, "tls.key")];
            const url = `//${here}:${ports[name]}/`;
            expect((await scene.run(probe(`https:${url}`))).stdout).toBe("000");
            expect((await scene.run(probe(`https:${url}`, ...own))).stdout).not.toBe("000");
            expect((await scene.run(probe(`http:${url}`))).stdout).toBe("400");
            const grpc = `https://${here}:${ports[name] + 10_000}/`;
            expect((await scene.run(probe(grpc, "--http2"))).stdout).toBe("000");
            expect((await scene.run(probe(grpc, "--http2", ...own))).stdout).not.toBe("000");
        },
    );

    test("keeps what is written as long as its bucket says, and takes that back", async () => {
        const meta = async (bucket: string, name: string) => {
            const { weed, masters, filer } = shell();
            const words = [weed, "shell", `-master=${masters}`, `-filer=${filer}`];
            return scene.mustRun(words, planTransport(tls), `fs.meta.cat /buckets/${bucket}/${name}\n`);
        };
        await putObject(scene, as("backend"), "goes.txt", Buffer.from("in time"));
        expect(await meta("media", "goes.txt")).toMatch(new RegExp(`"ttlSec":\\s*${30 * 24 * 3600}\\b`));
        await putObject(scene, as("writer", "reports"), "stays.txt", Buffer.from("for ever"));
        expect(await meta("reports", "stays.txt")).toMatch(/"ttlSec":\s*0\b/);
        const forEver = { media: { expireDays: undefined }, reports: { expireDays: undefined } };
        expect(await order(forEver)).toMatchObject({ code: 0 });
        await putObject(scene, as("backend"), "later.txt", Buffer.from("for ever"));
        expect(await meta("media", "later.txt")).toMatch(/"ttlSec":\s*0\b/);
        // And what is there is there as before.
        expect(await getObject(scene, as("reader"), "goes.txt")).toEqual(Buffer.from("in time"));
    });

    test("does all of it a second time without harm, and says what could not be done", async () => {
        expect(await order(buckets)).toMatchObject({
            code: 0,
            stdout: expect.stringContaining("as they were asked for"),
        });
        const refused = await order({ "xn--media": { expireDays: undefined } });
        expect(refused).toMatchObject({ code: 1, stdout: expect.stringContaining("xn--media is not there") });
    });
});

/** An authority, and the one certificate that all parts show: for the address here. */
async function certify(scene: Scene, folder: string): Promise<void> {
    const at = (name: string) => path.join(folder, name);
    const key = ["ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out"];
    const subject = (name: string) => ["-subj", `/CN=${name}`];
    fs.writeFileSync(at("names"), `subjectAltName=IP:${here}\nextendedKeyUsage=serverAuth,clientAuth\n`);
    const steps = [
        [...key, at("ca.key")],
        ["req", "-x509", "-new", "-key", at("ca.key"), ...subject("authority"), "-days", "1", "-out", at("ca.crt")],
        [...key, at("tls.key")],
        ["req", "-new", "-key", at("tls.key"), ...subject("object-store"), "-out", at("tls.csr")],
        [
            ...["x509", "-req", "-in", at("tls.csr"), "-CA", at("ca.crt"), "-CAkey", at("ca.key"), "-CAcreateserial"],
            ...["-days", "1", "-extfile", at("names"), "-out", at("tls.crt")],
        ],
    ];
    for (const step of steps) await scene.mustRun(["openssl", ...step]);
}
