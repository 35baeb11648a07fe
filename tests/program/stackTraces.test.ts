const { prepareStackTrace: own } = Error;
afterEach(() => {
    Error.prepareStackTrace = own;
    delete process.env.PULUMI_DEBUG_PROMISE_LEAKS;
});

/** What an error shows once the program has begun. */
function stackOf(message: string): string | undefined {
    Error.prepareStackTrace = () => "mapped to the sources";
    jest.isolateModules(() => require("../../runtime/stackTraces"));
    return new Error(message).stack;
}

test("an error that says something shows where in the sources it comes from", () => {
    expect(stackOf("no such stack")).toBe("mapped to the sources");
});

test("a promise's own trace costs no mapping, and says still where it was taken", () => {
    expect(stackOf("")).toMatch(/^stackOf \(.*stackTraces\.test\.ts:\d+:\d+\)\n {4}at /);
});

test("whoever looks for promises that never end gets traces that are mapped", () => {
    process.env.PULUMI_DEBUG_PROMISE_LEAKS = "true";
    expect(stackOf("")).toBe("mapped to the sources");
});
