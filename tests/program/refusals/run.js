// Runs the program on settings or for a caller that it refuses, with neither engine nor cloud, in a process of its own: what an output
// rejects is nobody's to catch. Takes {stack, config, answers} as JSON, and prints {message, types}: what it said first, and what it
// registered until nothing was left to do. As an engine would have it: what is registered after a refusal is made all the same.

require("../../../runtime/typescript");
const path = require("node:path");
const pulumi = require("@pulumi/pulumi");
const { mockMonitor } = require("../../../cli/src/registrations");

const { stack, config, answers } = JSON.parse(process.argv[2]);
const monitor = mockMonitor();

// One refusal fails every output that hangs on it; the first says it.
let message = "";
function hear(error) {
    message ||= error.message;
}

async function main() {
    pulumi.runtime.setAllConfig(config);
    const { newResource, call } = monitor.mocks;
    const mocks = { newResource, call: (args) => answers[args.token] ?? call(args) };
    await pulumi.runtime.setMocks(mocks, "tars-platform", stack, true, "organization");
    monitor.listen(pulumi.runtime.getMonitor());
    await pulumi.runtime.runInPulumiStack(() => require(path.resolve(__dirname, "../../../index.ts"))());
    await pulumi.runtime.disconnect();
}

process.on("unhandledRejection", hear);
main().catch(hear);
process.once("beforeExit", () => {
    const types = monitor.registrations().map(({ type }) => type);
    process.stdout.write(JSON.stringify({ message, types }), () => process.exit(0));
});
