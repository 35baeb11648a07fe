import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { Report, ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { objectOf } from "./samples";

const destinationRule = (spec: Readonly<Record<string, unknown>>) =>
    sampleOf(objectOf(["networking.istio.io/v1", "DestinationRule"], "rule", "shop", spec));

const inMesh = "reviews.shop.svc.cluster.local";

export const destinationTls: ResourceRule = {
    id: "NET-05",
    title: "No DestinationRule weakens the TLS of what is called",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: ["networking.istio.io/DestinationRule"],
    controls: controls({ soc2: ["CC6.7"], iso27001: ["8.24"] }),
    why: "One rule of the caller's side takes mutual TLS away for everybody who calls the host, whatever the other side demands.",
    fix: "leave tls out, so that the mesh uses mutual TLS by itself, or set mode ISTIO_MUTUAL; verify the certificates of hosts outside",
    link: "https://istio.io/latest/docs/reference/config/networking/destination-rule/#ClientTLSSettings",
    samples: {
        passing: [
            destinationRule({
                host: inMesh,
                trafficPolicy: { tls: { mode: "ISTIO_MUTUAL", insecureSkipVerify: false } },
            }),
            destinationRule({ host: inMesh }),
            destinationRule({ host: "api.example.com", trafficPolicy: { tls: { mode: "SIMPLE" } } }),
        ],
        failing: [
            {
                sample: destinationRule({ host: inMesh, trafficPolicy: { tls: { mode: "DISABLE" } } }),
                problem: "sends plain text",
            },
            {
                sample: destinationRule({ host: inMesh, trafficPolicy: { tls: {} } }),
                problem: "is not set, which sends plain text",
            },
            {
                sample: destinationRule({
                    host: inMesh,
                    trafficPolicy: { portLevelSettings: [{ port: { number: 80 }, tls: { mode: "DISABLE" } }] },
                }),
                problem: "sends plain text",
            },
            {
                sample: destinationRule({
                    host: inMesh,
                    subsets: [{ name: "old", trafficPolicy: { tls: { mode: "DISABLE" } } }],
                }),
                problem: "sends plain text",
            },
            {
                sample: destinationRule({
                    host: "api.example.com",
                    trafficPolicy: { tls: { mode: "SIMPLE", insecureSkipVerify: true } },
                }),
                problem: "takes any certificate for the right one",
            },
            {
                sample: destinationRule({ host: inMesh, trafficPolicy: { tls: { mode: "SIMPLE" } } }),
                problem: "goes to a host of the mesh without the caller's identity",
            },
            {
                sample: destinationRule({ host: "reviews", trafficPolicy: { tls: { mode: "SIMPLE" } } }),
                problem: "goes to a host of the mesh without the caller's identity",
            },
            {
                sample: destinationRule({ host: "*.local", trafficPolicy: { tls: { mode: "SIMPLE" } } }),
                problem: "goes to a host of the mesh without the caller's identity",
            },
        ],
    },
    check: ({ object }, report) => {
        const spec = object.get("spec");
        const policies = [
            spec.get("trafficPolicy"),
            ...spec
                .get("subsets")
                .items()
                .map((subset) => subset.get("trafficPolicy")),
        ];
        for (const policy of policies) {
            const perPort = policy.get("portLevelSettings").items();
            for (const tls of [policy, ...perPort].map((each) => each.get("tls"))) checkTls(tls, spec, report);
        }
    },
};

/** Without `tls` the mesh uses mutual TLS by itself; with it and without a mode, the mode is the first of the list: DISABLE. */
function checkTls(tls: Value, spec: Value, report: Report): void {
    if (tls.mapping() !== true) return;
    const mode = tls.get("mode");
    const read = mode.text();
    if (read === absent) report({ path: mode.path, problem: "is not set, which sends plain text" });
    if (read === "DISABLE") report({ path: mode.path, problem: "sends plain text" });
    if (read === "SIMPLE" && isInMesh(spec.get("host"))) {
        report({ path: mode.path, problem: "goes to a host of the mesh without the caller's identity" });
    }
    const skips = tls.get("insecureSkipVerify");
    if (skips.boolean() === true) report({ path: skips.path, problem: "takes any certificate for the right one" });
}

/**
 * A short name is of the rule's own namespace, and a name of the cluster has `svc` in it. Names in the mesh are known beforehand: one that is not yet is
 * of what is made in the same update outside of it, and the update judges it.
 *
 * @see https://istio.io/latest/docs/reference/config/networking/destination-rule/#DestinationRule (host)
 */
function isInMesh(host: Value): boolean {
    if (host.isUnknown) return false;
    const name = host.text();
    if (name === undecided || name === absent) return false;
    return !name.includes(".") || /\.svc(\.|$)|\.local$/.test(name);
}
