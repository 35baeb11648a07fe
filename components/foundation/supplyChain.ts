import type { Copies } from "./copies";
import { imagePuller } from "./imagePuller";
import { type Load, type Loads, type NodeAgent, systemRoles } from "./loads";
import { bytes, formatBytes, formatMillicores, millicores } from "./quantities";
import type { Size } from "./workloads";

/** Whose signature an image must have. */
export type SignatureTrust = SignatureStore &
    (
        | {
              readonly kind: "key";
              /** PEM text of the public half. */
              readonly publicKey: string;
              /** Whether each signature must also stand in Sigstore's public log, where its owner sees what was signed with the key. */
              readonly transparencyLog: boolean;
          }
        | {
              readonly kind: "keyless";
              /** Who said who the signer is: the issuer of its OIDC token, exactly. */
              readonly issuer: string;
              /** The signer as the issuer names it: an address or a URL, exactly. */
              readonly subject: string;
          }
    );

interface SignatureStore {
    /** Repository that holds the signatures of all images. @default undefined - each beside its image */
    readonly repository?: string | undefined;
}

/** What happens to a pod whose images are not signed: it is reported, or refused. */
export type SignatureEnforcement = "audit" | "deny";

/** The guards of the supply chain that a stack has. */
export interface SupplyChain {
    readonly signatures: (SignatureTrust & { readonly enforcement: SignatureEnforcement }) | undefined;
    /** Registries, path included, that stand for those of the platform's images. */
    readonly mirrors: Readonly<Record<string, string>>;
    /** Blocks of addresses in which registries and databases of vulnerabilities answer, beside the network's own. */
    readonly registries: readonly string[];
    readonly scanning: boolean;
    readonly runtimeDetection: boolean;
    /** Whether nodes of inference fetch its large image before a pod needs it. */
    readonly prePull: boolean;
    readonly sandbox: Sandbox | undefined;
}

/** How agents get a kernel of their own, on a cluster that has nodes for it. */
export interface Sandbox {
    /** Name of the runtime in the configuration of the nodes' containerd. */
    readonly handler: string;
    /** Labels of the nodes that have it. */
    readonly nodes: Readonly<Record<string, string>>;
}

/**
 * Kyverno's pods. Requests of cpu are the chart's; memory is twice the chart's, because each signature that is verified is fetched first
 * (charts/kyverno/values.yaml of kyverno/kyverno at v1.19.0: 128Mi and 64Mi, limits 384Mi and 128Mi).
 */
export function signatureSizes({ webhooks, controllers }: Copies) {
    return {
        /** Answers the API server for each pod. */
        admission: {
            replicas: { min: webhooks, max: webhooks },
            surge: 1,
            requests: { cpu: "100m", memory: "256Mi" },
            limits: { cpu: "1", memory: "512Mi" },
            scratch: "192Mi",
        },
        /** Looks through the pods that are there already, and writes the reports. */
        reports: {
            replicas: { min: controllers, max: controllers },
            surge: 1,
            requests: { cpu: "100m", memory: "128Mi" },
            limits: { cpu: "500m", memory: "256Mi" },
            scratch: "192Mi",
        },
    } as const satisfies Readonly<Record<string, Size>>;
}

/** What one container, or one pod, gets. */
export type Share = Pick<Size, "requests" | "limits" | "scratch">;

/** Most pods that scan images at the same time. */
export const scansAtOnce = 2;

/** One container of a scanning pod, which has one for each image of the pod that it is about. Near the chart's 100M and 500M; scratch is ours. */
export const scanContainer: Share = {
    requests: { cpu: "100m", memory: "128Mi" },
    limits: { cpu: "500m", memory: "512Mi" },
    // The layers of an image, one after the other, as they are unpacked.
    scratch: "2Gi",
};

/** Images of the largest pod that is scanned: three containers and one that runs before them. */
const imagesOfPod = 4;

/**
 * Trivy's pods. The server's cpu and memory are the chart's (deploy/helm/values.yaml of aquasecurity/trivy-operator at v0.32.0), which names
 * none for the operator: its figures, and all of scratch, are ours.
 */
export function scanningSizes({ controllers }: Copies) {
    const replicas = { min: controllers, max: controllers };
    return {
        operator: {
            replicas,
            surge: 0,
            requests: { cpu: "50m", memory: "256Mi" },
            limits: { cpu: "500m", memory: "512Mi" },
            scratch: "256Mi",
        },
        /** Holds the databases: that of vulnerabilities, and the larger one of Java archives. */
        server: {
            replicas,
            surge: 0,
            requests: { cpu: "200m", memory: "512Mi" },
            limits: { cpu: "1", memory: "1Gi" },
            scratch: "4Gi",
        },
        scan: {
            replicas: { min: 0, max: scansAtOnce },
            surge: 0,
            ...together(Array<Share>(imagesOfPod).fill(scanContainer)),
        },
    } as const satisfies Readonly<Record<string, Size>>;
}

/** Containers of Tetragon's agent. The chart names no figures; these are ours: 65,536 processes are remembered, and events pass through files. */
export const detectorContainers = {
    agent: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "512Mi" }, scratch: "128Mi" },
    export: { requests: { cpu: "10m", memory: "32Mi" }, limits: { cpu: "100m", memory: "64Mi" }, scratch: "64Mi" },
} as const satisfies Readonly<Record<string, Share>>;

/** What the detector takes of every node. */
export const detector: NodeAgent = { name: "tetragon", ...together(Object.values(detectorContainers)) };

/** Everything that the guards of a stack run. */
export function supplyChainLoads(guards: SupplyChain, copies: Copies): Loads {
    const { admission, reports } = signatureSizes(copies);
    const { operator, server, scan } = scanningSizes(copies);
    const signatures = { "kyverno-admission-controller": admission, "kyverno-reports-controller": reports };
    const scanning = { "trivy-operator": operator, "trivy-server": server };
    return {
        pods: [
            ...(guards.signatures === undefined ? [] : systemPods(signatures)),
            // Scans can wait, and are not worth a place beside what the cluster stands on.
            ...(guards.scanning ? [...systemPods(scanning), { name: "trivy-scan", size: scan, roles: scanRoles }] : []),
        ],
        agents: [...(guards.runtimeDetection ? [detector] : []), ...(guards.prePull ? [imagePuller] : [])],
    };
}

/** Roles of nodes that scanning pods run on. */
const scanRoles = ["general"] as const;

function systemPods(sizes: Readonly<Record<string, Size>>): readonly Load[] {
    return Object.entries(sizes).map(([name, size]) => ({ name, size, roles: systemRoles }));
}

/** What containers of one pod get together. */
function together(shares: readonly Share[]): Share {
    const amounts = (of: (share: Share) => Share["requests"]) => ({
        cpu: formatMillicores(sum(shares.map((share) => millicores(of(share).cpu)))),
        memory: formatBytes(sum(shares.map((share) => bytes(of(share).memory)))),
    });
    const scratch = formatBytes(sum(shares.map((share) => bytes(share.scratch))));
    return { requests: amounts(({ requests }) => requests), limits: amounts(({ limits }) => limits), scratch };
}

function sum(counts: readonly number[]): number {
    return counts.reduce((total, count) => total + count, 0);
}
