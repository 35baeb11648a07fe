// Runs every check of the project, shows where each is, and ends with one line: `N passed, N failed` (and `, N skipped`).

const { rerunOnSuitableNode } = require("../runtime/node");
if (!rerunOnSuitableNode(__filename)) {
    require("../runtime/typescript");
    require("./runner").main(process.argv.slice(2));
}
