import { cloudResource, kubernetesResource } from "../../policy/samples";
import { findingsOf, type Mapping, problemsOf, ruleOf, unknownText } from "./support";

const said = (...resources: Parameters<typeof problemsOf>[1]) => problemsOf(ruleOf("NET-06"), resources);
const unknown = (path: string) => `not decided: ${path} is not known before the update`;
const metadata = { name: "edge", namespace: "edge" };
const least = "takes less than TLS 1.3";

describe("NET-06 on a Gateway of Istio", () => {
    const tls = "spec.servers[0].tls";

    test.each<[string, Mapping, readonly string[]]>([
        [
            "a redirect beside TLS of its own",
            { mode: "SIMPLE", httpsRedirect: true },
            [`${tls}.minProtocolVersion ${least}`],
        ],
        ["an unknown minimum", { minProtocolVersion: unknownText }, [unknown(`${tls}.minProtocolVersion`)]],
        [
            "an unknown cipher",
            { minProtocolVersion: "TLSV1_3", cipherSuites: [unknownText] },
            [unknown(`${tls}.cipherSuites[0]`)],
        ],
    ])("with %s", (_, server, problems) => {
        const spec = { servers: [{ tls: server }] };
        expect(said(kubernetesResource("networking.istio.io/v1", "Gateway", { metadata, spec }))).toEqual(problems);
    });
});

describe("NET-06 on the Gateway API", () => {
    const gateway = (options: unknown) =>
        kubernetesResource("gateway.networking.k8s.io/v1", "Gateway", {
            metadata,
            spec: { listeners: [{ tls: { options } }] },
        });
    const at = "spec.listeners[0].tls.options";
    const minimum = "example.org/tls-min-protocol-version";
    const suites = "gateway.istio.io/tls-cipher-suites";

    test.each<[string, unknown, readonly string[]]>([
        ["TLS 1.3 as some write it", { [minimum]: "TLS1.3" }, []],
        ["TLS 1.3 as others write it", { [minimum]: "TLS_v1_3" }, []],
        ["an older one beside it", { [minimum]: "TLSv1.3,TLSv1.2" }, [`${at}.${minimum} ${least}`]],
        ["an older one before it", { [minimum]: "TLSv1.2,TLSv1.3" }, [`${at}.${minimum} ${least}`]],
        ["an unknown minimum", { [minimum]: unknownText }, [unknown(`${at}.${minimum}`)]],
        ["unknown options", unknownText, [unknown(at)]],
        [
            "good ciphers with a space between",
            { [minimum]: "TLSv1.3", [suites]: "ECDHE-RSA-AES128-GCM-SHA256, TLS_AES_128_GCM_SHA256" },
            [],
        ],
    ])("with %s", (_, options, problems) => {
        expect(said(gateway(options))).toEqual(problems);
    });

    test("an implementation's own minimum is advised against", () => {
        expect(findingsOf(ruleOf("NET-06"), [gateway({ [suites]: "TLS_AES_128_GCM_SHA256" })])).toEqual([
            expect.objectContaining({
                level: "advisory",
                path: at,
                message: expect.stringContaining("leaves the minimum"),
            }),
        ]);
    });
});

describe("NET-06 on a mesh", () => {
    test("does not decide on a minimum that is unknown", () => {
        const [newest, later] = ["TLSV1_3", unknownText].map((minProtocolVersion) => ({ minProtocolVersion }));
        for (const key of ["meshMTLS", "tlsDefaults"]) {
            const values = { meshConfig: { meshMTLS: newest, tlsDefaults: newest, [key]: later } };
            const chart = cloudResource("kubernetes:helm.sh/v4:Chart", { chart: "istiod", values });
            expect(said(chart)).toEqual([unknown(`values.meshConfig.${key}.minProtocolVersion`)]);
        }
    });

    test("asks nothing of other ConfigMaps and charts", () => {
        const settings = kubernetesResource("core/v1", "ConfigMap", { metadata, data: { mesh: "{}" } });
        expect(said(settings, cloudResource("kubernetes:helm.sh/v4:Chart", { chart: "redis" }))).toEqual([]);
    });
});

describe("NET-06 on a balancer", () => {
    const weak = "sslPolicy is no policy that offers TLS 1.3 and nothing weak";
    const good = { policyType: "Predefined", policyName: "AppGwSslPolicy20220101" };

    test("does not decide on a policy of AWS that is unknown", () => {
        const listener = cloudResource("aws:lb/listener:Listener", { protocol: "HTTPS", sslPolicy: unknownText });
        expect(said(listener)).toEqual([unknown("sslPolicy")]);
    });

    test.each<[string, Mapping, readonly string[]]>([
        ["an unknown type", { ...good, policyType: unknownText }, [unknown("sslPolicy.policyType")]],
        ["an unknown name", { policyName: unknownText }, [unknown("sslPolicy.policyName")]],
        [
            "an unknown minimum",
            { policyType: "CustomV2", minProtocolVersion: unknownText },
            [unknown("sslPolicy.minProtocolVersion")],
        ],
        ["a good name beside ciphers of its own", { ...good, policyType: "Custom" }, [weak]],
        ["a good name beside a minimum of its own", { ...good, policyType: "CustomV2" }, [weak]],
    ])("of Azure with %s", (_, sslPolicy, problems) => {
        expect(said(cloudResource("azure-native:network:ApplicationGateway", { sslPolicy }))).toEqual(problems);
    });
});
