import type { FailingSample, Resource, Sample } from "../../rule";
import { cloudResource, kubernetesResource } from "../../samples";
import type { Exemption } from "../../terms/exemptions";
import type { VendorFile } from "../../terms/vendor";

const today = "2026-11-21";

/** Breaks STK-01, because it names no provider. */
const bucket = cloudResource("aws:s3/bucket:Bucket", {});

const exemption: Exemption = {
    rule: "STK-01",
    stack: "sample",
    resource: "aws:s3/bucket:Bucket::sample",
    reason: "moves to the new account this quarter",
    owner: "platform-team",
    ticket: "OPS-1",
    expires: "2026-12-31",
};

const vendor: VendorFile = { file: "vendor/example.yaml", chart: "example", version: "1.2.3", exceptions: [] };

/** An object of a chart, labelled as Helm does. */
const ofChart = (version: string): Resource => ({
    ...kubernetesResource("core/v1", "ServiceAccount", {
        metadata: { name: "example", labels: { "helm.sh/chart": `example-${version}` } },
    }),
    urn: "urn:pulumi:sample::sample::tars:kubernetes:Addon$kubernetes:helm.sh/v4:Chart$kubernetes:core/v1:ServiceAccount::example",
});

const exempt = (changes: Partial<Exemption>): Sample => ({
    kind: "resources",
    resources: [bucket],
    terms: { exemptions: [{ ...exemption, ...changes }], vendors: [], today },
});
const charted = (version: string): Sample => ({
    kind: "resources",
    resources: [ofChart(version)],
    terms: { exemptions: [], vendors: [vendor], today },
});

export const passing: readonly Sample[] = [
    charted("1.2.3"),
    exempt({}),
    exempt({ stack: "other", expires: "2020-01-01" }),
    charted("operator-2.0.0"),
];

export const failing: readonly FailingSample[] = [
    { sample: exempt({ expires: "2026-11-20" }), problem: "has expired on 2026-11-20" },
    { sample: exempt({ expires: "2027-02-20" }), problem: "reaches more than 90 days ahead" },
    { sample: exempt({ expires: "2026-13-01" }), problem: "ends on no day of the calendar" },
    { sample: exempt({ stack: "*" }), problem: "names its resource by a wildcard" },
    { sample: exempt({ resource: "aws:s3/bucket:Bucket::*" }), problem: "names its resource by a wildcard" },
    { sample: exempt({ resource: "aws:s3/bucket:Bucket::gone" }), problem: "matches no finding" },
    { sample: exempt({ rule: "POD-01" }), problem: "matches no finding" },
    { sample: charted("1.2.4"), problem: "is for another version of the chart" },
];
