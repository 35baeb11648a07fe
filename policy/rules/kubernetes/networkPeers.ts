import { controls } from "../../controls";
import { dnsPort as dns, dnsPortNames, gatewayLabel, metadataAddresses } from "../../facts/networks";
import { holdsAddress, isTooWide } from "../../reading/addresses";
import { absent, undecided, type Value } from "../../reading/value";
import { selectsAll } from "../../resources/selectors";
import type { Report, ResourceRule } from "../../rule";
import { exceptsOwn, internet, internetCallersSetting, isForTheWeb, isInternetCaller } from "./internetCallers";
import { egress, everyPod, gatewayIngress, ingress, nameService } from "./networkPeers.samples";

const anywhere = { ipBlock: { cidr: "0.0.0.0/0" } } as const;

export const networkPeers: ResourceRule = {
    id: "NS-05",
    title: "Network policies name the few that are meant",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: ["networking.k8s.io/NetworkPolicy"],
    controls: controls({ soc2: ["CC6.6"], iso27001: ["8.22", "8.23"], cisKubernetes: ["5.3.2"] }),
    why: "A peer that is everybody is no peer but to a gateway, the metadata service gives a pod the rights of its machine, and foreign name servers carry data out.",
    fix: "name namespaces, pods or blocks of addresses that are needed, and only the cluster's own name service for port 53",
    link: "https://kubernetes.io/docs/concepts/services-networking/network-policies/#behavior-of-to-and-from-selectors",
    settings: internetCallersSetting,
    samples: {
        passing: [
            egress([{ to: [nameService], ports: [{ protocol: "UDP", port: dns }] }]),
            ingress([{ from: [{ podSelector: { matchLabels: { app: "web" } } }], ports: [{ port: 80 }] }]),
            egress([{ to: [{ ipBlock: { cidr: "10.0.0.0/8" } }, { podSelector: {} }], ports: [{ port: 443 }] }]),
            egress([
                {
                    to: [{ ipBlock: { cidr: "169.254.0.0/16", except: ["169.254.169.254/32"] } }],
                    ports: [{ port: 80 }],
                },
            ]),
            ingress([]),
            gatewayIngress([{ from: [anywhere], ports: [{ port: 80 }, { protocol: "TCP", port: 443 }] }]),
            internet(),
            internet({ ports: [{ port: 80 }, { port: 443 }] }),
        ],
        failing: [
            {
                sample: ingress([{ ports: [{ port: 80 }] }]),
                problem: "spec.ingress[0].from names nobody, which is everybody",
            },
            { sample: egress([{ to: [] }]), problem: "spec.egress[0].to names nobody, which is everybody" },
            { sample: ingress([{ from: [{}] }]), problem: "spec.ingress[0].from[0] names nobody, which is everybody" },
            { sample: ingress([{ from: [everyPod] }]), problem: "is every pod of the cluster" },
            {
                sample: egress([{ to: [{ ...everyPod, podSelector: {} }], ports: [{ port: 80 }] }]),
                problem: "is every pod of the cluster",
            },
            ...["0.0.0.0/0", "::/0", "0.0.0.0/1", "2000::/3"].map((cidr) => ({
                sample: ingress([{ from: [{ ipBlock: { cidr } }] }]),
                problem: "holds more addresses than any private network",
            })),
            {
                sample: egress([{ to: [{ ipBlock: { cidr: "0.0.0.0/0", except: ["169.254.169.254/32"] } }] }]),
                problem: "holds more addresses than any private network",
            },
            ...[
                internet({}, { name: "acme", namespace: "shop" }),
                internet({}, { name: "paths", namespace: "cert-manager" }),
                internet({ except: [] }),
                internet({ ports: [] }),
                internet({ ports: [{ port: 443 }, { port: 22 }] }),
                internet({ ports: [{ port: 443, endPort: 444 }] }),
                internet({ ports: [{ protocol: "UDP", port: 443 }] }),
                gatewayIngress([{ from: [anywhere], ports: [{ port: 443 }, { port: 15_021 }] }]),
                gatewayIngress([{ from: [anywhere], ports: [{ port: "https" }] }]),
                gatewayIngress([{ from: [anywhere], ports: [{ port: 80, endPort: 443 }] }]),
                gatewayIngress([{ from: [anywhere], ports: [{ protocol: "UDP", port: 443 }] }]),
                gatewayIngress([{ from: [anywhere], ports: [] }]),
                ingress([{ from: [anywhere], ports: [{ port: 443 }] }]),
            ].map((sample) => ({ sample, problem: "holds more addresses than any private network" })),
            ...["169.254.169.254/32", "169.254.0.0/16", "168.63.129.16/32", "fd00:ec2::/32"].map((cidr) => ({
                sample: egress([{ to: [{ ipBlock: { cidr } }], ports: [{ port: 443 }] }]),
                problem: "holds the address of a metadata service",
            })),
            {
                sample: egress([{ to: [{ ipBlock: { cidr: "10.0.0.53/32" } }], ports: [{ port: dns }] }]),
                problem: "may be asked for names beside the cluster's name service",
            },
            {
                sample: egress([
                    { to: [{ namespaceSelector: nameService.namespaceSelector }], ports: [{ port: "dns" }] },
                ]),
                problem: "may be asked for names beside the cluster's name service",
            },
            {
                sample: egress([{ to: [{ podSelector: {} }], ports: [{ port: 50, endPort: 60 }] }]),
                problem: "may be asked for names beside the cluster's name service",
            },
        ],
    },
    check: (subject, report, { settings }) => {
        const { object } = subject;
        for (const rule of object.get("spec", "ingress").items()) {
            checkPeers(rule.get("from"), () => isWayIn(object, rule), report);
        }
        const calls = isInternetCaller(subject, settings);
        for (const rule of object.get("spec", "egress").items()) {
            checkPeers(rule.get("to"), (block) => calls && isForTheWeb(rule.get("ports")) && exceptsOwn(block), report);
            const asksNames = rule.get("ports").items().some(isForNames);
            for (const peer of rule.get("to").items()) checkTarget(peer, asksNames, report);
        }
    },
};

/** Whether a block of addresses may be as wide as it likes; asked only of one that is too wide. */
type MayBeWide = (block: Value) => boolean;

/** No list and an empty one are everybody. */
function checkPeers(peers: Value, mayBeWide: MayBeWide, report: Report): void {
    const named = peers.items();
    if (named.length === 0 && (!peers.isSet || peers.isList)) reportNobody(peers, report);
    for (const peer of named) checkPeer(peer, mayBeWide, report);
}

/** The pods of a Gateway are there for whoever comes, on the ports that browsers ask at and on none other. */
function isWayIn(policy: Value, rule: Value): boolean {
    const gateway = policy.get("spec", "podSelector", "matchLabels", gatewayLabel).text();
    return gateway !== absent && isForTheWeb(rule.get("ports"));
}

function checkPeer(peer: Value, mayBeWide: MayBeWide, report: Report): void {
    if (peer.mapping() === undecided) return;
    const [block, namespaces, pods] = [peer.get("ipBlock"), peer.get("namespaceSelector"), peer.get("podSelector")];
    if (block.isSet) checkWidth(block, mayBeWide, report);
    else if (!namespaces.isSet && !pods.isSet) reportNobody(peer, report);
    else if (namespaces.isSet && selectsAll(namespaces) === true && selectsAll(pods) === true) {
        report({ path: peer.path, problem: "is every pod of the cluster" });
    }
}

function reportNobody({ path }: Value, report: Report): void {
    report({ path, problem: "names nobody, which is everybody" });
}

function checkWidth(block: Value, mayBeWide: MayBeWide, report: Report): void {
    const cidr = block.get("cidr");
    const text = cidr.text();
    if (typeof text === "string" && isTooWide(text) && !mayBeWide(block)) {
        report({ path: cidr.path, problem: "holds more addresses than any private network" });
    }
}

/** Whom pods may call. A block that is too wide is reported as that, not for each address in it. */
function checkTarget(peer: Value, asksNames: boolean, report: Report): void {
    const block = peer.get("ipBlock");
    const text = block.quietly.get("cidr").text();
    if (typeof text === "string" && !isTooWide(text) && reachesMetadata(block)) {
        report({ path: block.get("cidr").path, problem: "holds the address of a metadata service" });
    }
    if (asksNames && !isNameService(peer)) {
        report({ path: peer.path, problem: "may be asked for names beside the cluster's name service" });
    }
}

function reachesMetadata(block: Value): boolean {
    const [cidr, except] = [block.get("cidr").text(), block.get("except").texts()];
    return metadataAddresses.some(
        (address) =>
            typeof cidr === "string" &&
            holdsAddress(cidr, address) &&
            !except.some((part) => holdsAddress(part, address)),
    );
}

function isForNames(entry: Value): boolean {
    const port = entry.get("port").quantity();
    const end = entry.get("endPort").number();
    if (typeof port !== "string") return false;
    if (dnsPortNames.some((name) => name === port)) return true;
    const first = Number(port);
    return first <= dns && dns <= (typeof end === "number" ? end : first);
}

/** CoreDNS as AKS, EKS and kubeadm run it: pods labelled kube-dns in kube-system. */
function isNameService(peer: Value): boolean {
    const labelled = (selector: string, key: string) => peer.get(selector, "matchLabels", key).text();
    const [place, name] = [
        labelled("namespaceSelector", "kubernetes.io/metadata.name"),
        labelled("podSelector", "k8s-app"),
    ];
    // What is not known has been noted.
    return (place === "kube-system" || place === undecided) && (name === "kube-dns" || name === undecided);
}
