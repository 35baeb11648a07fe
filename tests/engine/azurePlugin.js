// The simulated Azure as the engine starts it, over a control plane that only writes down what it is told.

require("../../runtime/typescript.js");
const { appendFileSync } = require("node:fs");
const { azureCloud } = require("../../simulator/providers/azure");
const { serveCloud } = require("../../simulator/providers/cloud/server");

const tell = (...call) => appendFileSync(process.env.TARS_TEST_CALLS, `${JSON.stringify(call)}\n`);
const controlPlane = {
    startControlPlane: async (name) => {
        tell("start", name);
        return { endpoint: "https://127.0.0.1:6443", certificateAuthority: "Y2E=" };
    },
    stopControlPlane: async (name) => tell("stop", name),
    setPool: async (name, pool) => tell("setPool", name, pool),
    removePool: async (name, pool) => tell("removePool", name, pool),
    setAccess: async (name, allowed) => tell("setAccess", name, allowed),
};

process.stdin.on("end", () => process.exit(0)).resume();
serveCloud(azureCloud(controlPlane), process.argv[2]).then((port) => process.stdout.write(`${port}\n`));
