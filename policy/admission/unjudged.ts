/** Rules about pods, images, namespaces and RBAC that the API server cannot judge, or should not, each with the reason. */
export const unjudged: Readonly<Record<string, string>> = {
    "POD-15":
        "how random a text is takes logarithms, and which names mean a secret takes more than patterns; CEL has neither",
    "POD-16": "it only advises: a warning at each of many pods would hide those that matter",
    "POD-17": "it only advises: a warning at each of many pods would hide those that matter",
    "IMG-05":
        "what the program loads charts and manifests from never comes to the API server, and operators that load them are not part of the platform",
    "IMG-06":
        "a flag and its value are two words of a command line, and a model's revision may stand in either; CEL has no way to pair them",
    "NS-02": "bindings reach only namespaces that the platform labels, and it labels none of these",
    "REL-07":
        "how well a workload is kept running is seen by the reviewer of a preview; the API server keeps out what is dangerous",
    "REL-01":
        "the LimitRange of the namespace fills in what a pod does not say, but not in the templates that come here before",
};
