import { controls } from "../../controls";
import { isEverywhere, isWiderThan } from "../../reading/cidr";
import { undecided, Value } from "../../reading/value";
import type { Context, Report, ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import type { Environment } from "../../terms/environment";
import { reportUnless } from "../podRule";
import { cluster, clusterKinds, component, endpointOf } from "./clusters";
import { inStaging } from "./samples";

/**
 * One office or one NAT range. Settings of stacks have the same bounds (components/cloud/common/rules.ts): what is wider than the first is
 * advised against everywhere, and refused where the second is crossed.
 */
const widestPrefix = 24;
const shortestAllowed = { dev: 16, staging: 16, production: 24 } as const satisfies Readonly<
    Record<Environment, number>
>;

const closed = { endpointPrivateAccess: true, endpointPublicAccess: false };
const listed = { endpointPrivateAccess: true, endpointPublicAccess: true, publicAccessCidrs: ["203.0.113.0/24"] };

export const apiEndpoint: ResourceRule = {
    id: "AWS-01",
    title: "The API server of EKS is called from the network, or from few known addresses",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: [...clusterKinds],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.20"], cisEks: ["5.4.1", "5.4.2"] }),
    why: "Whoever reaches the API server needs only one leaked credential, or one flaw of the server, to have the cluster.",
    fix: "set endpointPrivateAccess, and endpointPublicAccess to false or publicAccessCidrs to ranges of at least /24",
    link: "https://docs.aws.amazon.com/eks/latest/userguide/cluster-endpoint.html",
    settings: {
        allowedCidrs: {
            type: "array",
            description: "Ranges that may call a public API server; without it any that is narrow enough",
            items: { type: "string", minLength: 1 },
        },
    },
    samples: {
        passing: [
            sampleOf(component(listed)),
            sampleOf(component(closed)),
            sampleOf(cluster({ vpcConfig: closed })),
            sampleOf(component({ ...listed, publicAccessCidrs: ["203.0.113.7", "2001:db8::1/128"] })),
        ],
        failing: [
            {
                sample: sampleOf(component({ ...listed, publicAccessCidrs: [] })),
                problem: "lists nobody, so that the whole internet may call",
            },
            { sample: sampleOf(cluster({})), problem: "is not set, so that the whole internet may call" },
            {
                sample: sampleOf(component({ ...listed, publicAccessCidrs: ["0.0.0.0/1"] })),
                problem: "is the internet",
            },
            {
                sample: sampleOf(cluster({ vpcConfig: { ...listed, publicAccessCidrs: ["203.0.112.0/23"] } })),
                problem: "is wider than /24",
            },
            {
                sample: inStaging(component({ ...listed, publicAccessCidrs: ["203.0.0.0/15"] })),
                problem: "is wider than /24",
            },
            { sample: sampleOf(component({ ...listed, endpointPrivateAccess: false })), problem: "is false" },
            { sample: sampleOf(cluster({ vpcConfig: { endpointPublicAccess: false } })), problem: "is not set" },
        ],
    },
    // EKS' defaults: public for all, private for none. https://docs.aws.amazon.com/eks/latest/APIReference/API_VpcConfigRequest.html
    check: (subject, report, context) => {
        const endpoint = endpointOf(subject);
        reportUnless(true, endpoint.get("endpointPrivateAccess"), report);
        const isPublic = endpoint.get("endpointPublicAccess").boolean();
        if (isPublic !== false && isPublic !== undecided)
            checkCallers(endpoint.get("publicAccessCidrs"), report, context);
    },
};

function checkCallers(ranges: Value, report: Report, context: Context): void {
    const items = ranges.items();
    if (!ranges.isSet || (ranges.isList && items.length === 0)) {
        const state = ranges.isSet ? "lists nobody" : "is not set";
        report({ path: ranges.path, problem: `${state}, so that the whole internet may call` });
    }
    for (const range of items) checkCaller(range, report, context);
}

function checkCaller(range: Value, report: Report, { settings, environment }: Context): void {
    const cidr = range.text();
    if (typeof cidr !== "string") return;
    const { path } = range;
    const allowed = Value.unheard(settings).get("allowedCidrs");
    if (isEverywhere(cidr)) report({ path, problem: "is the internet" });
    else if (isWiderThan(cidr, widestPrefix)) {
        const advisory = !isWiderThan(cidr, shortestAllowed[environment]);
        report({ path, problem: `is wider than /${widestPrefix}`, advisory });
    }
    if (allowed.isSet && !allowed.texts().includes(cidr)) {
        report({ path, problem: "is not on the list of allowed ranges" });
    }
}
