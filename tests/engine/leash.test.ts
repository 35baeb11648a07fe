import { join } from "node:path";
import { spawnOnLeash } from "../../simulator/engine";
import { isRunning } from "../../simulator/system/processes";
import { startNode, until, untilGone } from "./processes";

const starter = join(__dirname, "starter.js");
/** Prints its number and its child's, and ends for nothing but SIGKILL. */
const stubborn =
    "trap '' INT TERM; sh -c 'trap \"\" INT TERM; echo $$; while :; do sleep 0.1; done' & echo $$; while :; do sleep 0.1; done";

jest.setTimeout(90_000);

test.each([
    ["leash", "SIGKILL"],
    ["leash", "SIGTERM"],
    ["leash", "SIGINT"],
    ["terminal", "SIGKILL"],
    ["terminal", "SIGTERM"],
    ["terminal", "SIGINT"],
] as const)("on a %s, %s of the starter leaves nothing of what it started", async (place, signal) => {
    const { process: parent, lines, closed } = startNode([starter, place, "sh", "-c", stubborn]);
    await until(() => lines.length >= 2);
    const pids = lines.slice(0, 2).map(Number);
    expect(pids.every(isRunning)).toBe(true);
    parent.kill(signal);
    await closed;
    await Promise.all(pids.map(untilGone));
});

test("a command that ends by itself gives its exit code, and what it left behind ends too", async () => {
    const run = spawnOnLeash("sh", ["-c", "sleep 60 >/dev/null 2>&1 & echo $!; exit 7"]);
    const printed: string[] = [];
    run.stdout?.on("data", (text: Buffer) => printed.push(text.toString()));
    expect(await run.ended).toEqual({ code: 7, stopped: false });
    await untilGone(Number(printed.join("")));
});

test("an interrupt comes first, so that a command can end in its own way", async () => {
    const run = spawnOnLeash("sh", ["-c", "trap 'exit 3' INT; echo ready; while :; do sleep 0.1; done"]);
    await new Promise((resolve) => run.stdout?.once("data", resolve));
    expect(await run.stop()).toEqual({ code: 3, stopped: true });
});

test("an AbortSignal stops the command, also when it has fired before", async () => {
    const controller = new AbortController();
    controller.abort();
    const ended = await spawnOnLeash("sleep", ["60"], { signal: controller.signal }).ended;
    expect(ended.stopped).toBe(true);
    expect(ended.code).not.toBe(0);
});

test("in the terminal, a command reads what its starter is given", async () => {
    const { process: parent, lines, closed } = startNode([starter, "terminal", "cat"]);
    parent.stdin?.end("typed\n");
    await closed;
    expect(lines).toEqual(["typed", JSON.stringify({ ended: { code: 0, stopped: false } })]);
});

test("a command that does not exist ends with 127", async () => {
    const run = spawnOnLeash("tars-no-such-command", []);
    run.stderr?.resume();
    expect(await run.ended).toEqual({ code: 127, stopped: false });
});
