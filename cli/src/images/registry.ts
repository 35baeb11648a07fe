import { createHash } from "node:crypto";
import { textField } from "../../../simulator/system/files";
import type { ImageReference } from "./reference";

/** User and password for a registry, joined by a colon; undefined for nobody. */
export type Login = (registry: string) => string | undefined;

/** An index names the image of each platform: its digest holds for all of them. Its types go first. */
const accept = [
    "application/vnd.oci.image.index.v1+json",
    "application/vnd.docker.distribution.manifest.list.v2+json",
    "application/vnd.oci.image.manifest.v1+json",
    "application/vnd.docker.distribution.manifest.v2+json",
].join(", ");

const timeout = 15_000;
const mostRedirects = 5;
const largestManifest = 4 * 1024 * 1024;

/**
 * The digest that a tag has in its registry now (https://github.com/opencontainers/distribution-spec, pulling manifests).
 *
 * @throws Error that says why there is none
 */
export async function digestOf(image: ImageReference, login: Login): Promise<string> {
    const { registry, repository, tag } = image;
    const url = new URL(`${schemeOf(registry)}://${registry}/v2/${repository}/manifests/${tag}`);
    const first = await ask("HEAD", url, undefined);
    const authorization = first.status === 401 ? await authorize(first, image, login) : undefined;
    const head = first.status === 401 ? await ask("HEAD", url, authorization) : first;
    if (!head.ok) throw new Error(`${registry} answered ${head.status}`);
    const digest = head.headers.get("docker-content-digest") ?? (await sumOf(url, authorization));
    if (!/^sha256:[0-9a-f]{64}$/.test(digest)) throw new Error(`${registry} gave no sha256 digest`);
    return digest;
}

/** The header may be missing; the digest of a manifest is that of its bytes. */
async function sumOf(url: URL, authorization: string | undefined): Promise<string> {
    const response = await ask("GET", url, authorization);
    if (!response.ok) throw new Error(`${url.host} answered ${response.status}`);
    const bytes = new Uint8Array(await response.arrayBuffer());
    if (bytes.length > largestManifest) throw new Error(`${url.host} gave a manifest of more than 4 MiB`);
    return `sha256:${createHash("sha256").update(bytes).digest("hex")}`;
}

/** Answers a registry's challenge: a token from the place that it names, or the user's own name and password. */
async function authorize(challenged: Response, image: ImageReference, login: Login): Promise<string> {
    const challenge = challenged.headers.get("www-authenticate") ?? "";
    const own = login(image.registry);
    const basic = own === undefined ? undefined : `Basic ${Buffer.from(own).toString("base64")}`;
    if (/^basic\b/i.test(challenge)) {
        if (basic) return basic;
        throw new Error(`${image.registry} wants a login: docker login ${image.registry}`);
    }
    const realm = parameter(challenge, "realm");
    if (!/^bearer\b/i.test(challenge) || realm === undefined || !URL.canParse(realm))
        throw new Error(`${image.registry} asks for a login that this command does not know`);
    const url = new URL(realm);
    const service = parameter(challenge, "service");
    if (service !== undefined) url.searchParams.set("service", service);
    url.searchParams.set("scope", parameter(challenge, "scope") ?? `repository:${image.repository}:pull`);
    const response = await ask("GET", url, basic);
    if (!response.ok) throw new Error(`${url.host} gave no token: it answered ${response.status}`);
    const answer: unknown = await response.json();
    const token = textField(answer, "token") ?? textField(answer, "access_token");
    if (token === undefined) throw new Error(`${url.host} gave no token`);
    return `Bearer ${token}`;
}

function parameter(challenge: string, name: string): string | undefined {
    return new RegExp(`\\b${name}="([^"]*)"`, "i").exec(challenge)?.[1];
}

/** Follows redirects by itself: a login goes to the host that it is for and to no other, and nothing goes unencrypted. */
async function ask(method: "HEAD" | "GET", from: URL, authorization: string | undefined): Promise<Response> {
    let url = from;
    for (let redirects = 0; redirects <= mostRedirects; redirects += 1) {
        if (url.protocol !== "https:" && !isLoopback(url.hostname))
            throw new Error(`${url.host} is not asked without TLS`);
        const headers = { accept, ...(authorization && url.host === from.host ? { authorization } : {}) };
        const response = await reach(url, { method, headers });
        const location = response.headers.get("location");
        if (response.status < 300 || response.status >= 400 || location === null) return response;
        url = new URL(location, url);
    }
    throw new Error(`${from.host} redirects without end`);
}

async function reach(url: URL, request: RequestInit): Promise<Response> {
    try {
        return await fetch(url, { ...request, redirect: "manual", signal: AbortSignal.timeout(timeout) });
    } catch (error) {
        const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
        throw new Error(`${url.host} cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`);
    }
}

function schemeOf(registry: string): "http" | "https" {
    return isLoopback(new URL(`https://${registry}`).hostname) ? "http" : "https";
}

function isLoopback(hostname: string): boolean {
    return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}
