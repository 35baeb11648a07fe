import { controls } from "../../controls";
import { longestToken as longest, apiClients as ownClients } from "../../facts/accounts";
import { absent, undecided, type Value } from "../../reading/value";
import { everyPodTemplate, podTemplatesOf } from "../../resources/podTemplates";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule, Settings } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";
import { reportUnlessOfChart } from "../chartPods";
import { accountsIn, accountsSetting, isListed } from "../listedAccounts";

const secretOf = (type: string) => sampleOf(kubernetesResource("core/v1", "Secret", { metadata: { name: "s" }, type }));

const podWith = (token: Readonly<Record<string, unknown>>) =>
    ({
        kind: "pod",
        set: {
            volumes: [{ name: "token", projected: { sources: [{ serviceAccountToken: { path: "t", ...token } }] } }],
        },
    }) as const;

export const longLivedTokens: ResourceRule = {
    id: "RBAC-09",
    title: "Tokens of service accounts end within the hour and are for one audience",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: ["core/Secret", everyPodTemplate],
    controls: controls({ soc2: ["CC6.1"], iso27001: ["5.17", "8.5"], cisKubernetes: ["3.1.2"] }),
    why: "A stolen token is good until it ends, and wherever its audience is not asked for; one in a Secret never ends.",
    fix: "project a serviceAccountToken with an audience and expirationSeconds of at most 3600 into the pod that needs it",
    link: "https://kubernetes.io/docs/concepts/storage/projected-volumes/#serviceaccounttoken",
    settings: {
        apiClients: accountsSetting({
            description:
                "Service accounts whose pods may have a token without audience, which is one for the Kubernetes API; without it, those of the platform",
            reason: "What the pods ask the API for",
        }),
    },
    samples: {
        passing: [
            secretOf("Opaque"),
            podWith({ audience: "vault", expirationSeconds: 3600 }),
            podWith({ audience: "vault" }),
            { kind: "pod", set: { volumes: [{ name: "v", projected: { sources: [{ configMap: { name: "c" } }] } }] } },
        ],
        failing: [
            {
                sample: secretOf("kubernetes.io/service-account-token"),
                problem: "makes a token that never ends",
            },
            { sample: podWith({ audience: "vault", expirationSeconds: 3601 }), problem: "is more than an hour" },
            {
                sample: podWith({ expirationSeconds: 600 }),
                problem: "is not set, so that the Kubernetes API takes the token",
            },
        ],
    },
    check: (subject, report, { settings }) => {
        if (subject.kind.kind === "Secret") checkSecret(subject, report);
        for (const template of podTemplatesOf(subject)) {
            const { spec } = template;
            const unlessOfChart = reportUnlessOfChart("RBAC-09", { template, subject }, report);
            for (const volume of spec.get("volumes").items()) {
                for (const source of volume.get("projected", "sources").items()) {
                    checkToken(source.get("serviceAccountToken"), unlessOfChart, () =>
                        isClient(spec, subject, settings),
                    );
                }
            }
        }
    },
};

function checkSecret({ object }: Subject, report: Report): void {
    const type = object.get("type");
    if (type.text() !== "kubernetes.io/service-account-token") return;
    report({ path: type.path, problem: "makes a token that never ends" });
}

function checkToken(token: Value, report: Report, isApiClient: () => boolean): void {
    if (!token.isSet) return;
    const [seconds, audience] = [token.get("expirationSeconds"), token.get("audience")];
    const life = seconds.number();
    if (typeof life === "number" && life > longest) {
        report({ path: seconds.path, problem: "is more than an hour" });
    }
    const stated = audience.text();
    if (stated === undecided || (stated !== absent && stated !== "") || isApiClient()) return;
    report({ path: audience.path, problem: "is not set, so that the Kubernetes API takes the token" });
}

function isClient(spec: Value, subject: Subject, settings: Settings): boolean {
    return isListed(accountsIn(settings.apiClients ?? ownClients), spec, subject);
}
