import { Secret } from "@pulumi/kubernetes/core/v1";
import * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import { type ChildOptions, TarsComponent } from "../../foundation/component";
import { labelsOf } from "../../foundation/labels";
import { type Dashboard, type Login as LoginPlan, loginPlace } from "../../foundation/login";
import type { Size } from "../../foundation/workloads";
import { createCustomResource, type Operator } from "../../kubernetes/customResource";
import { images } from "../../kubernetes/images";
import type { Placement } from "../../kubernetes/placement";
import { createTraffic, type Inside } from "../../kubernetes/trafficPolicies";
import { Workload } from "../../kubernetes/workload";
import { planArguments, secretFolders, sessionKeyName } from "./arguments";
import { planGrant } from "./routes";
import { planIssuerHosts, planLoginCallers, planLoginTraffic } from "./traffic";

export interface LoginArgs {
    /** The login's own namespace. */
    readonly placement: Placement;
    readonly size: Size;
    readonly login: LoginPlan;
    readonly dashboards: readonly Dashboard[];
    /** Secret of the namespace that holds what the platform shows the issuer. */
    readonly clientSecret: string;
    /** Encrypts people's sessions. */
    readonly session: { readonly key: pulumi.Input<string>; readonly generation: number };
    /** Namespace of the routes that lead here. */
    readonly routesFrom: string;
    /** Knows the kinds of the Gateway API, and acts on them. */
    readonly gatewayApi: Operator;
    /** Knows the mesh's own kinds, and acts on them. */
    readonly istio: Operator;
}

/** Oauth2-proxy: has an OIDC issuer say who somebody is, and tells the gateway for each request to a dashboard. It serves nothing itself. */
export class Login extends TarsComponent {
    constructor(name: string, args: LoginArgs, opts?: pulumi.ComponentResourceOptions) {
        super("edge", "Login", name, opts);
        const { placement } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const labels = labelsOf({ name: loginPlace.name, component: "access" }, placement.ownership);
        const inside = { namespace: placement.namespace, labels };
        const traffic = createTraffic(name, planLoginTraffic(args.login, placement.mesh), inside, child);
        const session = createSession(name, args, inside, child);
        const objects = createObjects(name, args, inside, child);
        const after = { parent: this, dependsOn: [...traffic, session, ...objects] };
        new Workload(name, planWorkload(args), after);
        this.registerOutputs({});
    }
}

const sessionSecret = `${loginPlace.name}-session`;

function createSession(name: string, { session }: LoginArgs, inside: Inside, child: ChildOptions): Secret {
    const metadata = { ...inside, name: sessionSecret };
    const stringData = { [sessionKeyName]: session.key };
    return new Secret(`${name}-session`, { metadata, type: "Opaque", stringData }, child);
}

/** Who may call it in the mesh, which routes may lead to it and, where pods have proxies of their own, whom it may call. */
function createObjects(
    name: string,
    { placement, login, istio, gatewayApi, routesFrom }: LoginArgs,
    inside: Inside,
    child: ChildOptions,
): readonly pulumi.Resource[] {
    const create = (role: string, kind: Kind, spec: object, operator: Operator) => {
        const object = { ...kind, ...inside, name: loginPlace.name, spec };
        return createCustomResource(`${name}-${role}`, object, operator, child);
    };
    return [
        create("callers", kinds.policy, planLoginCallers(), istio),
        create("grant", kinds.grant, planGrant(routesFrom), gatewayApi),
        ...(placement.mesh === "sidecar" ? [create("issuer", kinds.hosts, planIssuerHosts(login), istio)] : []),
    ];
}

/** Istio reads grants in this version. */
const kinds = {
    policy: { apiVersion: "security.istio.io/v1", kind: "AuthorizationPolicy" },
    grant: { apiVersion: "gateway.networking.k8s.io/v1beta1", kind: "ReferenceGrant" },
    hosts: { apiVersion: "networking.istio.io/v1", kind: "ServiceEntry" },
} as const;
type Kind = (typeof kinds)[keyof typeof kinds];

function planWorkload({ placement, size, login, dashboards, clientSecret, session }: LoginArgs) {
    return {
        placement,
        name: loginPlace.name,
        component: "access",
        priority: "serving",
        kind: { kind: "autoscaled", targetCpuPercent: 70 },
        image: images.oauth2Proxy,
        size,
        arguments: planArguments(login, dashboards),
        // The client's secret is read for each login; the key of sessions when the program starts.
        secretFolders: {
            [secretFolders.client]: clientSecret,
            [secretFolders.session]: pulumi.output(sessionSecret),
        },
        annotations: { "tars-platform/config-checksum": checksum("session", session.generation) },
    } as const;
}
