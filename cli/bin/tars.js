#!/usr/bin/env node

const os = require("node:os");
const path = require("node:path");
const { rerunOnSuitableNode } = require("../../runtime/node.js");

// The second of two Nodes watches the first: see src/interrupt.ts.
const first = process.env.TARS_FIRST_NODE;
process.env.TARS_FIRST_NODE = String(process.pid);
if (!rerunOnSuitableNode(__filename)) {
    if (first === String(process.ppid)) process.env.TARS_WATCH_PARENT = "true";
    delete process.env.TARS_FIRST_NODE;
    keepCompiledCode();
    require("../../runtime/typescript.js");
    const { main } = require("../src/main.ts");
    main(process.argv);
}

/** Compiling the SDKs is a third of a short command's time; Node >= 22.8 can keep the result. Where it cannot, nothing else changes. */
function keepCompiledCode() {
    const { env } = process;
    const cache =
        env.TARS_CACHE_DIR || path.join(env.XDG_CACHE_HOME || path.join(os.homedir(), ".cache"), "tars-platform");
    require("node:module").enableCompileCache?.(path.join(cache, "compiled"));
}
