import * as fs from "node:fs";
import * as net from "node:net";
import * as path from "node:path";
import { reachByKubeconfig } from "../../cli/src/reach";
import { scratchFolder, tars, thrownBy } from "./support";

const scratch = scratchFolder();
const server = net.createServer((socket) => socket.end());
let origin = "";

beforeAll(async () => {
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const address = server.address();
    if (address === null || typeof address === "string") throw new Error("no port");
    origin = `http://127.0.0.1:${address.port}`;
});
afterAll(() => new Promise((resolve) => server.close(resolve)));

function file(name: string, text: string): string {
    fs.writeFileSync(scratch.at(name), text);
    return scratch.at(name);
}

const list = (...files: string[]): string => files.join(path.delimiter);
const cluster = (address: string) => `clusters: [{ name: c, cluster: { server: "${address}" } }]\n`;
const context = "contexts: [{ name: x, context: { cluster: c } }]\n";

test("a list of files is merged as kubectl does: the first that says something counts, one that is not there is left out", async () => {
    const first = file("first", `${cluster(origin)}current-context: ""\n`);
    const second = file("second", `${cluster("http://127.0.0.1:9")}${context}current-context: x\n`);
    const variable = list("", scratch.at("nowhere"), first, second, first);
    expect(await reachByKubeconfig(variable)).toBe(`${first} and ${second} reaches ${origin}`);
});

test("without any of the files, or with no cluster in them, the embedded cluster is left", async () => {
    const [a, b] = [scratch.at("a"), scratch.at("b")];
    expect(await reachByKubeconfig(list(a, b))).toBe(`none at ${a} or ${b}: only the embedded cluster can be used`);
    expect(await reachByKubeconfig(file("empty", ""))).toContain("names no cluster");
});

test.each([
    ["a folder", () => scratch.path, /EISDIR/],
    ["broken YAML", () => file("broken", "clusters: [1\n"), /at line 2/],
])("%s is named with what is wrong and what to do", async (_, make, reason) => {
    const place = make();
    const fault = await thrownBy(() => reachByKubeconfig(place));
    expect(fault).toMatchObject({
        message: expect.stringMatching(reason),
        fix: expect.stringContaining("let KUBECONFIG name another file"),
        exitCode: 4,
    });
    expect(fault).toHaveProperty("message", expect.stringMatching(`^the kubeconfig ${place} cannot be read: .*[^:]$`));
});

test("a server that does not answer is named", async () => {
    const closed = file("closed", `${cluster("http://127.0.0.1:9")}${context}current-context: x\n`);
    expect(await thrownBy(() => reachByKubeconfig(closed))).toMatchObject({
        message: expect.stringContaining("http://127.0.0.1:9, cannot be reached"),
        exitCode: 4,
    });
});

test("doctor shows a kubeconfig that cannot be read beside everything else", () => {
    const { code, stdout, stderr } = tars(["doctor", "dev"], { KUBECONFIG: scratch.path });
    expect(stdout).toContain("PROBLEM  kubeconfig");
    expect(stdout).toContain("Pulumi.dev.yaml is valid");
    expect(stderr).toContain(`error: kubeconfig: the kubeconfig ${scratch.path} cannot be read`);
    expect(stderr).not.toContain("fault of tars itself");
    expect(code).toBe(4);
});
