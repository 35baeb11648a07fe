import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import { stacks } from "../program/stack";

const root = path.resolve(__dirname, "..", "..");
const folders = ["", "docs", "docs/adr", "outputs", "policy"];
const pages = folders.flatMap((folder) =>
    fs
        .readdirSync(path.join(root, folder))
        .filter((name) => name.endsWith(".md"))
        .map((name) => path.join(folder, name)),
);
const text = (page: string) => fs.readFileSync(path.join(root, page), "utf8");

test.each(pages)("%s leads only to what is there", (page) => {
    const links = [...text(page).matchAll(/\]\(([^)#\s]+)(?:#[^)]*)?\)/g)].map(([, link = ""]) => link);
    const local = links.filter((link) => !/^[a-z]+:/.test(link));
    expect(local.filter((link) => !fs.existsSync(path.join(root, path.dirname(page), link)))).toEqual([]);
});

test("every page of docs and every decision is in their index", () => {
    const index = text("docs/README.md");
    const indexed = pages.filter((page) => page.startsWith("docs/") && page !== "docs/README.md");
    expect(indexed.filter((page) => !index.includes(`(${page.slice("docs/".length)})`))).toEqual([]);
});

describe("docs/bootstrap.md", () => {
    const page = text("docs/bootstrap.md");
    const workflow = text(".github/workflows/pull-request.yml");
    const blocks = (language: string) =>
        [...page.matchAll(new RegExp(`\`\`\`${language}\\n([\\s\\S]*?)\`\`\``, "g"))].map(([, block = ""]) => block);

    test("has commands that a shell understands, and a trust that AWS would read", () => {
        for (const block of blocks("sh")) {
            expect(spawnSync("bash", ["-n"], { input: block, encoding: "utf8" })).toMatchObject({
                status: 0,
                stderr: "",
            });
        }
        expect(blocks("json").map((block) => JSON.parse(block).Statement[0].Action)).toEqual([
            "sts:AssumeRoleWithWebIdentity",
        ]);
    });

    test("lets in the environment of every stack in a cloud, as the workflow names it, and no other", () => {
        expect(workflow).toMatch(/environment: preview-\$\{\{ matrix\.stack \}\}/);
        const inClouds = stacks().flatMap(({ name, cloud }) => (cloud === "existing" ? [] : name));
        expect(inClouds).not.toEqual([]);
        const trusted = [...page.matchAll(/environment:preview-([\w-]+)/g)].map(([, stack = ""]) => stack);
        expect(trusted.sort()).toEqual(inClouds);
        expect(inClouds.filter((stack) => !page.includes(`\`preview-${stack}\``))).toEqual([]);
    });

    test("names every variable that the workflow takes for a login", () => {
        const variables = [...workflow.matchAll(/vars\.((?:AWS|AZURE)_\w+)/g)].map(([, name = ""]) => name);
        expect(new Set(variables).size).toBe(5);
        expect(variables.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
    });
});
