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

const plugins = { random: () => require("./random").random, tls: () => require("./tls").tlsProvider() };
const { serve } = require("./server");

// The engine keeps this pipe open as long as it lives.
process.stdin.on("end", () => process.exit(0)).resume();
serve(plugins[process.argv[2]]()).then((port) => process.stdout.write(`${port}\n`));
