/** Controls that no rule about code can show, however green everything else is. */
export interface OutsideCode {
    readonly framework: string;
    readonly controls: string;
    readonly about: string;
    /** Who has to show it, and how. */
    readonly shownBy: string;
}

const organisation = "people and process: policies, records and interviews";
const provider =
    "the provider of the control plane (inherited on AKS and EKS: its own audit reports); whoever runs it on an existing cluster";

export const outsideCode: readonly OutsideCode[] = [
    { framework: "SOC 2", controls: "CC1", about: "control environment", shownBy: organisation },
    { framework: "SOC 2", controls: "CC2.2", about: "internal communication", shownBy: organisation },
    {
        framework: "ISO/IEC 27001 Annex A",
        controls: "5.1-5.8",
        about: "policies, roles, duties, contacts, threat intelligence, projects",
        shownBy: organisation,
    },
    { framework: "ISO/IEC 27001 Annex A", controls: "6", about: "people", shownBy: organisation },
    {
        framework: "ISO/IEC 27001 Annex A",
        controls: "7",
        about: "physical security",
        shownBy: `${organisation}; sites`,
    },
    {
        framework: "CIS Kubernetes Benchmark",
        controls: "1.x-4.x",
        about: "control plane, etcd, its configuration, kubelet flags and file owners",
        shownBy: provider,
    },
];
