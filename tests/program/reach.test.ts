import * as fs from "node:fs";
import * as https from "node:https";
import * as os from "node:os";
import * as path from "node:path";
import type { ClusterLogin } from "../../components/cloud/common/kubeconfig";
import { execVersion, kubeconfigOf } from "../../components/cloud/common/kubeconfig";
import { type Patience, requireReach } from "../../components/cloud/common/reach";
import type { ApiAccess } from "../../components/cloud/common/settings";
import type { Properties } from "../../simulator/providers/properties";
import { withDefaults } from "../../simulator/providers/resource";
import { tlsProvider } from "../../simulator/providers/tls";

const folder = fs.mkdtempSync(path.join(os.tmpdir(), "reach-"));
/** For what comes: on a busy machine the tool alone takes long. For what never comes, nothing is waited. */
const patience: Patience = { routeMs: 60_000, rightMs: 60_000, pauseMs: 5 };
const little: Patience = { routeMs: 1, rightMs: 1, pauseMs: 1 };
const inNetwork: ApiAccess = { kind: "private", via: "runnerInNetwork" };

/** Statuses that the server answers with, in order; the last one for ever. */
let answers: number[] = [];
let heard: (string | undefined)[] = [];
let server: https.Server;
let authority = "";

beforeAll(async () => {
    const { privateKeyPem } = await make("privateKey:PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P256" });
    const key = String(privateKeyPem);
    const request = { privateKeyPem: key, allowedUses: ["server_auth"], validityPeriodHours: 1 };
    const issued = await make("selfSignedCert:SelfSignedCert", { ...request, ipAddresses: ["127.0.0.1"] });
    const cert = String(issued.certPem);
    authority = Buffer.from(cert).toString("base64");
    server = https.createServer({ key, cert }, ({ headers }, response) => {
        heard.push(headers.authorization);
        response.statusCode = (answers.length > 1 ? answers.shift() : answers[0]) ?? 500;
        response.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});

async function make(type: string, inputs: Properties): Promise<Properties> {
    const kind = tlsProvider().kinds[`tls:index/${type}`];
    if (kind === undefined) throw new Error(`no ${type}`);
    return (await kind.create(withDefaults(kind, inputs))).outputs;
}

afterAll(async () => {
    await new Promise((resolve) => server.close(resolve));
    fs.rmSync(folder, { recursive: true, force: true });
});

beforeEach(() => {
    heard = [];
});

/** A login by a tool that runs `script`. */
function login(script: string, change: Partial<ClusterLogin> = {}): ClusterLogin {
    const command = path.join(folder, "tool");
    fs.writeFileSync(command, `#!/bin/sh\n${script}\n`, { mode: 0o755 });
    const address = server.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    return {
        cluster: "tars",
        server: `https://127.0.0.1:${port}`,
        certificateAuthority: authority,
        command,
        arguments: ["get-token", "--cluster", "tars"],
        installation: "https://example.com/tool",
        ...change,
    };
}

const credential = `echo '{"kind":"ExecCredential","status":{"token":"t1"}}'`;
const reach = (found: ClusterLogin, access: ApiAccess = inNetwork) => requireReach(found, access, patience);
const reachInVain = (found: ClusterLogin, access: ApiAccess = inNetwork) => requireReach(found, access, little);

describe("before the first object in a cluster", () => {
    test("the caller is let in with the tool's token", async () => {
        answers = [200];
        await reach(login(credential));
        expect(heard).toEqual(["Bearer t1"]);
    });

    test("the tool gets its arguments and the protocol's question", async () => {
        answers = [200];
        const seen = path.join(folder, "seen");
        await reach(login(`echo "$@ $KUBERNETES_EXEC_INFO" > ${seen}\n${credential}`));
        expect(fs.readFileSync(seen, "utf8")).toContain("get-token --cluster tars {");
        expect(fs.readFileSync(seen, "utf8")).toContain(`"apiVersion":"${execVersion}"`);
    });

    test("a right that was given a moment ago is waited for, each time with a fresh token", async () => {
        answers = [401, 403, 200];
        const count = path.join(folder, "count");
        fs.writeFileSync(count, "");
        const counted = `echo x >> ${count}; n=$(wc -l < ${count}); echo '{"status":{"token":"t'$n'"}}'`;
        await reach(login(counted));
        expect(heard.map((header) => header?.replace(/\s+/g, ""))).toEqual(["Bearert1", "Bearert2", "Bearert3"]);
    });

    test("a right that never comes is named", async () => {
        answers = [403];
        await expect(reachInVain(login(credential))).rejects.toThrow(
            /reaching cluster tars has 1 problem:\n {2}- apiAccess: the API server does not let the caller in \(403\)\n {6}fix: give the caller/,
        );
    });

    test.each<[ApiAccess, string]>([
        [inNetwork, "run from the runner in the cluster's network"],
        [{ kind: "private", via: "peeredHub" }, "run from the hub"],
        [{ kind: "private", via: "tunnel" }, "open the tunnel"],
        [{ kind: "public", allowedCidrs: ["203.0.113.0/28"] }, "run from an address in apiAccess.allowedCidrs"],
    ])("a missing route is named, with what apiAccess %j promises", async (access, fix) => {
        const nowhere = login(credential, { server: "https://127.0.0.1:1" });
        await expect(reachInVain(nowhere, access)).rejects.toThrow(`no route to https://127.0.0.1:1: `);
        await expect(reachInVain(nowhere, access)).rejects.toThrow(fix);
    });

    test("a server with another certificate is no route", async () => {
        const other = await make("privateKey:PrivateKey", { algorithm: "ECDSA", ecdsaCurve: "P256" });
        const request = { allowedUses: ["server_auth"], validityPeriodHours: 1, ipAddresses: ["127.0.0.1"] };
        const issued = await make("selfSignedCert:SelfSignedCert", {
            ...request,
            privateKeyPem: String(other.privateKeyPem),
        });
        const certificateAuthority = Buffer.from(String(issued.certPem)).toString("base64");
        await expect(reachInVain(login(credential, { certificateAuthority }))).rejects.toThrow("no route to");
    });

    test("a missing tool is named, with where it is got", async () => {
        const missing = login(credential, { command: "kubelogin-that-is-not-there" });
        await expect(reach(missing)).rejects.toThrow(
            "the tool kubelogin-that-is-not-there is not on PATH\n      fix: install it (https://example.com/tool)",
        );
    });

    test("a tool that fails is quoted", async () => {
        const failing = login("echo 'some trace\nno session: run aws sso login' >&2; exit 1");
        await expect(reach(failing)).rejects.toThrow("tool gives no credential: no session: run aws sso login");
    });
});

test("a kubeconfig is the same for everybody and holds no credential", () => {
    const text = kubeconfigOf(login(credential, { command: "aws" }));
    expect(kubeconfigOf(login(credential, { command: "aws" }))).toBe(text);
    const { users } = JSON.parse(text);
    expect(users).toEqual([
        {
            name: "tars",
            user: {
                exec: {
                    apiVersion: execVersion,
                    command: "aws",
                    args: ["get-token", "--cluster", "tars"],
                    interactiveMode: "Never",
                },
            },
        },
    ]);
});
