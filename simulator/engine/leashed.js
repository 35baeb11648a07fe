// Runs one command and ends it, with everything it started, when whoever asked for it is gone. The parent holds the other end of
// this process's standard input: a pipe closes however its owner dies, SIGKILL and power loss of a container included, on every Unix.
//
//   node leashed.js GRACE_MS COMMAND [ARGUMENT ...]
//
// This process is the leader of its own process group (the parent starts it detached), the command shares that group.

const { spawn } = require("node:child_process");

const [grace, command, ...args] = process.argv.slice(2);
const graceMs = Number(grace);
let ending = false;
let orphaned = false;

// Before the command is there: a signal between its start and these lines would end this process alone.
for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"]) process.on(signal, end);
process.stdin.on("end", lose).on("error", lose).resume();

const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
child.on("error", (error) => {
    process.stderr.write(`cannot start ${command}: ${error.message}\n`);
    process.exit(error.code === "ENOENT" ? 127 : 126);
});
child.on("exit", (code, signal) => {
    // Nobody is left to sweep up what the command itself left behind in the group.
    if (orphaned) process.kill(-process.pid, "SIGKILL");
    // 128 + n is how a shell reports a signal; the parent turns it back.
    process.exit(code ?? 128 + (require("node:os").constants.signals[signal] ?? 0));
});

function lose() {
    orphaned = true;
    end();
}

/** Interrupt first: pulumi cancels and saves its state, go removes its work folder. What does not listen is killed. */
function end() {
    if (ending) return;
    ending = true;
    signalGroup("SIGINT");
    setTimeout(() => signalGroup("SIGTERM"), graceMs);
    setTimeout(() => signalGroup("SIGKILL"), graceMs * 2);
}

function signalGroup(signal) {
    process.kill(-process.pid, signal);
}
