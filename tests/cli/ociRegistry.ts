import { createHash } from "node:crypto";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";

const manifest = `{"schemaVersion":2}`;

/** Digest of every image that the registry has. */
export const digest = `sha256:${createHash("sha256").update(manifest).digest("hex")}`;

/** The password that the registry knows the user `ada` by. */
export const password = "hunter2-c0ffee";

/** An OCI registry on this machine while the tests of a file run; says where it is. */
export function startRegistry(): { readonly host: () => string } {
    const server = createServer((request, response) => void answer(request, response));
    beforeAll(() => new Promise<void>((done) => server.listen(0, "127.0.0.1", done)));
    afterAll(() => new Promise((done) => server.close(done)));
    return {
        host: () => {
            const address = server.address();
            if (address === null || typeof address === "string") throw new Error("the registry does not listen");
            return `127.0.0.1:${address.port}`;
        },
    };
}

/** `open` answers anybody, `token` wants a token, `private` one that only a login gets; `moved`, `plain` and `loop` are elsewhere. */
function answer({ method, url = "", headers }: IncomingMessage, response: ServerResponse): ServerResponse {
    const { pathname, searchParams } = new URL(url, "http://x");
    const [, , repository = "", , tag = ""] = pathname.split("/");
    if (pathname === "/token") {
        const scope = searchParams.get("scope")?.split(":")[1] ?? "";
        const basic = `Basic ${Buffer.from(`ada:${password}`).toString("base64")}`;
        if (scope === "private" && headers.authorization !== basic) return response.writeHead(401).end();
        return response.end(JSON.stringify({ token: scope }));
    }
    const location = { moved: `/v2/open/manifests/${tag}`, plain: "http://registry.invalid/v2/", loop: url };
    const elsewhere = new Map(Object.entries(location)).get(repository);
    if (elsewhere !== undefined) return response.writeHead(307, { location: elsewhere }).end();
    if (["token", "private"].includes(repository) && headers.authorization !== `Bearer ${repository}`) {
        const realm = `Bearer realm="http://${headers.host}/token",service="tests",scope="repository:${repository}:pull"`;
        return response.writeHead(401, { "www-authenticate": realm }).end();
    }
    if (tag === "gone" || !headers.accept?.includes("image.index")) return response.writeHead(404).end();
    const known = repository === "bare" ? {} : { "docker-content-digest": digest };
    return response.writeHead(200, known).end(method === "HEAD" ? undefined : manifest);
}
