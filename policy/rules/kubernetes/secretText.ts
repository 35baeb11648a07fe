import { hasSecretForm, isRandomBase64, isRandomHex, isSecretName, nameParts } from "../../reading/credential";
import type { StartText } from "./startTexts";

/** What stands under a secret's name without being one: switches, paths. */
const noSecret = /^(?:|true|false|yes|no|on|off|none|null|enabled|disabled|auto|(?:\.{0,2}|~)\/[\w./-]*)$/i;

/** Whether a text is a secret by the name that it goes by. */
export function isNamedSecret({ name, text, from }: StartText): boolean {
    return isSecretName(name) && !noSecret.test(text) && !isReference(text, from);
}

/** `$(NAME)` is filled in by the kubelet; in a script, which is words here, the shell has more ways to say it. */
function isReference(text: string, from: StartText["from"]): boolean {
    return from === "words" ? /^["']?[$`]/.test(text) : /^\$\([\w.-]+\)$/.test(text);
}

/** Whether a text holds a secret by its form: that of an issuer, or so even a mix of characters that no word or name has. */
export function looksSecret(text: string, name = ""): boolean {
    return hasSecretForm(text) || (!isFingerprint(name) && isRandom(text));
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
