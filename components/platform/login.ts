import type * as pulumi from "@pulumi/pulumi";
import { authorizer } from "../edge/login/authorizer";
import { Login } from "../edge/login/login";
import { issuerPolicy } from "../edge/login/names";
import { demandAtPeak } from "../foundation/demand";
import { clientSecretKey, type Dashboard, type Login as LoginPlan, loginPlace, loginSize } from "../foundation/login";
import type { Operator } from "../kubernetes/customResource";
import { images } from "../kubernetes/images";
import { TenantNamespace } from "../kubernetes/namespace";
import { planQuota } from "../kubernetes/quota";
import { BroughtSecret } from "../security/broughtSecret";
import type { GeneratedSecrets } from "../security/generated";
import type { SecretKeeping } from "../security/secretKeeping";
import { byName } from "../settings/hosts";
import type { Settings } from "../settings/schema";
import { imageSourcesOf, type PlatformArgs, type Stage, systemPlace } from "./args";

/** Dashboards of the stack file, by their names. */
export function dashboardsOf({ edge }: Pick<Settings, "edge">): readonly Dashboard[] {
    return byName(edge.dashboards).map(([name, { podPort, ...dashboard }]) => {
        return { name, podPort: podPort ?? dashboard.port, ...dashboard };
    });
}

/** Whom the mesh's proxies may ask before they let a request through. */
export function authorizersOf({ edge }: Pick<Settings, "edge">) {
    return edge.login === undefined ? [] : [authorizer];
}

/** Repositories of images that only some stacks run. */
export function loginRepositories({ edge }: Pick<Settings, "edge">): readonly string[] {
    return edge.login === undefined ? [] : [images.oauth2Proxy.repository];
}

/** Network policies by which it calls an issuer of the Internet. */
export function issuerCallers({ edge: { login } }: Pick<Settings, "edge">) {
    if (login === undefined || login.issuerRanges !== undefined) return [];
    return [{ namespace: loginPlace.namespace, name: issuerPolicy }];
}

/** Its namespace, where secrets of the store may be read; none without a login. */
export function loginNamespaces({ edge }: Pick<Settings, "edge">): readonly string[] {
    return edge.login?.clientSecret.from === "store" ? [loginPlace.namespace] : [];
}

/** What people log in with stands on. */
export interface BehindLogin {
    readonly mesh: { readonly istio: Operator; readonly gatewayApi: Operator };
    readonly secrets: GeneratedSecrets;
    /** Who brings secrets from a store; undefined where the stack has none. */
    readonly keeping: SecretKeeping | undefined;
    /** Namespace of the routes that lead to it. */
    readonly routesFrom: string;
}

/** Where people log in before they reach a dashboard; empty without any. */
export function createLogin(args: PlatformArgs, behind: BehindLogin, stage: Stage): readonly Login[] {
    const { edge, mesh } = args.settings;
    const { login } = edge;
    if (login === undefined) return [];
    const size = loginSize(mesh.mode);
    const tenant = createNamespace(args, size, stage);
    const inside = { ...stage, dependsOn: [tenant] };
    const brought = bringSecret(args, login, { ...behind, tenant }, inside);
    const made = new Login(loginPlace.name, planLogin(args, login, { ...behind, tenant }), {
        ...stage,
        dependsOn: [tenant, ...brought],
    });
    return [made];
}

function createNamespace({ cluster, settings }: PlatformArgs, size: ReturnType<typeof loginSize>, stage: Stage) {
    const { ownership, mesh } = settings;
    const quota = planQuota(demandAtPeak([size]), undefined);
    const plan = { cluster, ownership, namespace: loginPlace.namespace, quota, mesh: mesh.mode };
    return new TenantNamespace(loginPlace.namespace, plan, stage);
}

interface Inside extends BehindLogin {
    readonly tenant: TenantNamespace;
}

const clientSecretName = `${loginPlace.name}-client`;

/** The secret of the client from the store, where it is there; elsewhere somebody puts it into the namespace. */
function bringSecret(
    args: PlatformArgs,
    { clientSecret }: LoginPlan,
    { keeping, tenant: { namespace } }: Inside,
    stage: Stage,
): readonly pulumi.Resource[] {
    if (clientSecret.from !== "store" || keeping === undefined) return [];
    const { entry, property } = clientSecret;
    const { operator, store } = keeping;
    const read = { operator, store, namespace, entry, property, secret: clientSecretName, key: clientSecretKey };
    return [new BroughtSecret(clientSecretName, { place: systemPlace(args), ...read }, stage)];
}

function planLogin(args: PlatformArgs, login: LoginPlan, { mesh, secrets, routesFrom, tenant }: Inside) {
    const { settings, cluster } = args;
    const { sessionKey: key } = secrets;
    if (key === undefined) throw new RangeError("a login without a key of its sessions");
    const { ownership, mesh: of } = settings;
    const imageSources = imageSourcesOf(args);
    const { clientSecret } = login;
    return {
        placement: { cluster, namespace: tenant.namespace, ownership, imageSources, mesh: of.mode },
        size: loginSize(of.mode),
        login,
        dashboards: dashboardsOf(settings),
        clientSecret: clientSecret.from === "secret" ? clientSecret.name : clientSecretName,
        session: { key, generation: settings.secrets.sessionGeneration },
        routesFrom,
        ...mesh,
    };
}
