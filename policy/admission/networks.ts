import {
    dnsPort,
    dnsPortNames,
    gatewayLabel,
    internetCallers,
    metadataAddresses,
    notTheInternet,
    webPorts,
    widestPrefixes,
} from "../facts/networks";
import { type AdmissionCheck, allOf, anyOf, list, quoted, type Variable } from "./check";

/** A network policy by its namespace and its name. */
export interface NamedPolicy {
    readonly namespace: string;
    readonly name: string;
}

/**
 * What the checks about network policies are written with.
 *
 * @param more policies whose pods call the Internet in this stack, beside those of every one
 */
export function networkVariables(more: readonly NamedPolicy[]): readonly Variable[] {
    const callers = [...internetCallers, ...more];
    return [
        { name: "ingress", expression: "object.spec.?ingress.orValue([])" },
        { name: "egress", expression: "object.spec.?egress.orValue([])" },
        {
            name: "callsInternet",
            expression: anyOf(
                callers.map(
                    ({ namespace, name }) =>
                        `request.namespace == ${quoted(namespace)} && object.metadata.name == ${quoted(name)}`,
                ),
            ),
        },
        {
            name: "gateway",
            expression: `object.spec.?podSelector.?matchLabels[?${quoted(gatewayLabel)}].hasValue()`,
        },
    ];
}

const block = "p.ipBlock.cidr";

/** A block so wide that it cannot mean any network of one's own. */
const isTooWide = `cidr(${block}).prefixLength() < (cidr(${block}).ip().family() == 4 ? ${widestPrefixes.ipv4} : ${widestPrefixes.ipv6})`;

const selectsAll = (selector: string) =>
    allOf([
        `size(p.?${selector}.?matchLabels.orValue({})) == 0`,
        `size(p.?${selector}.?matchExpressions.orValue([])) == 0`,
    ]);

const isWebPort = allOf([
    "e.?protocol.orValue('TCP') == 'TCP'",
    "!has(e.endPort)",
    `has(e.port) && type(e.port) != string && int(e.port) in [${webPorts.join(", ")}]`,
]);

/** True for a rule, `r`, by which listed policies let their pods call the Internet at `p`. */
const isInternet = allOf([
    "variables.callsInternet",
    `size(r.?ports.orValue([])) > 0 && r.ports.all(e, ${isWebPort})`,
    `${list(notTheInternet)}.all(x, x in p.ipBlock.?except.orValue([]))`,
]);

/** True for a rule, `r`, that lets in to a gateway, on the ports that browsers ask at and on none other. */
const isWayIn = allOf(["variables.gateway", `size(r.?ports.orValue([])) > 0 && r.ports.all(e, ${isWebPort})`]);

/** True for a peer, `p`, that is not everybody. @param mayBeWide what lets a block be wider than any network of one's own */
const namesFew = (mayBeWide: string) => [
    "has(p.ipBlock)",
    anyOf([`!(${isTooWide})`, mayBeWide]),
    allOf([
        "has(p.namespaceSelector) || has(p.podSelector)",
        `!(has(p.namespaceSelector) && ${selectsAll("namespaceSelector")} && ${selectsAll("podSelector")})`,
    ]),
];

/** No list of peers and an empty one are everybody. */
const namesPeers = (rules: string, peers: string, mayBeWide: string) => {
    const [isBlock, isNarrow, isSelected] = namesFew(mayBeWide);
    return `variables.${rules}.all(r, size(r.?${peers}.orValue([])) > 0 && r.${peers}.all(p, ${isBlock} ? (${isNarrow}) : (${isSelected})))`;
};

/** A block that is too wide is refused as that. */
const avoidsMetadata = anyOf([
    "!has(p.ipBlock)",
    isTooWide,
    `!${list(metadataAddresses)}.exists(a, cidr(${block}).containsIP(a) && !p.ipBlock.?except.orValue([]).exists(x, cidr(x).containsIP(a)))`,
]);

const isForNames = [
    "has(e.port)",
    `(type(e.port) == string ? e.port in ${list(dnsPortNames)} : (int(e.port) <= ${dnsPort} && ${dnsPort} <= int(e.?endPort.orValue(e.port))))`,
].join(" && ");

/** CoreDNS as AKS, EKS and kubeadm run it: pods labelled kube-dns in kube-system. */
const isNameService = [
    ["namespaceSelector", "kubernetes.io/metadata.name", "kube-system"],
    ["podSelector", "k8s-app", "kube-dns"],
].map(
    ([selector, key = "", value = ""]) =>
        `p.?${selector}.?matchLabels[?${quoted(key)}].orValue('') == ${quoted(value)}`,
);

/** Rules about NetworkPolicy objects. */
export const networkChecks: readonly AdmissionCheck[] = [
    {
        rule: "NS-05",
        title: "Network policies name the few that are meant",
        expression: allOf([
            namesPeers("ingress", "from", isWayIn),
            namesPeers("egress", "to", isInternet),
            `variables.egress.all(r, r.?to.orValue([]).all(p, ${avoidsMetadata}))`,
            `variables.egress.all(r, !r.?ports.orValue([]).exists(e, ${isForNames}) || r.?to.orValue([]).all(p, ${allOf(isNameService)}))`,
        ]),
    },
];
