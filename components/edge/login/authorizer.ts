import { loginPlace } from "../../foundation/login";
import { images } from "../../kubernetes/images";

/** What policies of the mesh name the login by. */
export const authorizerName = loginPlace.name;

/** Headers that tell a dashboard who is there, in the words of oauth2-proxy (`--set-xauthrequest`). */
export const whoHeaders = {
    /** Id of the account at the issuer (`sub`): whoever logged in has one. */
    user: "x-auth-request-user",
    email: "x-auth-request-email",
    name: "x-auth-request-preferred-username",
    /** Groups with commas between them. */
    groups: "x-auth-request-groups",
} as const;

/** What headers that only the login may write begin with. */
export const whoPrefix = "x-auth-request-";

/** Most seconds that the login may take: while somebody logs in, it calls the issuer. Ours. */
const answerSeconds = 10;

/**
 * The login as Istio's proxies ask it: with the path, the host and the cookies of a request. What it answers with 200 goes on, with who is there; any
 * other answer is the caller's, the way to the issuer among them. Where it does not answer, nobody comes in.
 *
 * @see https://istio.io/latest/docs/tasks/security/authorization/authz-custom/#define-the-external-authorizer (oauth2-proxy)
 * @see https://istio.io/latest/docs/reference/config/istio.mesh.v1alpha1/#MeshConfig-ExtensionProvider-EnvoyExternalAuthorizationHttpProvider
 */
export const authorizer = {
    name: authorizerName,
    envoyExtAuthzHttp: {
        service: `${loginPlace.name}.${loginPlace.namespace}.svc.cluster.local`,
        port: images.oauth2Proxy.ports.http,
        timeout: `${answerSeconds}s`,
        failOpen: false,
        statusOnError: "503",
        // By what it accepts a script is told from a page: it gets 401, and is not sent to the issuer.
        includeRequestHeadersInCheck: ["cookie", "accept", "x-request-id"],
        headersToUpstreamOnAllow: Object.values(whoHeaders),
        headersToDownstreamOnDeny: ["content-type", "set-cookie", "cache-control"],
    },
} as const;
