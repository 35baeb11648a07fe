import { changeCount, EventReader, resourceCount } from "../../simulator/session/events";
import { projectRoot } from "./support";

const urn = (name: string) =>
    `urn:pulumi:dev::tars-platform::tars:data:Postgres$kubernetes:apps/v1:StatefulSet::${name}`;
const pre = (name: string) => ({ resourcePreEvent: { metadata: { urn: urn(name), op: "create" } } });
const done = (name: string) => ({ resOutputsEvent: { metadata: { urn: urn(name), op: "create" } } });
const error = (message: string, about = urn("db"), ephemeral = false) => ({
    diagnosticEvent: { severity: "error", message, urn: about, ephemeral },
});

function readerOf(...events: readonly object[]): EventReader {
    const reader = new EventReader();
    for (const event of events) reader.read(JSON.stringify(event));
    return reader;
}

test("progress counts resources that are begun and done, and names the last one under way", () => {
    expect(readerOf(pre("a"), pre("b"), done("b"), pre("c")).progress).toEqual({
        done: 1,
        begun: 3,
        current: "StatefulSet c",
    });
    expect(readerOf(pre("a"), done("a"), done("a")).progress).toEqual({ done: 1, begun: 1, current: "" });
});

test("errors are the engine's, each once, without colours, stack traces and progress noise", () => {
    const { errors } = readerOf(
        error("<{%fg 1%}>refused: too small<{%reset%}>\n    at Object.<anonymous> (/x/y.ts:1:2)\n"),
        error("refused: too small\n"),
        error("still waiting", urn("db"), true),
        error("program failed", "urn:pulumi:dev::tars-platform::pulumi:pulumi:Stack::tars-platform-dev"),
        { diagnosticEvent: { severity: "warning", message: "a warning", urn: urn("db") } },
    ).outcome;
    expect(errors).toEqual(["StatefulSet db: refused: too small", "program failed"]);
});

test("stand-ins are what the kubernetes plugin says stands in, each once and without where it lies", () => {
    const info = (message: string) => ({ diagnosticEvent: { severity: "info", message } });
    const { standins, errors } = readerOf(
        info("stand-in: operator gateway in place of what acts on gateway.networking.k8s.io\n"),
        info("<{%reset%}>stand-in: chart istiod 1.30.3 in place of oci://charts.example.com/istiod<{%reset%}>\n"),
        info("stand-in: chart istiod 1.30.3 in place of oci://charts.example.com/istiod\n"),
        info("something else"),
    ).outcome;
    expect(standins).toEqual(["chart istiod 1.30.3", "operator gateway"]);
    expect(errors).toEqual([]);
});

test("broken rules are told apart by level, and a repeated one counts once", () => {
    const rule = (enforcementLevel: string) => ({
        policyEvent: { policyName: "POD-01", resourceUrn: urn("db"), message: "must not", enforcementLevel },
    });
    expect(readerOf(rule("mandatory"), rule("mandatory")).outcome.violations).toEqual([
        { policy: "POD-01", urn: urn("db"), message: "must not", mandatory: true },
    ]);
    expect(readerOf(rule("advisory")).outcome.violations).toMatchObject([{ mandatory: false }]);
});

test("the summary tells what changed; without it the engine did not finish", () => {
    const summary = {
        summaryEvent: { resourceChanges: { create: 2, same: 3, delete: 1, read: 1 }, PolicyPacks: { pack: "1.0.0" } },
    };
    const local = { summaryEvent: { PolicyPacks: { [`pack|local|${projectRoot}/policy`]: "1.0.0" } } };
    expect(readerOf(local).outcome.policyPacks).toEqual(["pack|local|policy 1.0.0"]);
    expect(readerOf(pre("a")).outcome.finished).toBe(false);
    const { changes, policyPacks, finished } = readerOf(summary).outcome;
    expect({ policyPacks, finished }).toEqual({ policyPacks: ["pack 1.0.0"], finished: true });
    expect([changeCount(changes), resourceCount(changes)]).toEqual([3, 5]);
});

test("a line that is no event is left out", () => {
    const reader = readerOf(pre("a"));
    reader.read("{ half a li");
    expect(reader.progress.begun).toBe(1);
});
