/** Last words of names whose values are credentials: `POSTGRES_PASSWORD`, `jwtSecretKey`, `api-token`. */
const secretWords: ReadonlySet<string> = new Set([
    "apikey",
    "credential",
    "credentials",
    "masterauth",
    "passphrase",
    "passwd",
    "password",
    "pwd",
    "requirepass",
    "secret",
    "secretkey",
    "token",
]);

/** Words that make a key of `key`: a `cacheKey` is none. */
const keyWords: ReadonlySet<string> = new Set([
    "access",
    "account",
    "api",
    "auth",
    "encryption",
    "jwt",
    "private",
    "secret",
    "shared",
    "signing",
]);

/** Texts that are credentials by their form, whatever they are called. */
const forms: readonly RegExp[] = [
    /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
    /\b[a-z][a-z0-9+.-]*:\/\/[^\s:@/]*:[^\s@/${}<>]+@/i, // user and password of a URL
    /\b(AKIA|ASIA)[A-Z0-9]{16}\b/, // AWS access key id
    /\bgh[opsur]_[A-Za-z0-9]{36}/, // GitHub
    /\bxox[abprs]-[A-Za-z0-9-]{10}/, // Slack
    /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}\./, // JSON Web Token
    /\b(AccountKey|SharedAccessKey)=[A-Za-z0-9+/]{20}/, // Azure connection string
];

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
    if (forms.some((form) => form.test(value))) return true;
    const isOneLine = !/\s/.test(value);
    return isOneLine && (isSecretName(name) || isRandom(value));
}

/** Whether what bears this name is a credential: by its last word, a trailing number aside. */
export function isSecretName(name: string): boolean {
    const words = name
        .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
        .toLowerCase()
        .split(/[^a-z0-9]+/)
        .filter((word) => !/^\d*$/.test(word))
        .map((word) => word.replace(/\d+$/, ""));
    const [last = "", before = ""] = words.reverse();
    return secretWords.has(last) || (last === "key" && keyWords.has(before));
}

const shortestRandom = 24;
/** Bits a character. Random base64 of 24 characters has 4.2 on average; words joined without a gap stay below 4. */
const leastEntropy = 4;

/** Long, of one piece, of mixed letters and digits and without a pattern: nobody writes such a text, a generator does. */
function isRandom(text: string): boolean {
    if (!new RegExp(`^[A-Za-z0-9+/_=-]{${shortestRandom},}$`).test(text)) return false;
    const isMixed = /[a-z]/.test(text) && /[A-Z]/.test(text) && (text.match(/\d/g) ?? []).length >= 2;
    return isMixed && entropyOf(text) >= leastEntropy && !isCertificate(text);
}

/** A certificate in base64 is public. */
function isCertificate(text: string): boolean {
    return /^(LS0tLS1CRUdJTiBDRVJUSUZJQ0FURS|MII)/.test(text);
}

function entropyOf(text: string): number {
    const counts = new Map<string, number>();
    for (const letter of text) counts.set(letter, (counts.get(letter) ?? 0) + 1);
    return [...counts.values()].reduce((sum, count) => sum - (count / text.length) * Math.log2(count / text.length), 0);
}
