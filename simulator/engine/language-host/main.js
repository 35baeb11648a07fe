// The Node language host as the engine starts it: it prints its port and serves until the engine goes.
//
//   node main.js [ENGINE_ADDRESS]

require("../../../runtime/typescript.js");
const { LanguageHost } = require("./host");

const host = new LanguageHost(process.argv.slice(2).find((argument) => !argument.startsWith("-")) ?? "");
const leave = () => host.cancel().then(() => process.exit(0));
for (const signal of ["SIGINT", "SIGTERM"]) process.on(signal, leave);
// The engine keeps this pipe open as long as it lives.
process.stdin.on("end", leave).resume();
host.listen().then((port) => process.stdout.write(`${port}\n`));
