/** Names, written as one, that end so are those of secrets: `PGPASSWORD`, `--api-token`, `clientSecret`. */
const secretEnding =
    /(?:password|passwd|passphrase|passcode|secret|token|credentials?|(?:api|access|private|secret)key)$/;
const shortEndings: ReadonlySet<string> = new Set(["pwd", "pass", "psk"]);
/** A key is a secret where it is one of these; a cache key or a sort key is none. */
const secretKeys =
    /^(?:access|account|api|auth|encryption|hmac|jwt|license|master|private|secret|service|session|shared|signing|ssh|storage)$/;
const others: ReadonlySet<string> = new Set([
    "rediscli auth",
    "secret key base",
    "erlang cookie",
    "requirepass",
    "masterauth",
]);

/** Forms that issuers give to secrets, so that they can be found, and those of the places that secrets stand in. */
const forms = [
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
    /\b(?:AccountKey|SharedAccessKey)=[^;\s$]{20,}/i, // Azure
    /\bPassword=[^;\s$]+;/i, // connection string
    /:\/\/[^\s/:@]*:[^\s/@${}<>]+@/, // password in a URL
    /\bBearer\s+[^\s$"']{8,}/,
] as const;

/** Whether a text holds a secret by the form that an issuer gave it. */
export function hasSecretForm(text: string): boolean {
    return forms.some((form) => form.test(text));
}

/** `HF_TOKEN`, `hf-token` and `hfToken` are the words `hf` and `token`. */
export function nameParts(name: string): readonly string[] {
    return name
        .replace(/([a-z\d])([A-Z])/g, "$1 $2")
        .toLowerCase()
        .split(/[^a-z\d]+/)
        .filter((part) => part !== "");
}

/** Whether what bears this name is a credential: by its last words, trailing numbers aside. */
export function isSecretName(name: string): boolean {
    const parts = nameParts(name.replace(/[\W_]*\d+$/, ""));
    const [last = "", before = ""] = [...parts].reverse();
    return (
        secretEnding.test(parts.join("")) ||
        shortEndings.has(last) ||
        (last === "key" && secretKeys.test(before)) ||
        others.has(parts.join(" "))
    );
}

/** What only points at a credential, or is none: a path, a placeholder, a switch, nothing. */
const plain =
    /^$|^[/.]|^\$[({]|^\{\{|^<|^%\(|^(file|vault|ref):|^(true|false|yes|no|none|null|on|off|disabled|enabled)$/i;

/** `name: value` or `name=value`, also within JSON, and the lines of Redis that have a space between. */
const pairs = /["']?([A-Za-z][\w.-]*)["']?[ \t]*[:=][ \t]*["']?([^\s"',;&]+)|^\s*(requirepass|masterauth)[ \t]+(\S+)/gm;

/**
 * Whether a text is a credential, by its name, by its form or by its entropy; a text of several lines, such as a configuration file, by any pair of
 * name and value in it. Says yes or no only, so that no message can show the text.
 */
export function isCredential(name: string, text: string): boolean {
    if (isCredentialValue(name, text)) return true;
    return [...text.matchAll(pairs)].some(([, key, value, word, rest]) =>
        isCredentialValue(key ?? word ?? "", value ?? rest ?? ""),
    );
}

function isCredentialValue(name: string, text: string): boolean {
    const value = text.trim();
    if (plain.test(value)) return false;
    if (hasSecretForm(value)) return true;
    const isOneLine = !/\s/.test(value);
    return isOneLine && (isSecretName(name) || (isRandomBase64(value) && !isCertificate(value)));
}

// Limits as in Yelp's detect-secrets (plugins/high_entropy_strings.py: hex 3.0), lower for base64 because a short text cannot reach its 4.5;
// in return it must mix letter cases and digits, as words joined by dashes do not.
export function isRandomHex(text: string): boolean {
    const digits = text.match(/\d/g)?.length ?? 0;
    return /^[a-z\d]{32,}$/i.test(text) && digits >= 4 && text.length - digits >= 4 && entropy(text) >= 3;
}

export function isRandomBase64(text: string): boolean {
    const mixed = /[a-z]/.test(text) && /[A-Z]/.test(text) && (text.match(/\d/g)?.length ?? 0) >= 2;
    return text.length >= 24 && mixed && entropy(text) >= 4;
}

/** A certificate in base64 is public. */
function isCertificate(text: string): boolean {
    return /^(LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS|MII)/.test(text);
}

/** Shannon entropy in bits a character. */
function entropy(text: string): number {
    const counts = new Map<string, number>();
    for (const character of text) counts.set(character, (counts.get(character) ?? 0) + 1);
    return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
