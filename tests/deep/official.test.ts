import * as fs from "node:fs";
import * as path from "node:path";
import { officialDirectory } from "../conformance/plugins";
import { copyProject, type Project } from "../support/project";

jest.setTimeout(40 * 60_000);

const official = officialDirectory();

/** What the platform makes in its namespace; pods and what controllers make of it follow. */
const kinds =
    "deployments,statefulsets,services,configmaps,secrets,serviceaccounts,networkpolicies,resourcequotas,limitranges,poddisruptionbudgets,horizontalpodautoscalers,httproutes.gateway.networking.k8s.io,authorizationpolicies.security.istio.io,destinationrules.networking.istio.io,persistentvolumeclaims";

interface Found {
    readonly kind: string;
    readonly metadata: {
        readonly name: string;
        readonly labels?: object;
        readonly annotations?: Record<string, string>;
    };
    readonly spec?: Record<string, unknown>;
    readonly data?: Record<string, string>;
}

const reason =
    "not here, nor for the conformance cases: set TARS_OFFICIAL_PLUGINS to a folder with Pulumi's own kubernetes plugin";
const here = official === undefined ? describe.skip : describe;

here(`the dev stack with the official kubernetes plugin${official === undefined ? ` (${reason})` : ""}`, () => {
    const projects: Project[] = [];
    afterAll(() => Promise.all(projects.map((project) => project.remove())));

    it("makes the same objects as with our own, and nothing more at the second preview", async () => {
        const own = await objectsAfterStart("own");
        const theirs = await objectsAfterStart(official ?? "");
        expect(Object.keys(own).length).toBeGreaterThan(20);
        expect(theirs).toEqual(own);
    });

    async function objectsAfterStart(plugins: string): Promise<Record<string, unknown>> {
        const project = copyProject();
        projects.push(project);
        expect(await project.tars("start", "--plugins", plugins)).toMatchObject({ code: 0 });
        for (const check of [["preview"], ["refresh", "--preview-only"]]) {
            const unchanged = await project.tars("pulumi", ...check, "--expect-no-changes", "--non-interactive");
            expect(unchanged).toMatchObject({ code: 0 });
        }
        const found = await project.tars("kubectl", "get", kinds, "--namespace", "tars", "-o", "json");
        expect(await project.tars("down")).toMatchObject({ code: 0 });
        const objects: readonly Found[] = JSON.parse(found.stdout).items;
        return Object.fromEntries(
            objects.map((object) => [`${object.kind} ${object.metadata.name}`, declared(object)]),
        );
    }
});

/** An object without what differs from one cluster, or one run, to the next: addresses, volumes and generated values. */
function declared({ kind, metadata, spec, data }: Found): unknown {
    const { clusterIP, clusterIPs, volumeName, ...kept } = spec ?? {};
    const generated = kind === "Secret" || metadata.name === "kube-root-ca.crt";
    const annotations = Object.entries(metadata.annotations ?? {}).filter(([key]) => !/selected-node/.test(key));
    return {
        labels: metadata.labels,
        annotations: Object.fromEntries(annotations),
        spec: kept,
        data: generated ? Object.keys(data ?? {}).sort() : data,
    };
}

here(`prod-aws with the official eks and kubernetes plugins${official === undefined ? ` (${reason})` : ""}`, () => {
    it("is the same: everything there, a second preview empty, a protected end", async () => {
        const project = copyProject();
        try {
            const file = path.join(project.folder, "report.json");
            const args = ["--plugins", official ?? "", "--json", file];
            const ended = await project.tars("simulate", "prod-aws", ...args);
            expect(ended.code === 0 ? "" : ended.stderr).toBe("");
            const report = JSON.parse(fs.readFileSync(file, "utf8"));
            const golden = fs.readdirSync(goldenFolder).flatMap((name) => rowsOf(path.join(goldenFolder, name)));
            // The component's children are its plugin's; the captured graph holds the component itself.
            expect(report.resources).toBeGreaterThan(golden.length);
            expect(report.pods).toMatchObject({ misplaced: [] });
            expect(report.retained.length).toBeGreaterThan(0);
        } finally {
            await project.remove();
        }
    });
});

const goldenFolder = path.join(__dirname, "..", "golden", "prod-aws");
const rowsOf = (file: string): readonly unknown[] => JSON.parse(fs.readFileSync(file, "utf8"));
