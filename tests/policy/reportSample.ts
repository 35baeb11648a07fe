import { judge, readConfiguration } from "../../policy/judge";
import type { PolicyReport } from "../../policy/reports/report";
import type { Resource } from "../../policy/rule";
import { kubernetesResource } from "../../policy/samples";
import { bareTerms, type Terms } from "../../policy/terms/terms";
import { compliantPod, deploymentOf, unknownText } from "./support";

const today = "2026-11-21";
/** A secret that the resources hold. */
export const canary = "canary-4e0b9d";

/** A stack named dev with one finding of each standing: mandatory, advisory by exemption, not decided. */
export function pod(name: string, set: object): Resource {
    const resource = deploymentOf({ ...compliantPod, ...set });
    return { ...resource, name, urn: `urn:pulumi:dev::shop::${resource.type}::${name}` };
}
const namespace = kubernetesResource("core/v1", "Namespace", { metadata: { name: "other" } });
export const resources = [
    pod("broken", { hostPID: true, containers: containers({ env: [{ name: "TOKEN", value: canary }] }) }),
    pod("excused", { hostIPC: true }),
    pod("unclear", { hostNetwork: unknownText }),
    { ...namespace, urn: `urn:pulumi:dev::shop::${namespace.type}::other` },
];

function containers(set: object): readonly unknown[] {
    const own: unknown = compliantPod.containers;
    return Array.isArray(own) ? own.map((container) => ({ ...container, ...set })) : [];
}

const terms: Terms = {
    ...bareTerms,
    environment: "staging",
    today,
    exemptions: [
        {
            rule: "POD-08",
            stack: "dev",
            resource: "kubernetes:apps/v1:Deployment::excused",
            reason: "debugs | shared memory <b>until</b> the new version",
            owner: "team-a",
            ticket: "T-17",
            expires: "2026-12-01",
        },
    ],
    pending: [{ rule: "POD-13", part: 7, kind: "example.com/Nothing", reason: "for the test" }],
};

export function reportOf(): PolicyReport {
    const { findings, coverage } = judge(resources, readConfiguration({ "POD-07": "disabled" }), terms);
    return {
        date: today,
        version: "1.2.3",
        subjects: [{ name: "dev", source: "Pulumi.dev.yaml", environment: "staging", coverage }],
        findings: findings.map((finding) => ({ ...finding, subject: "dev", file: "Pulumi.dev.yaml" })),
        unreadable: [],
    };
}
