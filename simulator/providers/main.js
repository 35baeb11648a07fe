// Starts one of the simulator's own resource plugins as the engine starts any plugin: it prints its port and serves until the engine goes.
//
//   node main.js NAME [ENGINE_ADDRESS]

const values = (provider) => require("./server").serve(provider);
const cloud = (provider) => require("./cloud/server").serveCloud(provider, process.argv[3]);
const token = "TARS_SIMULATOR_TOKEN";
const cloudFolder = "TARS_SIMULATOR_CLOUD";
const plugins = new Map([
    ["random", { needs: [token], start: () => values(require("./random").random) }],
    ["tls", { needs: [token], start: () => values(require("./tls").tlsProvider()) }],
    ["aws", { needs: [token, cloudFolder], start: () => cloud(require("./aws").aws) }],
    ["azure-native", { needs: [token, cloudFolder], start: () => cloud(require("./azure").azure) }],
    ["eks", { needs: [token], start: () => require("./eks").serveEks() }],
]);

const name = process.argv[2] ?? "";
const plugin = plugins.get(name);
if (plugin === undefined)
    refuse(`the simulator has no plugin "${name}"`, `name one of ${[...plugins.keys()].join(", ")}`);
for (const variable of plugin.needs) {
    if (process.env[variable]) continue;
    refuse(
        `${variable} is not set, and the plugin ${name} of the tars-platform simulator makes nothing outside of a run`,
        "start it through `npm start` or `npx tars simulate`; for a real cluster or cloud install the official plugin",
    );
}

require("../../runtime/typescript.js");

// The engine keeps this pipe open as long as it lives.
process.stdin.on("end", () => process.exit(0)).resume();
// A component's server, which is the SDK's, says its port itself.
plugin.start().then(
    (port) => port && process.stdout.write(`${port}\n`),
    (error) => refuse(`the plugin ${name} does not start: ${error.message}`, "see what it names, and start again"),
);

function refuse(what, fix) {
    process.stderr.write(`error: ${what}\n  fix: ${fix}\n`);
    process.exit(1);
}
