// Runs something of the engine in a process of its own, which a test can then kill. Prints one JSON line an event.
//
//   node starter.js leash COMMAND [ARGUMENT ...]
//   node starter.js terminal COMMAND [ARGUMENT ...]
//   node starter.js toolchain GO_MODULE

require("../../runtime/typescript.js");
const { ensureToolchain, spawnOnLeash } = require("../../simulator/engine");

const [what, ...args] = process.argv.slice(2);
const say = (event) => process.stdout.write(`${JSON.stringify(event)}\n`);
const controller = new AbortController();
process.on("SIGINT", () => controller.abort(new Error("interrupted")));

if (what === "leash" || what === "terminal") {
    const process_ = spawnOnLeash(args[0], args.slice(1), {
        graceMs: 200,
        output: "inherit",
        terminal: what === "terminal",
        signal: controller.signal,
    });
    process_.ended.then((ended) => say({ ended }));
} else {
    const [module] = args;
    const recipe = (name) => ({ name, module, package: ".", ldflags: "-s -w" });
    const recipes = { pulumi: recipe("pulumi"), host: recipe("tars-host") };
    ensureToolchain({ report: say, signal: controller.signal, recipes })
        .then((toolchain) => say({ toolchain }))
        .catch(({ name, message, fix, exitCode }) => say({ error: { name, message, fix, exitCode } }));
}
