import { scoreOf } from "../deep/mutation";

const mutant = (status: string, line = 1) => ({
    status,
    mutatorName: "BooleanLiteral",
    location: { start: { line } },
});

test("the score counts what the tests noticed among what they could have noticed", () => {
    const mutants = ["Killed", "Killed", "Timeout", "Ignored", "CompileError"].map((status) => mutant(status));
    const files = { "policy/a.ts": { mutants: [...mutants, mutant("Survived", 7)] } };
    expect(scoreOf({ files })).toEqual({ score: 75, mutants: 4, survived: ["policy/a.ts:7 BooleanLiteral"] });
    expect(scoreOf({ files: {} }).score).toBe(0);
});
