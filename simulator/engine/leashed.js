// Runs one command and ends it, with everything it started, when whoever asked for it is gone. The parent holds the other end of
// a pipe to this process: it closes however its owner dies, SIGKILL and power loss of a container included, on every Unix.
//
//   node leashed.js group GRACE_MS COMMAND [ARGUMENT ...]
//       The pipe is standard input. This process leads its own process group (the parent starts it detached), which the command shares.
//   node leashed.js terminal GRACE_MS COMMAND [ARGUMENT ...]
//       The pipe is descriptor 3. The command has the terminal, and shares the group of whoever has it: nothing else in it is ours.

const { spawn, spawnSync } = require("node:child_process");
const { Socket } = require("node:net");

const [place, grace, command, ...args] = process.argv.slice(2);
const graceMs = Number(grace);
const inTerminal = place === "terminal";
let ending = false;
let orphaned = false;

// Before the command is there: a signal between its start and these lines would end this process alone.
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, end);
// The terminal interrupts the command itself.
process.on("SIGINT", inTerminal ? () => undefined : end);
const lifeline = inTerminal ? new Socket({ fd: 3 }) : process.stdin;
lifeline.on("end", lose).on("error", lose).resume();

const child = spawn(command, args, { stdio: [inTerminal ? "inherit" : "ignore", "inherit", "inherit"] });
child.on("error", (error) => {
    process.stderr.write(`cannot start ${command}: ${error.message}\n`);
    process.exit(error.code === "ENOENT" ? 127 : 126);
});
child.on("exit", (code, signal) => {
    // Nobody is left to sweep up what the command itself left behind in the group.
    if (orphaned && !inTerminal) process.kill(-process.pid, "SIGKILL");
    // 128 + n is how a shell reports a signal; the parent turns it back.
    process.exit(code ?? 128 + (require("node:os").constants.signals[signal] ?? 0));
});

function lose() {
    orphaned = true;
    // Who had the terminal is gone, and nobody reads what the command would say.
    if (inTerminal) killTree();
    else end();
}

/** Interrupt first: pulumi cancels and saves its state, go removes its work folder. What does not listen is killed. */
function end() {
    if (ending) return;
    ending = true;
    send("SIGINT");
    setTimeout(() => send("SIGTERM"), graceMs);
    setTimeout(inTerminal ? killTree : () => send("SIGKILL"), graceMs * 2);
}

function send(signal) {
    if (inTerminal) child.kill(signal);
    else process.kill(-process.pid, signal);
}

/** Kills the command and its descendants, whatever groups they made for themselves. */
function killTree() {
    const listed = spawnSync("ps", ["-A", "-o", "pid=,ppid="], { encoding: "utf8" }).stdout ?? "";
    const parents = listed.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
    const tree = [child.pid];
    for (const above of tree) for (const [pid, parent] of parents) if (parent === above) tree.push(pid);
    for (const pid of tree) {
        try {
            process.kill(pid, "SIGKILL");
        } catch (error) {
            if (error.code !== "ESRCH") throw error;
        }
    }
}
