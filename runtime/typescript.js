// Lets Node load the project's TypeScript as it stands: types are stripped by swc, never checked, so a start costs no compile.

const { addHook } = require("pirates");
const { transformSync } = require("@swc/core");

const options = {
    swcrc: false,
    module: { type: "commonjs" },
    jsc: { target: "es2023", parser: { syntax: "typescript" } },
    sourceMaps: "inline",
};

process.setSourceMapsEnabled(true);
addHook((code, filename) => transformSync(code, { ...options, filename }).code, {
    exts: [".ts"],
    matcher: (filename) => !filename.endsWith(".d.ts"),
});
