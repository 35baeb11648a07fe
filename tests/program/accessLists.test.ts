import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { linesOf } from "../../components/data/kafka/accessLists";
import { accessListsScript } from "../../components/data/kafka/accessListsScript";

/**
 * The program that says who may do what at a cloud's Kafka, with a tool that keeps the lists in a file and takes, and prints, what Kafka's own does.
 *
 * @see https://github.com/apache/kafka/blob/4.3.1/tools/src/main/java/org/apache/kafka/tools/AclCommand.java
 */
let folder: string;
beforeEach(() => {
    folder = fs.mkdtempSync(path.join(os.tmpdir(), "access-lists-"));
    fs.writeFileSync(path.join(folder, "login"), 'Module required username="a" password="b";');
    fs.writeFileSync(path.join(folder, "lists"), "");
    fs.writeFileSync(path.join(folder, "tool.js"), tool);
});
afterEach(() => fs.rmSync(folder, { recursive: true }));

/** Lists as a file of lines: principal, resource, name, pattern, operation. */
const tool = `
const fs = require("node:fs");
const [, , ...all] = process.argv;
const file = __dirname + "/lists";
fs.appendFileSync(__dirname + "/calls", all.slice(4).join(" ") + "\\n");
const lines = () => fs.readFileSync(file, "utf8").split("\\n").filter(Boolean);
if (!fs.readFileSync(all[3], "utf8").includes("ssl.truststore.type=PEM")) throw new Error("no authorities");
const valuesOf = (name) => all.flatMap((word, at) => (word === name ? [all[at + 1]] : []));
const pattern = (valuesOf("--resource-pattern-type")[0] ?? "literal").toUpperCase();
const kinds = { "--topic": "TOPIC", "--group": "GROUP", "--transactional-id": "TRANSACTIONAL_ID" };
const resource = all.includes("--cluster")
    ? "CLUSTER kafka-cluster LITERAL"
    : Object.entries(kinds).flatMap(([name, kind]) => valuesOf(name).map((value) => [kind, value, pattern].join(" ")))[0];
const operation = (valuesOf("--operation")[0] ?? "").replace(/(.)([A-Z])/g, "$1_$2").toUpperCase();
const meant = valuesOf("--allow-principal").map((who) => [who, resource, operation].join(" "));
if (all.includes("--add")) fs.writeFileSync(file, [...new Set([...lines(), ...meant])].join("\\n"));
if (all.includes("--remove")) {
    if (!all.includes("--force")) throw new Error("would ask");
    fs.writeFileSync(file, lines().filter((line) => !meant.includes(line)).join("\\n"));
}
if (all.includes("--list")) {
    for (const line of lines()) {
        const [who, kind, name, form, what] = line.split(" ");
        console.log("Current ACLs for resource \`ResourcePattern(resourceType=" + kind + ", name=" + name + ", patternType=" + form + ")\`: ");
        console.log(" \\t(principal=" + who + ", host=*, operation=" + what + ", permissionType=ALLOW) ");
        console.log("");
    }
}
`;

const closed = [
    "User:ANONYMOUS CLUSTER kafka-cluster LITERAL ALL",
    "User:kafka-admin CLUSTER kafka-cluster LITERAL ALL",
    "User:kafka-admin GROUP * LITERAL ALL",
    "User:kafka-admin TOPIC * LITERAL ALL",
    "User:kafka-admin TRANSACTIONAL_ID * LITERAL ALL",
];

const user = (produces: readonly string[], consumes: readonly string[]) =>
    ({ namespace: "tars", serviceAccount: "tars-backend", login: "scram", produces, consumes }) as const;

function run(users: Parameters<typeof linesOf>[0]) {
    const places = {
        tool: `${process.execPath} ${folder}/tool.js`,
        scratch: folder,
        login: path.join(folder, "login"),
        authorities: "/authorities",
    };
    const env = { ...process.env, BOOTSTRAP: "b-1:9096" };
    const done = spawnSync("bash", ["-c", accessListsScript(linesOf(users), places)], { env, encoding: "utf8" });
    return { status: done.status, words: done.stdout + done.stderr, lists: read("lists").sort() };
}

function read(file: string): string[] {
    return fs.readFileSync(path.join(folder, file), "utf8").split("\n").filter(Boolean);
}

test("closes everything to whom no list names, begins with Kafka itself, and says what users may do", () => {
    const { status, words, lists } = run({ backend: user(["events"], ["state"]) });
    expect([status, words]).toEqual([0, "lists are as they were asked for\n"]);
    expect(lists).toEqual(
        [
            ...closed,
            "User:backend GROUP backend PREFIXED READ",
            "User:backend TOPIC events LITERAL DESCRIBE",
            "User:backend TOPIC events LITERAL WRITE",
            "User:backend TOPIC state LITERAL DESCRIBE",
            "User:backend TOPIC state LITERAL READ",
        ].sort(),
    );
    const [first] = read("calls");
    expect(first).toBe(
        "--add --allow-principal User:kafka-admin --allow-principal User:ANONYMOUS --operation All --cluster",
    );
});

test("takes away what nobody asks for any more, and changes nothing where nothing is to be changed", () => {
    const foreign = "User:backend TOPIC events LITERAL DESCRIBE_CONFIGS";
    fs.writeFileSync(
        path.join(folder, "lists"),
        [...closed, "User:gone TOPIC events LITERAL WRITE", foreign].join("\n"),
    );
    expect(run({}).lists).toEqual(closed);
    const before = read("calls").length;
    expect(run({}).status).toBe(0);
    // The first list again, and what there is, twice.
    expect(read("calls").length - before).toBe(3);
});

test("ends badly where Kafka cannot be asked, or does not do what it is told", () => {
    fs.writeFileSync(path.join(folder, "tool.js"), "process.exit(1);");
    expect(run({}).status).toBe(1);
    fs.writeFileSync(path.join(folder, "tool.js"), "");
    const { status, words } = run({});
    expect([status, words]).toEqual([1, "lists are not as they were asked for\n"]);
});
