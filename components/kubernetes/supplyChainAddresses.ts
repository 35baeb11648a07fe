import { addresses } from "./addresses";

/** Addresses of the definitions that the guards of the supply chain bring, file by file: their makers publish no bundle of definitions alone. */

const kyverno = "https://raw.githubusercontent.com/kyverno/kyverno/v1.19.0/config/crds";

/** All kinds of Kyverno, though the platform makes one: its controllers wait at their start until they can watch each of the others. */
export const kyvernoAddresses = [
    ...addresses(`${kyverno}/kyverno`, [
        "kyverno.io_cleanuppolicies",
        "kyverno.io_clustercleanuppolicies",
        "kyverno.io_clusterpolicies",
        "kyverno.io_globalcontextentries",
        "kyverno.io_policies",
        "kyverno.io_policyexceptions",
        "kyverno.io_updaterequests",
    ]),
    ...addresses(`${kyverno}/policies.kyverno.io`, [
        "policies.kyverno.io_deletingpolicies",
        "policies.kyverno.io_generatingpolicies",
        "policies.kyverno.io_imagevalidatingpolicies",
        "policies.kyverno.io_mutatingpolicies",
        "policies.kyverno.io_namespaceddeletingpolicies",
        "policies.kyverno.io_namespacedgeneratingpolicies",
        "policies.kyverno.io_namespacedimagevalidatingpolicies",
        "policies.kyverno.io_namespacedmutatingpolicies",
        "policies.kyverno.io_namespacedvalidatingpolicies",
        "policies.kyverno.io_policyexceptions",
        "policies.kyverno.io_validatingpolicies",
    ]),
    ...addresses(`${kyverno}/policyreport`, ["wgpolicyk8s.io_clusterpolicyreports", "wgpolicyk8s.io_policyreports"]),
    ...addresses(`${kyverno}/reports`, [
        "reports.kyverno.io_clusterephemeralreports",
        "reports.kyverno.io_ephemeralreports",
    ]),
] as const;

/** Kinds of reports that the operator writes; those about a cluster's settings stay empty, but it reads them all. */
export const trivyOperatorAddresses = addresses(
    "https://raw.githubusercontent.com/aquasecurity/trivy-operator/v0.32.0/deploy/helm/crds",
    [
        "aquasecurity.github.io_clustercompliancereports",
        "aquasecurity.github.io_clusterconfigauditreports",
        "aquasecurity.github.io_clusterinfraassessmentreports",
        "aquasecurity.github.io_clusterrbacassessmentreports",
        "aquasecurity.github.io_clustersbomreports",
        "aquasecurity.github.io_clustervulnerabilityreports",
        "aquasecurity.github.io_configauditreports",
        "aquasecurity.github.io_exposedsecretreports",
        "aquasecurity.github.io_infraassessmentreports",
        "aquasecurity.github.io_rbacassessmentreports",
        "aquasecurity.github.io_sbomreports",
        "aquasecurity.github.io_vulnerabilityreports",
    ],
);

/** Without `podinfo`, which only Tetragon's operator fills; the platform does not run it. */
export const tetragonAddresses = addresses(
    "https://raw.githubusercontent.com/cilium/tetragon/v1.7.0/install/kubernetes/tetragon/crds-yaml",
    ["cilium.io_tracingpolicies", "cilium.io_tracingpoliciesnamespaced"],
);
