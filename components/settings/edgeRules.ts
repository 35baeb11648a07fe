import { cidr, contains } from "../foundation/cidr";
import type { Issues } from "../foundation/issues";
import { type NamedHost, namedHosts } from "./hosts";
import type { Settings } from "./schema";
import type { Environment } from "./sizing";

type Edge = Settings["edge"];

/** Where one name may stand for many: what nobody listed is answered too. */
const wildcards: Readonly<Record<Environment, "taken" | "refused">> = {
    dev: "taken",
    staging: "taken",
    production: "refused",
};

/** Shortest prefix, that is the widest range, that may be exempt from the limit of an address. Ours: a /16 is one company's network. */
const shortestExempt = 16;

/** Refuses an edge that would answer for what it should not, or refuse what it is there for. */
export function checkEdge({ edge, environment }: Pick<Settings, "edge" | "environment">, issues: Issues): void {
    const named = namedHosts(edge);
    checkHosts(named, issues);
    if (wildcards[environment] === "refused") checkWildcards(named, environment, issues);
    checkExempt(edge.rateLimit, issues);
    checkLoads(edge.rateLimit, issues);
}

/** The gateway takes each name once: of two listeners of one name, the second would never be asked. */
function checkHosts(named: readonly NamedHost[], issues: Issues): void {
    named.forEach(({ key, host }, index) => {
        const first = named.slice(0, index).find((earlier) => earlier.host === host);
        if (first === undefined) return;
        issues.add(key, `is "${host}", which ${first.key} is already`, "give each host once");
    });
}

function checkWildcards(named: readonly NamedHost[], environment: Environment, issues: Issues): void {
    for (const { key, host } of named) {
        if (!host.startsWith("*.")) continue;
        const problem = `is "${host}", which answers for names that nobody listed; ${environment} answers for named hosts only`;
        issues.add(key, problem, `list each host by its name, such as "app${host.slice(1)}"`);
    }
}

function checkExempt({ exempt }: Edge["rateLimit"], issues: Issues): void {
    exempt.forEach((range, index) => {
        if (cidr(range).prefix >= shortestExempt) return;
        const problem = `${range} exempts too many: a range has at least /${shortestExempt}`;
        issues.add(`edge.rateLimit.exempt.${index}`, problem, "name the addresses that the load really comes from");
    });
}

/** A load that is known beforehand must get through: as what an address may bring, or as an exempt one. */
function checkLoads({ requestsPerSecond: limit, exempt, expected }: Edge["rateLimit"], issues: Issues): void {
    expected.forEach(({ from, requestsPerSecond }, index) => {
        const isExempt = exempt.some((range) => contains(cidr(range), cidr(from)));
        if (isExempt || requestsPerSecond <= limit) return;
        const problem = `${from} brings ${requestsPerSecond} requests a second, and one address may bring ${limit}`;
        const fix = `add ${from} to edge.rateLimit.exempt, or set edge.rateLimit.requestsPerSecond to at least ${requestsPerSecond}`;
        issues.add(`edge.rateLimit.expected.${index}`, problem, fix);
    });
}
