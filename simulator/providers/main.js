// Starts one of the simulator's own resource plugins as the engine starts any plugin: it prints its port and serves until the engine goes.
//
//   node main.js NAME [ENGINE_ADDRESS]

if (!process.env.TARS_SIMULATOR_TOKEN) {
    process.stderr.write(
        "error: this plugin belongs to a run of the tars-platform simulator and makes nothing outside of one\n" +
            "  fix: start it through `npm start` or `npx tars simulate`; for a real cluster install the official plugin\n",
    );
    process.exit(1);
}
require("../../runtime/typescript.js");

const values = (provider) => require("./server").serve(provider);
const cloud = (provider) => require("./cloud/server").serveCloud(provider, process.argv[3]);
const plugins = {
    random: () => values(require("./random").random),
    tls: () => values(require("./tls").tlsProvider()),
    aws: () => cloud(require("./aws").aws),
    "azure-native": () => cloud(require("./azure").azure),
    eks: () => require("./eks").serveEks(),
};

// The engine keeps this pipe open as long as it lives.
process.stdin.on("end", () => process.exit(0)).resume();
// A component's server, which is the SDK's, says its port itself.
plugins[process.argv[2]]().then((port) => port && process.stdout.write(`${port}\n`));
