// Starts one of the programs that stand for a cloud's command line in a simulated run.
//
//   node main.js aws|kubelogin ARGS...

require("../../runtime/typescript.js");

const { login } = require("./login");

const [program, ...args] = process.argv.slice(2);
const { code, out = "", error = "" } = login(program, args, process.env);
process.stdout.write(out);
process.stderr.write(error);
process.exitCode = code;
