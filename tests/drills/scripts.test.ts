import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { readPostgresScripts, readScripts } from "../../components/data/drills/scripts";
import { prepared, withServers } from "./prepared";

const folder = path.resolve(__dirname, "..", "..", "components", "data", "drills", "scripts");

/** What no compiler of Python says: names that nobody knows, imports that nobody needs, modules that the image has not got. */
const checker = `
import ast, builtins, pathlib, sys
own = {name.removesuffix(".py") for name in sys.argv[1].split(",")} | {"psycopg2"}
for path in sys.argv[2:]:
    tree = ast.parse(pathlib.Path(path).read_bytes(), path)
    imported, used, bound = {}, set(), set(dir(builtins)) | {"__name__"}
    for node in ast.walk(tree):
        if isinstance(node, (ast.Import, ast.ImportFrom)):
            module = getattr(node, "module", None)
            for alias in node.names:
                top = (module or alias.name).split(".")[0]
                if top not in sys.stdlib_module_names and top not in own: print(f"{path}: {top} is in no standard library")
                imported[(alias.asname or alias.name).split(".")[0]] = node.lineno
        if isinstance(node, ast.Name): (used if isinstance(node.ctx, ast.Load) else bound).add(node.id)
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)): bound.add(node.name)
        if isinstance(node, ast.arg): bound.add(node.arg)
        if isinstance(node, ast.ExceptHandler): bound.add(node.name); node.type or print(f"{path}:{node.lineno}: a bare except")
    for name in used - bound - set(imported): print(f"{path}: {name} is not known")
    for name in set(imported) - used: print(f"{path}:{imported[name]}: {name} is imported for nothing")
    if ast.get_docstring(tree) is None: print(f"{path}: says not what it is")
`;

withServers("the programs of backups", () => {
    const general = Object.keys(readScripts());
    const ofPostgres = Object.keys(readPostgresScripts()).filter((name) => !general.includes(name));
    const files = [...general, ...ofPostgres.map((name) => path.join("postgres", name))];
    const paths = files.map((file) => path.join(folder, file));
    const python = (...args: readonly string[]) => execFileSync(prepared().python, args, { encoding: "utf8" });

    /** A collection of 1000 records, of which one goes after the first page; with `adds`, others come meanwhile. */
    const changing = (goes: string, adds: number) => `
import sys
sys.path.insert(0, ${JSON.stringify(folder)})
import chroma
class Changing(chroma.Collection):
    def __init__(self):
        self.name, self.rows = "documents", list(range(1000))
    def get(self, asked):
        page = [{"id": row} for row in self.rows[asked["offset"]:][:asked["limit"]]]
        if asked["offset"] == 0:
            self.rows = [row for row in self.rows if row != ${goes}] + list(range(1000, 1000 + ${adds}))
        return page
try:
    found = [record["id"] for record in Changing().records()]
    print("read", len(found), len(set(found)))
except chroma.Moved:
    print("moved")
`;

    test.each([
        ["3", 1, "moved"],
        ["3", 0, "moved"],
        ["900", 0, "read 999 999"],
        ["None", 40, "read 1040 1040"],
        ["None", 0, "read 1000 1000"],
    ])("a collection that loses record %s and gets %d more while it is read is %s", (goes, adds, outcome) => {
        expect(python("-c", changing(goes, adds)).trim()).toBe(outcome);
    });

    test.each([
        [
            String.raw`ENGINE = ReplicatedMergeTree('/t/{shard}/it\'s', '{replica}') ORDER BY x`,
            "ENGINE = MergeTree() ORDER BY x",
        ],
        [
            `ENGINE = ReplicatedReplacingMergeTree('/t', '{replica}', version) ORDER BY x`,
            "ENGINE = ReplacingMergeTree(version) ORDER BY x",
        ],
        ["ENGINE = ReplicatedSummingMergeTree ORDER BY x", "ENGINE = SummingMergeTree ORDER BY x"],
        ["ENGINE = MergeTree ORDER BY x", "ENGINE = MergeTree ORDER BY x"],
    ])("a table with %s has no copies in a drill", (engine, alone) => {
        const program = `import sys; sys.path.insert(0, sys.argv[1]); import clickhouse_copy; print(clickhouse_copy.standalone(sys.argv[2]))`;
        expect(python("-c", program, folder, `CREATE TABLE a.t (x Int32) ${engine}`).trim()).toBe(
            `CREATE TABLE a.t (x Int32) ${alone}`,
        );
    });

    test("compile without a warning", () => {
        const program = "import pathlib, sys; [compile(pathlib.Path(f).read_bytes(), f, 'exec') for f in sys.argv[1:]]";
        expect(python("-W", "error", "-c", program, ...paths)).toBe("");
    });

    test("need nothing that is not in Python itself, but for PostgreSQL's client, and nothing that they do not use", () => {
        expect(python("-c", checker, [...general, ...ofPostgres].join(","), ...paths)).toBe("");
    });

    test.each(files)("%s has no line beyond 150 columns and no tab", (name) => {
        const lines = fs.readFileSync(path.join(folder, name), "utf8").split("\n");
        expect(lines.filter((line) => line.length > 150 || line.includes("\t"))).toEqual([]);
    });
});
