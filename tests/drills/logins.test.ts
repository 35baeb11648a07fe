import * as fs from "node:fs";
import * as http from "node:http";
import type { AddressInfo } from "node:net";
import * as path from "node:path";
import { storeProgram } from "./objectStore";
import { prepared, withServers } from "./prepared";
import { here, Scene } from "./servers";

jest.setTimeout(120_000);

interface Asked {
    readonly method: string;
    readonly url: URL;
    readonly headers: http.IncomingHttpHeaders;
    readonly body: string;
}

/**
 * What the two clouds have that no program here has: who hands out credentials, and Azure's store. Each answers as its maker's document says; no cloud has been
 * asked. S3 itself is a real store's in the other tests.
 */
withServers("logging in as a pod", () => {
    const scene = new Scene();
    const asked: Asked[] = [];
    const blobs = new Map<string, string>();
    let url: string;
    let server: http.Server;
    const token = path.join(scene.folder, "token");

    beforeAll(async () => {
        fs.writeFileSync(token, "token-of-the-pod\n");
        server = http.createServer((request, response) => {
            const parts: Buffer[] = [];
            request.on("data", (part) => parts.push(part));
            request.on("end", () => {
                const { method = "", headers } = request;
                const call = {
                    method,
                    url: new URL(request.url ?? "", url),
                    headers,
                    body: Buffer.concat(parts).toString(),
                };
                asked.push(call);
                const [status, text] = answer(call);
                response.writeHead(status, { "content-length": Buffer.byteLength(text) }).end(text);
            });
        });
        await new Promise<void>((resolve) => server.listen(0, here, resolve));
        url = `http://${here}:${(server.address() as AddressInfo).port}`;
    });
    beforeEach(() => void asked.splice(0));
    afterAll(async () => {
        server.close();
        await scene.end();
    });

    function answer(call: Asked): readonly [number, string] {
        const { pathname, searchParams } = call.url;
        if (pathname === "/credentials") {
            if (call.headers.authorization !== "token-of-the-pod") return [401, ""];
            const Expiration = new Date(Date.now() + 3_600_000).toISOString().replace(/\.\d+/, "");
            return [
                200,
                JSON.stringify({ AccessKeyId: "key", SecretAccessKey: "secret", Token: "session", Expiration }),
            ];
        }
        if (pathname === "/tenant/oauth2/v2.0/token")
            return [200, JSON.stringify({ access_token: "entra", expires_in: 3599 })];
        if (!pathname.startsWith("/account/backups")) return [200, "<ListBucketResult/>"];
        if (call.headers.authorization !== "Bearer entra") return [403, ""];
        const name = decodeURIComponent(pathname.slice("/account/backups/".length));
        if (searchParams.get("comp") === "list") return [200, page(searchParams)];
        if (call.method === "PUT") blobs.set(name, call.body);
        if (call.method === "DELETE") blobs.delete(name);
        return [blobs.has(name) || call.method === "DELETE" ? 200 : 404, blobs.get(name) ?? ""];
    }

    /** Two names a page. @see https://learn.microsoft.com/rest/api/storageservices/list-blobs */
    function page(query: URLSearchParams): string {
        const names = [...blobs.keys()].filter((name) => name.startsWith(query.get("prefix") ?? "")).sort();
        const first = Number(query.get("marker") || 0);
        const marker = first + 2 < names.length ? `${first + 2}` : "";
        const written = "<Properties><Last-Modified>Sun, 22 Nov 2026 01:45:00 GMT</Last-Modified></Properties>";
        const found = names.slice(first, first + 2).map((name) => `<Blob><Name>${name}</Name>${written}</Blob>`);
        return `\ufeff<?xml version="1.0"?><EnumerationResults><Blobs>${found.join("")}</Blobs><NextMarker>${marker}</NextMarker></EnumerationResults>`;
    }

    const run = (kind: string, action: string, name: string, data: string, env: Readonly<Record<string, string>>) =>
        scene.mustRun(
            [prepared().python, "-B", "-c", storeProgram, action, name],
            { ...env, STORE_KIND: kind },
            Buffer.from(data).toString("base64"),
        );

    test("of EKS: signed with what the node's agent gives for the pod's token, session and checksum with it", async () => {
        const env = {
            STORE_BUCKET: "backups",
            STORE_REGION: "eu-central-1",
            STORE_ENDPOINT: url,
            AWS_CONTAINER_CREDENTIALS_FULL_URI: `${url}/credentials`,
            AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE: token,
        };
        await run("s3", "put", "chromadb/a b", "content", env);
        expect(asked.map(({ method, url: { pathname } }) => `${method} ${pathname}`)).toEqual([
            "GET /credentials",
            "PUT /backups/chromadb/a%20b",
        ]);
        expect(asked[1]?.headers).toMatchObject({
            authorization: expect.stringMatching(
                /^AWS4-HMAC-SHA256 Credential=key\/\d{8}\/eu-central-1\/s3\/aws4_request, SignedHeaders=content-md5;host;x-amz-content-sha256;x-amz-date;x-amz-security-token, Signature=[0-9a-f]{64}$/,
            ),
            "x-amz-security-token": "session",
            "content-md5": "mgNkuembtIDdJeHwKEyFVQ==",
        });
    });

    test("of AKS: the pod's token for one of Entra, and with that into the container", async () => {
        const env = {
            STORE_URL: `${url}/account/backups`,
            AZURE_AUTHORITY_HOST: `${url}/`,
            AZURE_TENANT_ID: "tenant",
            AZURE_CLIENT_ID: "client",
            AZURE_FEDERATED_TOKEN_FILE: token,
        };
        for (const name of ["a", "b c", "d/鍵"])
            await run("blob", "put", `chromadb/${name}`, `content of ${name}`, env);
        expect(new URLSearchParams(asked[0]?.body).get("client_assertion")).toBe("token-of-the-pod");
        expect(asked[1]?.headers).toMatchObject({ "x-ms-blob-type": "BlockBlob", "x-ms-version": "2021-12-02" });
        expect(JSON.parse(await run("blob", "names", "chromadb/", "", env))).toEqual([
            "chromadb/a",
            "chromadb/b c",
            "chromadb/d/鍵",
        ]);
        const read = await run("blob", "get", "chromadb/d/鍵", "", env);
        expect(Buffer.from(read, "base64").toString()).toBe("content of d/鍵");
        await run("blob", "delete", "chromadb/a", "", env);
        await expect(run("blob", "get", "chromadb/a", "", env)).rejects.toThrow(/404/);
    });
});
