import { readConfiguration } from "../../policy/configuration";
import { notTheInternet } from "../../policy/facts/networks";
import { internet } from "../../policy/rules/kubernetes/internetCallers";
import { resourcesOf } from "../../policy/samples";
import { problemsOf, ruleOf, saidOf, unknownText } from "./support";

const rule = ruleOf("NS-05");
const own = resourcesOf(internet());
const theirs = { name: "clouds", namespace: "shop" } as const;
const tooWide = ["spec.egress[0].to[0].ipBlock.cidr holds more addresses than any private network"];
const listing = (...internetCallers: readonly object[]) =>
    readConfiguration({ "NS-05": { enforcementLevel: "mandatory", internetCallers } });

describe("a policy that lets pods call the Internet is taken", () => {
    test("where a pack configuration lists it, and then no other is", () => {
        const listed = listing({ ...theirs, reason: "the cloud's addresses change" });
        expect(saidOf(rule, resourcesOf(internet({}, theirs)), listed)).toEqual([]);
        expect(saidOf(rule, own, listed)).toEqual(tooWide);
    });

    test("from nobody where the list is empty", () => {
        expect(saidOf(rule, own, listing())).toEqual(tooWide);
    });

    test.each(notTheInternet)("only as long as it excepts %s", (block) => {
        const except = notTheInternet.filter((each) => each !== block);
        expect(problemsOf(rule, resourcesOf(internet({ except })))).toEqual(tooWide);
    });

    test.each<[string, object]>([
        ["a port that is not known yet", { protocol: "TCP", port: unknownText }],
        ["a port by its name", { protocol: "TCP", port: "https" }],
        ["every port", { protocol: "TCP" }],
    ])("not for %s", (_, port) => {
        expect(problemsOf(rule, resourcesOf(internet({ ports: [port] })))).toEqual(expect.arrayContaining(tooWide));
    });
});
