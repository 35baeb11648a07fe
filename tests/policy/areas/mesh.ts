import type { Area } from "./area";

export const mesh: Area = {
    cases: {
        "NET-01": {
            properties: [
                { path: ["spec", "rules"], wrong: {}, absent: "passes" },
                { path: ["spec", "rules", 0, "host"], wrong: 1, absent: "fails" },
                { path: ["spec", "tls"], wrong: {}, absent: "fails" },
                { path: ["spec", "tls", 0, "hosts"], wrong: "all", absent: "fails" },
                { path: ["spec", "tls", 0, "hosts", 0], wrong: 1, absent: "fails" },
                { path: ["spec", "tls", 0, "secretName"], wrong: 1, absent: "fails" },
                { path: ["spec", "ingressClassName"], wrong: 1, absent: "passes" },
                { path: ["metadata", "annotations"], wrong: "none", absent: "passes" },
            ],
        },
        "NET-03": {
            properties: [
                { path: ["spec", "mtls", "mode"], wrong: 1, absent: "fails" },
                { path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                { path: ["spec", "selector"], wrong: "all", absent: "passes" },
                { path: ["spec", "portLevelMtls"], wrong: [1], absent: "passes" },
                { path: ["spec", "portLevelMtls", "8080", "mode"], wrong: 1, absent: "passes" },
            ],
        },
        "NET-04": {
            properties: [
                { path: ["metadata", "labels"], wrong: "ambient", absent: "fails" },
                { path: ["metadata", "labels", "istio.io/dataplane-mode"], wrong: true, absent: "fails" },
                { resource: 1, path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                { resource: 1, path: ["spec", "template", "metadata", "labels"], wrong: "none", absent: "passes" },
                { resource: 1, path: ["spec", "template", "metadata", "annotations"], wrong: "none", absent: "passes" },
            ],
        },
        "NET-05": {
            properties: [
                { path: ["spec", "trafficPolicy"], wrong: "none", absent: "passes" },
                { path: ["spec", "trafficPolicy", "tls"], wrong: "off", absent: "passes" },
                { path: ["spec", "trafficPolicy", "tls", "mode"], wrong: 0, absent: "fails" },
                { path: ["spec", "trafficPolicy", "tls", "insecureSkipVerify"], wrong: "no", absent: "passes" },
                { path: ["spec", "trafficPolicy", "portLevelSettings"], wrong: {}, absent: "passes" },
                { path: ["spec", "subsets"], wrong: {}, absent: "passes" },
            ],
        },
        "NET-06": {
            properties: [
                { path: ["spec", "servers"], wrong: {}, absent: "passes" },
                { path: ["spec", "servers", 0, "tls"], wrong: "on", absent: "passes" },
                { path: ["spec", "servers", 0, "tls", "mode"], wrong: 1, absent: "passes" },
                { path: ["spec", "servers", 0, "tls", "minProtocolVersion"], wrong: 1.3, absent: "fails" },
                { path: ["spec", "servers", 0, "tls", "cipherSuites"], wrong: "all", absent: "passes" },
            ],
        },
        "NET-07": {
            properties: [
                { path: ["spec", "action"], wrong: 1, absent: "passes" },
                { path: ["spec", "rules"], wrong: "all", absent: "passes" },
                { path: ["spec", "rules", 0, "from"], wrong: "all", absent: "fails" },
                { path: ["spec", "rules", 0, "from", 0, "source"], wrong: "all", absent: "fails" },
                { path: ["spec", "rules", 0, "from", 0, "source", "principals"], wrong: "all", absent: "fails" },
                { resource: 1, path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                { resource: 2, path: ["metadata", "name"], wrong: 1, absent: "passes" },
                { resource: 2, path: ["metadata", "labels", "istio.io/dataplane-mode"], wrong: 1, absent: "passes" },
                { resource: 3, path: ["metadata", "namespace"], wrong: 1, absent: "passes" },
            ],
        },
        "NET-08": { properties: [{ path: ["spec", "hosts"], wrong: "*", absent: "passes" }] },
        "NET-09": {
            properties: [
                { path: ["spec", "duration"], wrong: 2160, absent: "passes" },
                { path: ["spec", "renewBefore"], wrong: 720, absent: "fails" },
                { path: ["spec", "privateKey"], wrong: "strong", absent: "fails" },
                { path: ["spec", "privateKey", "algorithm"], wrong: 1, absent: "fails" },
                { path: ["spec", "privateKey", "size"], wrong: "256", absent: "passes" },
                { path: ["spec", "privateKey", "rotationPolicy"], wrong: true, absent: "passes" },
                { path: ["spec", "issuerRef"], wrong: "own", absent: "passes" },
                { path: ["spec", "isCA"], wrong: "no", absent: "passes" },
                { resource: 1, path: ["spec", "tls"], wrong: {}, absent: "passes" },
                { resource: 1, path: ["spec", "tls", 0, "secretName"], wrong: 1, absent: "passes" },
                {
                    path: ["spec", "secretName"],
                    wrong: 1,
                    absent: "fails",
                    unknown: "passes: it may be any name",
                    wrongType: "passes: the API refuses it",
                },
            ],
        },
        "NET-10": {
            properties: [
                { path: ["spec", "parentRefs"], wrong: {}, absent: "passes" },
                { path: ["spec", "parentRefs", 0, "name"], wrong: 1, absent: "fails" },
                { path: ["spec", "rules"], wrong: {}, absent: "passes" },
                { resource: 1, path: ["spec", "jwtRules"], wrong: {}, absent: "fails" },
                { resource: 1, path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                { resource: 1, path: ["spec", "targetRefs"], wrong: {}, absent: "passes" },
                { resource: 2, path: ["spec", "action"], wrong: 1, absent: "fails" },
                { resource: 2, path: ["spec", "rules"], wrong: {}, absent: "fails" },
            ],
        },
        "NET-11": {
            properties: [{ path: ["metadata", "annotations"], wrong: "none", absent: "passes" }],
        },
    },
    breaks: {},
};
