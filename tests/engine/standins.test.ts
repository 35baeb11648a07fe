import * as fs from "node:fs";
import * as path from "node:path";
import { parse } from "yaml";
import { charts, manifests, type Upstream } from "../../components/kubernetes/chartTable";
import { broughtRows, definitionRows, snapshotDefinitions, standins } from "../../simulator/standins";

const upstreams: readonly Upstream[] = Object.values(charts);
const nameOf = (upstream: Upstream): string =>
    upstream.kind === "repository" ? upstream.chart : upstream.url.slice(upstream.url.lastIndexOf("/") + 1);

/** As the kubernetes plugin finds them: by what Chart.yaml says, with or without a v before the version. */
function standinCharts(): readonly string[] {
    if (!fs.existsSync(standins.charts)) return [];
    return fs
        .readdirSync(standins.charts, { withFileTypes: true })
        .filter((entry) => entry.isDirectory())
        .map(({ name }) => parse(fs.readFileSync(path.join(standins.charts, name, "Chart.yaml"), "utf8")))
        .map(({ name, version }) => `${name} ${String(version).replace(/^v/, "")}`)
        .sort();
}

test("every chart that the program may declare has a stand-in of its name and version, and there is none besides", () => {
    expect(standinCharts()).toEqual(
        upstreams.map((upstream) => `${nameOf(upstream)} ${upstream.version.replace(/^v/, "")}`).sort(),
    );
});

test("every manifest that the program may declare has definitions, each address once", () => {
    const addresses = definitionRows.map(({ url }) => url);
    const declared = Object.values(manifests).flatMap(({ urls }): readonly string[] => urls);
    expect([...addresses].sort()).toEqual([...new Set(declared)].sort());
});

test("what a cloud brings is no manifest of the program's, and found by the address that the cloud looks for", () => {
    const addresses = broughtRows.map(({ url }) => url);
    expect(addresses).toEqual([snapshotDefinitions]);
    expect(definitionRows.filter(({ url }) => addresses.includes(url))).toEqual([]);
});

test("every row of the definitions says where they are from, a module with its sum", () => {
    for (const { url, module, schemas = [] } of [...definitionRows, ...broughtRows]) {
        expect({ url, sources: schemas.length + (module?.files.length ?? 0) }).not.toMatchObject({ sources: 0 });
        if (module !== undefined) expect(module.sum).toMatch(/^h1:[A-Za-z0-9+/]{43}=$/);
        for (const name of schemas) expect(fs.existsSync(path.join(standins.schemas, name))).toBe(true);
    }
});
