/** @jest-environment ./tests/conformance/environment.ts */
import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import * as k8s from "@pulumi/kubernetes";
import { field } from "./api";
import { webChart } from "./chart";
import "./objects";
import { pluginsWithStandins } from "./plugins";
import type { Scene } from "./scene";
import { conformance } from "./support";
import { temporaryFolder } from "./temporary";

const source = "oci://charts.example.com/platform/web";
const address = "https://example.com/v1.0.0/accounts.yaml";

let written: string | undefined;

/** A run's table with a chart, a manifest and two kinds, as the session writes it. */
function table(): string {
    written ??= write(temporaryFolder("standins"));
    return written;
}

function write(folder: string): string {
    fs.cpSync(webChart(), path.join(folder, "charts", "web"), { recursive: true });
    const kinds = path.join(folder, "kinds.json");
    fs.writeFileSync(kinds, JSON.stringify({ "standins.example.com": { Gadget: "passive" } }));
    const file = path.join(folder, "standins.json");
    const definitions = { [address]: path.join(__dirname, "fixtures", "manifests", "accounts.yaml") };
    fs.writeFileSync(file, JSON.stringify({ charts: path.join(folder, "charts"), kinds, definitions, mirrors: [] }));
    return file;
}

/** The chart as `helm package` leaves it in a mirror. */
function packed(): string {
    const folder = temporaryFolder("mirror");
    const file = path.join(folder, "web-1.0.0.tgz");
    fs.cpSync(webChart(), path.join(folder, "web"), { recursive: true });
    execFileSync("tar", ["-czf", file, "-C", folder, "web"]);
    return file;
}

function chart(scene: Scene, args: { readonly chart: string; readonly version?: string }): void {
    const { namespace } = scene;
    scene.write((provider) => new k8s.helm.v4.Chart("web", { ...args, namespace }, { provider }));
}

conformance(
    "standins",
    [
        {
            name: "a chart of a registry is made from what stands in for it, and the run says so",
            async run(scene) {
                chart(scene, { chart: source, version: "1.0.0" });
                expect((await scene.preview()).text).toContain(`stand-in: chart web 1.0.0 in place of ${source}`);
                const done = await scene.up();
                expect(done.text).toContain(`stand-in: chart web 1.0.0 in place of ${source}`);
                expect(done.ok).toBe(true);
                expect(field(await scene.get("configmaps/web-settings"), "data.greeting")).toBe("hello");
                expect((await scene.preview()).steps).toEqual([]);
            },
        },
        {
            name: "a chart that nothing stands in for is refused by name, and nothing is made",
            async run(scene) {
                for (const [args, said] of [
                    [{ chart: "oci://charts.example.com/other", version: "2.0.0" }, "the chart other 2.0.0 of oci://"],
                    [{ chart: source, version: "1.0.1" }, "it has version 1.0.0 of it"],
                ] as const) {
                    chart(scene, args);
                    const refused = await scene.up();
                    expect(refused.ok).toBe(false);
                    expect(refused.text).toContain("the simulator has no stand-in for");
                    expect(refused.text).toContain(said);
                }
                expect(await scene.get("configmaps/web-settings")).toBeUndefined();
            },
        },
        {
            name: "a chart of a mirror, a folder or packed in one, stays what it is",
            async run(scene) {
                chart(scene, { chart: packed() });
                expect((await scene.preview()).ok).toBe(true);
                chart(scene, { chart: webChart() });
                const done = await scene.up();
                expect(done.ok).toBe(true);
                expect(done.text).not.toContain("stand-in:");
            },
        },
        {
            name: "manifests of the table are made from what has the same objects, others are refused by name",
            async run(scene) {
                scene.write((provider) => [
                    new k8s.yaml.v2.ConfigGroup("group", { files: [address] }, { provider }),
                    new k8s.yaml.v2.ConfigFile("file", { file: address, resourcePrefix: "again" }, { provider }),
                ]);
                const shown = await scene.preview();
                expect(shown.text).toContain(`stand-in: definitions accounts.yaml in place of ${address}`);
                expect(shown.steps.map(({ name }) => name)).toContain(`group:${scene.namespace}/first`);
                const unknown = "https://example.com/v1.0.1/accounts.yaml";
                scene.write((provider) => new k8s.yaml.v2.ConfigGroup("group", { files: [unknown] }, { provider }));
                const refused = await scene.preview();
                expect(refused.ok).toBe(false);
                expect(refused.text).toContain(`the simulator has nothing in place of ${unknown}`);
            },
        },
        {
            name: "a custom resource of a kind that nobody would act on is refused by name",
            async run(scene) {
                const make = (kind: string) => (provider: k8s.Provider) =>
                    new k8s.apiextensions.CustomResource(
                        "object",
                        { apiVersion: "standins.example.com/v1", kind, metadata: { name: "it" } },
                        { provider },
                    );
                scene.write(make("Gadget"));
                expect((await scene.preview()).ok).toBe(true);
                scene.write(make("Widget"));
                const refused = await scene.preview();
                expect(refused.ok).toBe(false);
                expect(refused.text).toContain(
                    "the simulator has no stand-in for the custom resource kind Widget of standins.example.com",
                );
            },
        },
    ],
    (host) => pluginsWithStandins(host, table()),
);
