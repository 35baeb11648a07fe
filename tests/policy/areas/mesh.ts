import type { Area } from "./area";

/** Labels that every object of the platform has. */
const platformLabels = {
    "app.kubernetes.io/managed-by": "pulumi",
    "app.kubernetes.io/part-of": "tars",
    "cost-centre": "cc-1001",
    "data-class": "internal",
    environment: "dev",
    owner: "platform-team",
} as const;

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
        "NET-08": {
            properties: [
                { path: ["spec", "hosts"], wrong: "*", absent: "passes" },
                {
                    path: ["spec", "hosts", 0],
                    wrong: 1,
                    absent: "passes",
                    unknown: "passes: a name that is made in the same update is one host's, and the update judges it",
                },
            ],
        },
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
        "NET-12": {
            properties: [
                { path: ["cidrBlock"], wrong: 10, absent: "passes" },
                { resource: 1, path: ["cidrBlock"], wrong: 10, absent: "passes" },
                { resource: 3, path: ["kubernetesServiceIpAddressRange"], wrong: 10, absent: "passes" },
            ],
        },
        "OBS-01": {
            properties: [
                { path: ["logGroup"], wrong: 1, absent: "fails" },
                { path: ["destinationArn"], wrong: 1, absent: "fails" },
                { path: ["filterPattern"], wrong: 1, absent: "passes" },
                { resource: 1, path: ["name"], wrong: 1, absent: "fails" },
            ],
        },
        "OBS-02": {
            properties: [
                { path: ["spec", "selector"], wrong: "web", absent: "passes" },
                { path: ["spec", "selector", "matchLabels"], wrong: "web", absent: "passes" },
                { path: ["metadata", "namespace"], wrong: 1, absent: "fails" },
                { resource: 1, path: ["metadata", "name"], wrong: 1, absent: "passes" },
                { resource: 1, path: ["spec", "selector"], wrong: "web", absent: "passes" },
                { resource: 1, path: ["metadata", "labels"], wrong: "web", absent: "fails" },
                { resource: 2, path: ["spec", "groups"], wrong: {}, absent: "fails" },
                { resource: 2, path: ["spec", "groups", 0, "rules", 1, "expr"], wrong: true, absent: "fails" },
                { resource: 3, path: ["spec", "route"], wrong: "on-call", absent: "fails" },
                { resource: 3, path: ["spec", "route", "receiver"], wrong: 1, absent: "fails" },
                { resource: 3, path: ["spec", "receivers"], wrong: {}, absent: "fails" },
            ],
        },
        "OBS-03": {
            properties: [
                { path: ["spec", "config", "exporters"], wrong: "otlp", absent: "passes" },
                { path: ["spec", "config", "exporters", "otlp", "endpoint"], wrong: 1, absent: "passes" },
                { path: ["spec", "config", "exporters", "otlp", "tls", "insecure"], wrong: "no", absent: "passes" },
            ],
        },
    },
    breaks: {
        "NET-05": {
            stack: "dev",
            type: "kubernetes:networking.istio.io/v1:DestinationRule",
            name: "services-redis-limits",
            change: { kind: "set", path: ["spec", "trafficPolicy", "tls"], value: { mode: "DISABLE" } },
        },
        "NET-01": {
            stack: "dev",
            type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
            name: "edge-gateway",
            change: { kind: "unset", path: ["spec", "listeners", 1, "tls", "certificateRefs"] },
        },
        "NET-03": {
            stack: "dev",
            type: "kubernetes:security.istio.io/v1:PeerAuthentication",
            name: "istio-mutual-tls",
            change: { kind: "set", path: ["spec", "mtls", "mode"], value: "PERMISSIVE" },
        },
        "NET-04": {
            stack: "dev",
            type: "kubernetes:core/v1:Namespace",
            name: "tars",
            change: { kind: "unset", path: ["metadata", "labels", "istio.io/dataplane-mode"] },
        },
        "NET-06": {
            stack: "dev",
            type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
            name: "edge-gateway",
            change: {
                kind: "set",
                path: ["spec", "listeners", 1, "tls", "options"],
                value: { "gateway.istio.io/tls-cipher-suites": "AES128-SHA" },
            },
        },
        "NET-07": {
            stack: "dev",
            type: "kubernetes:security.istio.io/v1:AuthorizationPolicy",
            name: "access-redis-callers",
            change: { kind: "set", path: ["spec", "rules"], value: [{}] },
        },
        "NET-08": {
            stack: "dev",
            type: "kubernetes:core/v1:ConfigMap",
            name: "tars-rag-config",
            change: {
                kind: "add",
                inputs: {
                    metadata: { name: "istio", namespace: "tars", labels: platformLabels },
                    data: {
                        mesh: "{ meshMTLS: { minProtocolVersion: TLSV1_3 }, tlsDefaults: { minProtocolVersion: TLSV1_3 } }",
                    },
                },
            },
        },
        "NET-09": {
            stack: "dev",
            type: "kubernetes:gateway.networking.k8s.io/v1:Gateway",
            name: "edge-gateway",
            change: {
                kind: "set",
                path: ["spec", "listeners", 1, "tls", "certificateRefs", 0, "name"],
                value: "nobody-makes-it",
            },
        },
        "NET-10": {
            stack: "prod-azure",
            type: "kubernetes:security.istio.io/v1:AuthorizationPolicy",
            name: "edge-strangers",
            change: { kind: "remove" },
        },
        "NET-11": {
            stack: "dev",
            type: "kubernetes:core/v1:ConfigMap",
            name: "tars-rag-config",
            change: { kind: "set", path: ["data", "allow-snippet-annotations"], value: "true" },
        },
        "NET-12": {
            stack: "prod-aws",
            type: "aws:ec2/subnet:Subnet",
            name: "network-data-eu-central-1a",
            change: { kind: "set", path: ["cidrBlock"], value: "10.40.5.0/25" },
        },
        "OBS-01": {
            stack: "prod-azure",
            type: "azure-native:monitor:DiagnosticSetting",
            name: "aks-logs",
            change: { kind: "unset", path: ["storageAccountId"] },
        },
    },
};
