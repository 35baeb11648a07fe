#!/usr/bin/env node
// Says which stacks the commits since BASE touch: their names, one a line; with --github, outputs for a job that makes a matrix of them.
//
//   node .ci/touched.js BASE [--github]

const { execFileSync } = require("node:child_process");
const fs = require("node:fs");
const path = require("node:path");
require("../runtime/typescript");
const { planPreviews, stacksAmong, touchedStacks } = require("../cli/src/preview/touched");

const root = path.resolve(__dirname, "..");
const [base, format] = process.argv.slice(2);
if (!base || base.startsWith("-")) {
    process.stderr.write("error: no commit to compare with\n  fix: node .ci/touched.js BASE [--github]\n");
    process.exit(3);
}
// A moved file counts under both its names.
const diff = ["diff", "--name-only", "--no-renames", "-z", `${base}...HEAD`, "--"];
const changed = execFileSync("git", diff, { cwd: root, encoding: "utf8" }).split("\0");
const touched = touchedStacks(changed, stacksAmong(fs.readdirSync(root)));
if (format === "--github") {
    const { previews, notes } = planPreviews(touched, process.env.TARS_PREVIEW_RUNNERS ?? "");
    for (const note of notes) process.stderr.write(`${note}\n`);
    process.stdout.write(`previews=${JSON.stringify(previews)}\nnotes=${JSON.stringify(notes)}\n`);
} else {
    process.stdout.write(touched.map((stack) => `${stack}\n`).join(""));
}
