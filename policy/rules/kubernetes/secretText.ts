import { nameParts, type StartText } from "./startTexts";

/** Names, written as one, that end so are those of secrets: `PGPASSWORD`, `--api-token`, `clientSecret`. */
const secretEnding =
    /(?:password|passwd|passphrase|passcode|secret|token|credentials?|(?:api|access|private|secret)key)$/;
const shortEndings: ReadonlySet<string> = new Set(["pwd", "pass", "psk"]);
/** A key is a secret where it is one of these; a cache key or a sort key is none. */
const secretKeys =
    /^(?:access|account|api|auth|encryption|hmac|jwt|license|master|private|secret|service|session|shared|signing|ssh|storage)$/;
const others: ReadonlySet<string> = new Set(["rediscli auth", "secret key base", "erlang cookie"]);

/** What stands under a secret's name without being one: switches, paths. */
const noSecret = /^(?:|true|false|yes|no|on|off|none|null|enabled|disabled|auto|(?:\.{0,2}|~)\/[\w./-]*)$/i;

/** Whether a text is a secret by the name that it goes by. */
export function isNamedSecret({ name, text, from }: StartText): boolean {
    return isSecretName(name) && !noSecret.test(text) && !isReference(text, from);
}

function isSecretName(name: string): boolean {
    const parts = nameParts(name);
    const [last = "", before = ""] = [...parts].reverse();
    return (
        secretEnding.test(parts.join("")) ||
        shortEndings.has(last) ||
        (last === "key" && secretKeys.test(before)) ||
        others.has(parts.join(" "))
    );
}

/** `$(NAME)` is filled in by the kubelet; in a script, which is words here, the shell has more ways to say it. */
function isReference(text: string, from: StartText["from"]): boolean {
    return from === "words" ? /^["']?[$`]/.test(text) : /^\$\([\w.-]+\)$/.test(text);
}

/** Forms that issuers of secrets give them, so that they can be found. */
const issued = [
    /\b(?:AKIA|ASIA)[A-Z\d]{16}\b/, // AWS access key
    /\bgh[opsru]_[A-Za-z\d]{30,}|\bgithub_pat_\w{30,}/,
    /\bglpat-[\w-]{20,}/,
    /\bxox[abeprs]-[\w-]{10,}/,
    /\bhf_[A-Za-z\d]{20,}/,
    /\bsk-[\w-]{20,}/,
    /\bAIza[\w-]{35}/,
    /\bnpm_[A-Za-z\d]{30,}/,
    /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./, // JSON web token
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    /\bAccountKey=[^;\s$]{20,}/i, // Azure storage
    /\bPassword=[^;\s$]+;/i, // connection string
    /:\/\/[^\s/:@]*:[^\s/@$]+@/, // password in a URL
    /\bBearer\s+[^\s$"']{8,}/,
] as const;

/** Whether a text holds a secret by its form: that of an issuer, or so even a mix of characters that no word or name has. */
export function looksSecret(text: string, name = ""): boolean {
    return issued.some((form) => form.test(text)) || (!isFingerprint(name) && isRandom(text));
}

/** What names a version of something is random and public. */
function isFingerprint(name: string): boolean {
    const last = nameParts(name).at(-1) ?? "";
    return /^(?:revision|commit|sha\d*|digest|checksum|hash|fingerprint|thumbprint|etag|version|id)$/.test(last);
}

/** Digests and commits in an address. */
const publicRandom = /\b(?:sha\d+|md5)[:-][A-Za-z\d+/=]+|(?:[@/#]|\bref=)[\da-f]{40}\b/gi;

function isRandom(text: string): boolean {
    const candidates = text.replace(publicRandom, " ").match(/[A-Za-z\d+/_=-]{20,}/g) ?? [];
    return candidates.some((candidate) => isRandomHex(candidate) || isRandomBase64(candidate));
}

// Limits as in Yelp's detect-secrets (plugins/high_entropy_strings.py: hex 3.0), lower for base64 because a short text cannot reach its 4.5;
// in return it must mix letter cases and digits, as words joined by dashes do not.
function isRandomHex(text: string): boolean {
    const digits = text.match(/\d/g)?.length ?? 0;
    return /^[a-z\d]{32,}$/i.test(text) && digits >= 4 && text.length - digits >= 4 && entropy(text) >= 3;
}

function isRandomBase64(text: string): boolean {
    const mixed = /[a-z]/.test(text) && /[A-Z]/.test(text) && (text.match(/\d/g)?.length ?? 0) >= 2;
    return text.length >= 24 && mixed && entropy(text) >= 4;
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
    const counts = new Map<string, number>();
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
    return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
