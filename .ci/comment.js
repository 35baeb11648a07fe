#!/usr/bin/env node
// Puts the reports of all stacks into the pull request's one comment. Reads its input from the environment: see pull-request.yml.

require("../runtime/typescript");
const { commentText, putComment } = require("../cli/src/preview/comment");

const names = "GITHUB_API_URL GITHUB_REPOSITORY GITHUB_TOKEN PULL_REQUEST PREVIEWS REPORTS NOTES COMMIT RUN";
const missing = names.split(" ").filter((name) => !process.env[name]);
if (missing.length > 0) {
    process.stderr.write(
        `error: not set: ${missing.join(", ")}\n  fix: run it as .github/workflows/pull-request.yml does\n`,
    );
    process.exit(3);
}
const { GITHUB_API_URL, GITHUB_REPOSITORY, GITHUB_TOKEN, PULL_REQUEST, PREVIEWS, REPORTS, NOTES, COMMIT, RUN } =
    process.env;
const expected = JSON.parse(PREVIEWS).map(({ stack }) => stack);
const notes = JSON.parse(NOTES);
const text = commentText({ expected, reports: JSON.parse(REPORTS) ?? {}, notes, commit: COMMIT, run: RUN });
const request = {
    api: GITHUB_API_URL,
    repository: GITHUB_REPOSITORY,
    number: Number(PULL_REQUEST),
    token: GITHUB_TOKEN,
};
putComment(request, text, expected.length + notes.length > 0).then(
    (done) => process.stdout.write(`comment: ${done}\n`),
    (error) => {
        process.stderr.write(
            `error: ${error.message}\n  fix: the job needs pull-requests: write, and the API must answer\n`,
        );
        process.exitCode = 1;
    },
);
