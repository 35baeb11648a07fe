import * as fs from "node:fs";
import { imagesOf, type Locked, planLock, resolveImages } from "../../cli/src/images/lock";
import { dockerLogins } from "../../cli/src/images/login";
import { loginNames, readReference } from "../../cli/src/images/reference";
import { commandLine } from "../../cli/src/main";
import type { Registration } from "../../cli/src/registrations";
import { Issues } from "../../components/foundation/issues";
import { parseImageLock, readImageDigests } from "../../components/settings/imageLock";
import { digest, password, startRegistry } from "./ociRegistry";
import { scratchFolder } from "./support";

let mockImages: readonly string[] = [];
jest.mock("../../cli/src/check", () => ({
    checkProgram: async () => mockImages.map((image, index) => registration(`p${index}`, { containers: [{ image }] })),
}));

const scratch = scratchFolder();
const other = `sha256:${"0".repeat(64)}`;

const server = startRegistry();
const at = (image: string) => `${server.host()}/${image}`;

function registration(name: string, pod: object, type = "kubernetes:apps/v1:Deployment"): Registration {
    const inputs = { spec: { template: { spec: pod } } };
    return {
        urn: `urn:pulumi:dev::x::${type}::${name}`,
        type,
        name,
        parent: "",
        provider: "",
        inputs,
        dependencies: [],
        sources: {},
    };
}

const nobody = () => undefined;

test("images of all kinds of containers, each once, without those that only a digest names", () => {
    const pod = {
        containers: [{ image: "a.io/x:1" }, { image: `a.io/y:2@${digest}` }, { image: `a.io/z@${digest}` }, {}],
        initContainers: [{ image: "a.io/x:1" }, { image: "b:5000/w" }],
        volumes: [{ image: "a.io/no:1" }],
    };
    const found = imagesOf([registration("a", pod), registration("b", pod, "aws:ecs/taskDefinition:TaskDefinition")]);
    expect(found).toEqual(["a.io/x:1", "a.io/y:2", "b:5000/w"]);
});

test("images that charts are told to run, with their registry or beside it", () => {
    const values = {
        controller: { image: { registry: "a.io", repository: "x/y", tag: `v1@${digest}` } },
        others: [{ image: { repository: "b.io/z", tag: "2" } }, { image: { repository: "b.io/w", tag: "" } }],
        registry: "c.io",
        tag: "3",
    };
    const chart = registration("a", { chart: "x", values }, "kubernetes:helm.sh/v4:Chart");
    expect(imagesOf([chart])).toEqual(["a.io/x/y:v1", "b.io/z:2"]);
});

test("images that charts are told of as a whole, or by their name where the rest is at the top", () => {
    const istio = { image: `a.io/release/pilot:1-distroless@${digest}`, global: { proxy: { image: "a.io/proxy:1" } } };
    const certManager = {
        imageRegistry: "b.io",
        imageNamespace: "jetstack",
        image: { name: "controller", tag: "v1", digest },
        webhook: { image: { name: "webhook", tag: "v1" } },
        serviceAccount: { name: "cert-manager" },
    };
    const charts = [
        istio,
        { ...certManager, hub: "c.io/release", tag: "9" },
        { image: "proxyv2", level: "info:debug" },
    ];
    const found = charts.map((values) => registration("a", { chart: "x", values }, "kubernetes:helm.sh/v4:Chart"));
    expect(imagesOf(found)).toEqual([
        "a.io/proxy:1",
        "a.io/release/pilot:1-distroless",
        "b.io/jetstack/controller:v1",
        "b.io/jetstack/webhook:v1",
    ]);
});

test.each([
    ["docker.io/library/redis:7.2", "registry-1.docker.io", "library/redis", "7.2"],
    ["redis:7.2", "registry-1.docker.io", "library/redis", "7.2"],
    ["ollama/ollama:0.3", "registry-1.docker.io", "ollama/ollama", "0.3"],
    ["docker.io/redis:7", "registry-1.docker.io", "library/redis", "7"],
    ["ghcr.io/chroma-core/chroma:1.5.3", "ghcr.io", "chroma-core/chroma", "1.5.3"],
    ["localhost/x:1", "localhost", "x", "1"],
    ["r.example:5000/a/b:v1", "r.example:5000", "a/b", "v1"],
])("%s is asked of %s", (image, host, repository, tag) => {
    expect(readReference(image)).toEqual({ registry: host, repository, tag });
});

test.each(["redis", "redis:latest", "r.example:5000/a", `redis@${digest}`, ""])("%j has no exact tag", (image) => {
    expect(readReference(image)).toBeUndefined();
});

describe("a registry", () => {
    const ask = (images: readonly string[], login: (registry: string) => string | undefined = nobody) =>
        resolveImages(images.map(at), login);
    const reasons = (results: readonly Locked[]) =>
        results.map((result) => (result.kind === "failed" ? result.reason : ""));

    test.each(["open:1", "token:1", "moved:1", "bare:1"])("gives the digest of %s to anybody", async (image) => {
        expect(await ask([image])).toEqual([{ kind: "locked", image: at(image), digest, registry: server.host() }]);
    });

    test("gives a private one to the user's login only, and no reason shows the password", async () => {
        expect(await ask(["private:1"], () => `ada:${password}`)).toMatchObject([{ kind: "locked", digest }]);
        const refused = await ask(["private:1"], () => `ada:wrong-${password}`);
        expect(reasons(refused)).toEqual([expect.stringMatching(/gave no token: it answered 401$/)]);
        expect(JSON.stringify(refused)).not.toContain(password);
    });

    test("that fails is named with the reason, and the others are asked all the same", async () => {
        const results = await ask(["open:gone", "plain:1", "loop:1", "open", "open:1"]);
        expect(reasons(results)).toEqual([
            expect.stringMatching(/^127\.0\.0\.1:\d+ answered 404$/),
            "registry.invalid is not asked without TLS",
            expect.stringMatching(/redirects without end$/),
            "it has no exact tag",
            "",
        ]);
        const [down] = await resolveImages(["127.0.0.1:1/x:1"], nobody);
        expect(down).toMatchObject({
            kind: "failed",
            reason: expect.stringMatching(/^127\.0\.0\.1:1 cannot be reached/),
        });
    });
});

test("logins are those of Docker's own file", () => {
    const auth = Buffer.from(`ada:${password}`).toString("base64");
    process.env.DOCKER_CONFIG = scratch.path;
    try {
        expect(dockerLogins()("ghcr.io")).toBeUndefined();
        fs.writeFileSync(
            scratch.at("config.json"),
            JSON.stringify({ auths: { "https://index.docker.io/v1/": { auth } } }),
        );
        expect([dockerLogins()("registry-1.docker.io"), dockerLogins()("ghcr.io")]).toEqual([
            `ada:${password}`,
            undefined,
        ]);
        fs.writeFileSync(scratch.at("config.json"), `{"auths": ${auth}`);
        expect(() => dockerLogins()).toThrow(/config\.json: it is no JSON$/);
    } finally {
        delete process.env.DOCKER_CONFIG;
    }
    expect(loginNames("ghcr.io")).toEqual(["ghcr.io", "https://ghcr.io"]);
});

test("a lock keeps what failed and the day of what did not change, and drops what runs no more", () => {
    const entry = (sum: string) => ({ digest: sum, registry: "r", date: "2026-01-01" });
    const before = {
        images: { "a:1": entry(digest), "b:1": entry(other), "c:1": entry(digest), "d:1": entry(digest) },
    };
    const locked = (image: string) => ({ kind: "locked", image, digest, registry: "r" }) as const;
    const failed = (image: string) => ({ kind: "failed", image, reason: "x" }) as const;
    const results = [locked("a:1"), locked("b:1"), failed("c:1"), failed("e:1")];
    expect(planLock(before, results, "2026-11-21").images).toEqual({
        "a:1": entry(digest),
        "b:1": { digest, registry: "r", date: "2026-11-21" },
        "c:1": entry(digest),
    });
});

describe("tars images lock", () => {
    const file = scratch.at("images.lock.json");
    const said: string[] = [];
    const run = async (...images: readonly string[]) => {
        mockImages = images.map(at);
        said.length = 0;
        const write = jest
            .spyOn(process.stderr, "write")
            .mockImplementation((text) => Boolean(said.push(String(text))));
        const argv = ["node", "tars", "images", "lock", "dev", "--out", file];
        process.env.DOCKER_CONFIG = scratch.at("none");
        try {
            await commandLine(argv).parseAsync(argv);
            return process.exitCode;
        } finally {
            delete process.env.DOCKER_CONFIG;
            process.exitCode = undefined;
            write.mockRestore();
        }
    };
    const lock = () => parseImageLock(fs.readFileSync(file, "utf8"), new Issues()).images;

    test("writes what it got, names what it did not, and ends with 1", async () => {
        expect(await run("open:1", "open:gone")).toBe(1);
        expect(Object.entries(lock()).map(([image, entry]) => [image, entry.digest])).toEqual([[at("open:1"), digest]]);
        expect(said.join("")).toContain(`failed   ${at("open:gone")}: ${server.host()} answered 404\n`);
        expect(said.join("")).toContain("1 of 2 images locked");
    });

    test("says when a tag has moved, and ends with 0 when all are locked", async () => {
        const text = fs.readFileSync(file, "utf8");
        expect(await run("open:1")).toBe(0);
        expect(fs.readFileSync(file, "utf8")).toBe(text);
        fs.writeFileSync(file, text.replace(digest, other));
        expect(await run("open:1")).toBe(0);
        expect(said.join("")).toContain(`moved    ${at("open:1")}: was ${other}, is ${digest}`);
    });

    test("does not take another file for a lock", async () => {
        fs.writeFileSync(file, `{"images": {"a:1": {"digest": "md5:1"}}}`);
        await expect(run("open:1")).rejects.toMatchObject({
            exitCode: 3,
            message: expect.stringContaining("is no lock of images"),
        });
    });
});

test("the program reads the lock of its stack, none where there is none, and says all that is wrong with it", () => {
    expect(readImageDigests("dev", new Issues(), scratch.at("none"))).toEqual(new Map());
    const write = (images: unknown) => fs.writeFileSync(scratch.at("images.dev.lock.json"), JSON.stringify({ images }));
    write({ "a:1": { digest, registry: "r", date: "2026-11-21" } });
    expect(readImageDigests("dev", new Issues(), scratch.path)).toEqual(new Map([["a:1", digest]]));
    write({ "a:1": { digest: "sha256:1", registry: "r", date: "today" }, "no tag": {} });
    const issues = new Issues();
    expect(readImageDigests("dev", issues, scratch.path)).toEqual(new Map());
    expect(issues.all.map(({ key }) => key)).toEqual(
        expect.arrayContaining(["images: a:1: digest", "images: a:1: date"]),
    );
});
