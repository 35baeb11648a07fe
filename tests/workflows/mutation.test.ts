import { finishedOf, type Result, scoreOf } from "../deep/mutation";

const result = (status: string, file = "policy/a.ts", line = 1): Result => ({
    file,
    id: `${line}`,
    status,
    mutatorName: "BooleanLiteral",
    line,
});

test("the score counts what the tests noticed among what they could have noticed", () => {
    const results = ["Killed", "Killed", "Timeout", "Ignored", "CompileError"].map((status) => result(status));
    expect(scoreOf([...results, result("Survived", "policy/a.ts", 7)])).toEqual({
        score: 75,
        mutants: 4,
        survived: ["policy/a.ts:7 BooleanLiteral"],
    });
    expect(scoreOf([]).score).toBe(0);
});

test("a run goes on with the files that the one before had not finished", () => {
    const first = [
        { planned: { "policy/a.ts": 1, "policy/b.ts": 2 } },
        result("Killed", "policy/a.ts"),
        result("Killed", "policy/b.ts"),
    ];
    const kept = finishedOf(first);
    expect(kept).toEqual({ planned: { "policy/a.ts": 1 }, results: [result("Killed", "policy/a.ts")] });
    const second = [
        { planned: kept.planned },
        ...kept.results,
        { planned: { "policy/b.ts": 2 } },
        result("Survived", "policy/b.ts", 1),
        result("NoCoverage", "policy/b.ts", 2),
    ];
    expect(finishedOf(second)).toMatchObject({ planned: { "policy/a.ts": 1, "policy/b.ts": 2 } });
});
