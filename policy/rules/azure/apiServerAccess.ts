import { controls } from "../../controls";
import { isWiderThan } from "../../reading/cidr";
import { undecided, type Value } from "../../reading/value";
import type { Context, Report, ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { reportUnless } from "../podRule";
import { cluster } from "./cluster.samples";
import { clusterKind } from "./pools";

/** Shortest prefix that may call a public API server: a /24 is one office or one NAT range. The settings of the platform ask the same. */
const defaultPrefix = 24;

const isPublic = (...ranges: readonly string[]) =>
    cluster({
        apiServerAccessProfile: {
            enablePrivateCluster: false,
            enablePrivateClusterPublicFQDN: null,
            authorizedIPRanges: ranges,
        },
    });

export const apiServerAccess: ResourceRule = {
    id: "AZ-01",
    title: "The API server of AKS is private, or open to a few addresses",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: [clusterKind],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.20"], cisAks: ["5.4.1", "5.4.2"] }),
    why: "Whoever reaches the API server can try stolen tokens and new faults on it, and run command gets past the network altogether.",
    fix: "set enablePrivateCluster true without public FQDN, or list narrow authorizedIPRanges, and set disableRunCommand true",
    link: "https://learn.microsoft.com/azure/aks/private-clusters",
    settings: {
        widestPrefix: {
            type: "integer",
            description: "Shortest prefix, that is the widest, of an authorized range; without it 24",
            minimum: 1,
        },
    },
    samples: {
        passing: [sampleOf(cluster()), sampleOf(isPublic("203.0.113.0/24", "198.51.100.7"))],
        failing: [
            {
                sample: sampleOf(cluster({ apiServerAccessProfile: null })),
                problem: "lists nobody, so that everyone may call the API server",
            },
            { sample: sampleOf(isPublic()), problem: "lists nobody, so that everyone may call the API server" },
            { sample: sampleOf(isPublic("0.0.0.0/1", "128.0.0.0/1")), problem: "is wider than a /24" },
            { sample: sampleOf(isPublic("203.0.113.0/28", "20.0.0.0/8")), problem: "is wider than a /24" },
            { sample: sampleOf(isPublic("203.0.113.0/23")), problem: "is wider than a /24" },
            {
                sample: sampleOf(cluster({ apiServerAccessProfile: { disableRunCommand: false } })),
                problem: "disableRunCommand is false",
            },
            {
                sample: sampleOf(cluster({ apiServerAccessProfile: { enablePrivateClusterPublicFQDN: true } })),
                problem: "enablePrivateClusterPublicFQDN is true",
            },
        ],
    },
    check: ({ object }, report, context) => {
        const access = object.get("apiServerAccessProfile");
        reportUnless(true, access.get("disableRunCommand"), report);
        const isPrivate = access.get("enablePrivateCluster").boolean();
        // A private cluster has a public name as well unless it is told not to (page of `link`).
        if (isPrivate === true) reportUnless(false, access.get("enablePrivateClusterPublicFQDN"), report);
        else if (isPrivate !== undecided) checkRanges(access.get("authorizedIPRanges"), report, context);
    },
};

function checkRanges(ranges: Value, report: Report, { settings }: Context): void {
    const { widestPrefix } = settings;
    const widest = typeof widestPrefix === "number" ? widestPrefix : defaultPrefix;
    const items = ranges.items();
    if (!ranges.isSet || (ranges.isList && items.length === 0)) {
        report({ path: ranges.path, problem: "lists nobody, so that everyone may call the API server" });
    }
    for (const range of items) {
        const read = range.text();
        if (typeof read === "string" && isWiderThan(read, widest)) {
            report({ path: range.path, problem: `is wider than a /${widest}` });
        }
    }
}
