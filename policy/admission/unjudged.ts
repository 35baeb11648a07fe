/** Rules about pods, images, namespaces and RBAC that the API server cannot judge, or should not, each with the reason. */
export const unjudged: Readonly<Record<string, string>> = {
    "POD-15":
        "how random a text is takes logarithms, and which names mean a secret takes more than patterns; CEL has neither",
    "POD-16": "it only advises: a warning at each of many pods would hide those that matter",
    "POD-17": "it only advises: a warning at each of many pods would hide those that matter",
    "NS-02": "bindings reach only namespaces that the platform labels, and it labels none of these",
    "NS-05": "how much of all addresses a policy opens adds up over its blocks; CEL cannot count addresses",
    "REL-01":
        "the LimitRange of the namespace fills in what a pod does not say, but not in the templates that come here before",
};
