import { progressDisplay } from "../../cli/src/progress";
import { duration, table } from "../../cli/src/terminal";

function screen(isTTY: boolean): {
    readonly isTTY: boolean;
    readonly columns: number;
    readonly written: string[];
    write(text: string): void;
} {
    const written: string[] = [];
    return { isTTY, columns: 40, written, write: (text) => void written.push(text) };
}

const running = (elapsedMs: number, detail = "1 of 9") => ({
    step: "update",
    state: "running" as const,
    elapsedMs,
    expectedMs: 60_000,
    detail,
});

test("without a terminal: plain lines at the beginning, each half minute and at the end", () => {
    const log = screen(false);
    const { report, notice } = progressDisplay(log, {});
    for (const elapsed of [0, 10_000, 29_000, 30_000, 45_000, 61_000]) report(running(elapsed));
    notice("by the way");
    report({ step: "update", state: "done", elapsedMs: 192_000, detail: "9 create" });
    expect(log.written).toEqual([
        "  ... update: 0ms of about 1m00s, 1 of 9\n",
        "  ... update: 30s of about 1m00s, 1 of 9\n",
        "  ... update: 1m01s of about 1m00s, 1 of 9\n",
        "by the way\n",
        " done update in 3m12s: 9 create\n",
    ]);
});

test("on a terminal: one line that changes, no wider than the terminal, and a failure in words", () => {
    const terminal = screen(true);
    const { report } = progressDisplay(terminal, { TERM: "xterm" });
    report(running(1000, "a very long detail that does not fit into the line"));
    report({ step: "update", state: "failed", elapsedMs: 2000 });
    expect(terminal.written[0]).toHaveLength(39);
    expect(terminal.written[1]).toBe("\r\u001b[K");
    expect(terminal.written[2]).toMatch(/FAILED.* update in 2\.0s\n$/);
});

test.each([{ CI: "true" }, { TERM: "dumb" }])("a terminal in %p gets plain lines", (env) => {
    const terminal = screen(true);
    const { report } = progressDisplay(terminal, env);
    report(running(1000));
    report(running(2000));
    expect(terminal.written).toEqual([expect.stringMatching(/\n$/)]);
});

test.each([
    [0, "0ms"],
    [999, "999ms"],
    [4_240, "4.2s"],
    [9_960, "10s"],
    [59_400, "59s"],
    [59_600, "1m00s"],
    [192_000, "3m12s"],
    [3_900_000, "1h05m"],
])("%d milliseconds are %s", (milliseconds, words) => {
    expect(duration(milliseconds)).toBe(words);
});

test("a table is aligned and has no blanks at the line's end", () => {
    expect(
        table([
            ["a", "bb", "c"],
            ["aaa", "b", ""],
        ]),
    ).toBe("a    bb  c\naaa  b");
});
