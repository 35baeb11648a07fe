import type { FailingSample, Resource, Sample } from "../../rule";
import { kubernetesResource, sampleOf } from "../../samples";
import { authorizationPolicy, objectOf } from "./samples";

type Mapping = Readonly<Record<string, unknown>>;

const parentRefs = [{ name: "edge", namespace: "edge" }];
const route = (spec: Mapping = {}): Resource =>
    objectOf(["gateway.networking.k8s.io/v1", "HTTPRoute"], "shop", "shop", {
        parentRefs,
        rules: [{ backendRefs: [{ name: "web", port: 80 }] }],
        ...spec,
    });

const verifying = (target: Mapping, namespace = "edge"): Resource =>
    objectOf(["security.istio.io/v1", "RequestAuthentication"], "jwt", namespace, {
        ...target,
        jwtRules: [{ issuer: "https://login.example", jwksUri: "https://login.example/keys" }],
    });

const deny = { action: "DENY", rules: [{ from: [{ source: { notRequestPrincipals: ["*"] } }] }] };
const demanding = (spec: Mapping, namespace = "edge"): Resource => authorizationPolicy("signed-in", namespace, spec);

const ofGateway = { targetRefs: [{ kind: "Gateway", group: "gateway.networking.k8s.io", name: "edge" }] };
const ofService = { targetRefs: [{ kind: "Service", group: "", name: "web" }] };
const byLabel = { selector: { matchLabels: { "gateway.networking.k8s.io/gateway-name": "edge" } } };

const askingBy = (rule: Mapping): Resource =>
    demanding({ ...ofGateway, action: "CUSTOM", provider: { name: "sign-in" }, rules: [rule] });
const asking = (operation: Mapping): Resource => askingBy({ to: [{ operation }] });
const ui = ["ui.example", "ui.example:443"];
const ofUi = route({ hostnames: ["ui.example"] });
const below = ["*.example", "*.example:443"];
const notOf = (notHosts: readonly string[]): Resource => {
    const [rule] = deny.rules;
    return demanding({ ...ofGateway, action: "DENY", rules: [{ ...rule, to: [{ operation: { notHosts } }] }] });
};

const ingress = (annotations: Mapping): Sample =>
    sampleOf(kubernetesResource("networking.k8s.io/v1", "Ingress", { metadata: { name: "shop", annotations } }));
const virtualService = (gateways: readonly string[]): Resource =>
    objectOf(["networking.istio.io/v1", "VirtualService"], "shop", "shop", { gateways });

const problem = "brings callers in from outside whom nothing asks who they are";

export const passing: readonly Sample[] = [
    sampleOf(route(), verifying(ofGateway), demanding({ ...ofGateway, ...deny })),
    sampleOf(route(), verifying(byLabel), demanding({ ...byLabel, ...deny })),
    sampleOf(
        route(),
        verifying({}),
        demanding({ rules: [{ from: [{ source: { requestPrincipals: ["https://login.example/*"] } }] }] }),
    ),
    sampleOf(route(), verifying({ targetRef: { kind: "Gateway", name: "edge" } }), demanding(deny)),
    sampleOf(route(), verifying({}, "istio-system"), demanding(deny, "istio-system")),
    sampleOf(route(), verifying(ofService, "shop"), demanding({ ...ofService, ...deny }, "shop")),
    sampleOf(route(), demanding({ ...ofGateway, action: "CUSTOM", provider: { name: "sign-in" }, rules: [{}] })),
    sampleOf(route({ hostnames: ["ui.example"] }), asking({ hosts: ["ui.example", "ui.example:443"] })),
    sampleOf(ofUi, asking({ hosts: ui, notPorts: ["80"] })),
    sampleOf(ofUi, asking({ hosts: below })),
    sampleOf(ofUi, asking({ hosts: ["ui*"] })),
    sampleOf(route({ hostnames: ["*.example"] }), asking({ hosts: below })),
    sampleOf(route({ hostnames: ["*.example"] }), verifying(ofGateway), notOf(["ui.other"])),
    sampleOf(route(), asking({ hosts: ["*"] })),
    sampleOf(route({ hostnames: ["api.example"] }), verifying(ofGateway), notOf(["ui.example"])),
    sampleOf(route({ parentRefs: [{ kind: "Service", name: "web" }] })),
    sampleOf(route({ rules: [{ filters: [{ type: "RequestRedirect", requestRedirect: { scheme: "https" } }] }] })),
    sampleOf(
        route({
            rules: [
                { filters: [{ type: "ExtensionRef", extensionRef: { kind: "AuthenticationFilter", name: "sso" } }] },
            ],
        }),
    ),
    sampleOf(virtualService(["mesh"])),
    sampleOf(virtualService(["edge/edge"]), verifying({}), demanding(deny)),
    ingress({ "nginx.ingress.kubernetes.io/auth-url": "https://login.example/check" }),
    ingress({ "nginx.ingress.kubernetes.io/auth-tls-verify-client": "on" }),
    ingress({ "alb.ingress.kubernetes.io/auth-type": "oidc" }),
];

export const failing: readonly FailingSample[] = [
    { sample: sampleOf(route()), problem },
    { sample: sampleOf(route(), verifying(ofGateway)), problem },
    { sample: sampleOf(route(), demanding({ ...ofGateway, ...deny })), problem },
    {
        sample: sampleOf(
            route(),
            verifying(ofGateway),
            demanding({ ...ofGateway, rules: [{ to: [{ operation: { paths: ["/"] } }] }] }),
        ),
        problem,
    },
    {
        sample: sampleOf(
            route(),
            verifying({ targetRefs: [{ kind: "Gateway", name: "other" }] }),
            demanding({ ...ofGateway, ...deny }),
        ),
        problem,
    },
    { sample: sampleOf(route(), verifying({}, "shop"), demanding(deny, "edge")), problem },
    {
        sample: sampleOf(
            route(),
            verifying({}),
            demanding({ action: "AUDIT", rules: [{ from: [{ source: { requestPrincipals: ["*"] } }] }] }),
        ),
        problem,
    },
    { sample: sampleOf(route({ hostnames: ["api.example"] }), asking({ hosts: ui })), problem },
    { sample: sampleOf(route({ hostnames: ["ui.example", "a.b"] }), asking({ hosts: ui })), problem },
    { sample: sampleOf(route(), asking({ hosts: ui })), problem },
    { sample: sampleOf(ofUi, asking({ hosts: ["ui.example"] })), problem },
    { sample: sampleOf(ofUi, asking({ hosts: ["*.example"] })), problem },
    { sample: sampleOf(ofUi, asking({ hosts: ui, paths: ["/admin"] })), problem },
    { sample: sampleOf(ofUi, asking({ hosts: ui, notPaths: ["/api/*"] })), problem },
    { sample: sampleOf(ofUi, asking({ hosts: ui, methods: ["GET"] })), problem },
    { sample: sampleOf(ofUi, asking({ hosts: ui, notMethods: ["POST"] })), problem },
    { sample: sampleOf(ofUi, asking({ hosts: ui, ports: ["443"] })), problem },
    { sample: sampleOf(ofUi, asking({ hosts: ui, notPorts: ["80", "443"] })), problem },
    { sample: sampleOf(ofUi, askingBy({ from: [{ source: { notIpBlocks: ["10.0.0.0/8"] } }] })), problem },
    { sample: sampleOf(ofUi, askingBy({ when: [{ key: "request.headers[a]", values: ["b"] }] })), problem },
    { sample: sampleOf(ofUi, verifying(ofGateway), notOf(["ui.example:443"])), problem },
    { sample: sampleOf(route({ hostnames: ["*.example"] }), verifying(ofGateway), notOf(["ui.example"])), problem },
    {
        sample: sampleOf(route(), demanding({ ...ofGateway, action: "CUSTOM", provider: { name: "sign-in" } })),
        problem,
    },
    { sample: sampleOf(route({ hostnames: ["ui.example"] }), verifying(ofGateway), notOf(["ui.example"])), problem },
    { sample: sampleOf(route(), verifying(ofGateway), notOf(["ui.example"])), problem },
    { sample: sampleOf(virtualService(["edge/edge"])), problem },
    { sample: ingress({}), problem },
    { sample: ingress({ "nginx.ingress.kubernetes.io/auth-tls-verify-client": "optional" }), problem },
    { sample: ingress({ "alb.ingress.kubernetes.io/auth-type": "none" }), problem },
];
