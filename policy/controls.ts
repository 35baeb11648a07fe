import type { Control } from "./rule";

/** The editions that the numbers in this pack refer to; a benchmark renumbers, so each number is only true with its edition. */
const editions = {
    soc2: { framework: "SOC 2", version: "2017 Trust Services Criteria" },
    iso27001: { framework: "ISO/IEC 27001 Annex A", version: "2022" },
    cisKubernetes: { framework: "CIS Kubernetes Benchmark", version: "1.12" },
    cisAks: { framework: "CIS AKS Benchmark", version: "1.8" },
    cisEks: { framework: "CIS EKS Benchmark", version: "1.8" },
    // The guide has no numbers of its own: these are Kubescape's, of its framework file "nsaframework".
    nsa: { framework: "NSA/CISA Kubernetes Hardening Guidance", version: "1.2" },
} as const;

type Framework = keyof typeof editions;

/** The controls a rule supports, by framework. */
export function controls(numbers: Readonly<Partial<Record<Framework, readonly string[]>>>): readonly Control[] {
    return frameworks.flatMap((framework) =>
        (numbers[framework] ?? []).map((number) => ({ ...editions[framework], number })),
    );
}

const frameworks = ["soc2", "iso27001", "cisKubernetes", "cisAks", "cisEks", "nsa"] as const;
