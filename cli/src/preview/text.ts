const esc = String.fromCharCode(27);
const bell = String.fromCharCode(7);

/** Escape sequences of terminals (ECMA-48 CSI and OSC), other control characters, and the engine's own colour marks. */
const decoration = new RegExp(
    [
        `${esc}\\[[0-?]*[ -/]*[@-~]`,
        `${esc}\\][^${bell}${esc}]*(?:${bell}|${esc}\\\\)`,
        "<\\{%[^%]*%\\}>",
        "[\\u0000-\\u0008\\u000b-\\u001f\\u007f]",
    ].join("|"),
    "g",
);

/** What looks like a secret. The engine masks those that it knows; these are for messages of tools and providers that know none. */
const secrets: readonly (readonly [RegExp, string])[] = [
    [/-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(-----END [A-Z ]*PRIVATE KEY-----|$)/g, "[secret]"],
    [/\b([a-z][a-z0-9+.-]*:\/\/)[^\s/@]+@/gi, "$1[secret]@"],
    [/\b(Bearer|Basic)\s+[\w.~+/=-]{8,}/gi, "$1 [secret]"],
    [/\beyJ[\w-]{8,}\.[\w-]+\.[\w-]*/g, "[secret]"],
    [/\b(?:AKIA|ASIA)[A-Z0-9]{16}\b|\bgh[pousr]_\w{20,}|\bgithub_pat_\w{20,}|\bpul-[0-9a-f]{40}\b/g, "[secret]"],
    [
        /\b([\w-]*(?:password|passwd|passphrase|secret|token|api[_-]?key|access[_-]?key|account[_-]?key)["']?\s*[:=]\s*)("[^"\n]*"|'[^'\n]*'|[^\s,;&]+)/gi,
        "$1[secret]",
    ],
];

/** A message as it may go into a comment that everybody can read: without colours, control characters and what looks like a secret. */
export function publicText(message: string): string {
    return secrets.reduce((masked, [pattern, instead]) => masked.replace(pattern, instead), plain(message)).trim();
}

function plain(text: string): string {
    return text.replace(decoration, "");
}

/** One line in a code span: nothing in it is Markdown, mentions anybody or ends the list. For names and paths; a message needs `publicText`. */
export function code(text: string, longest = 160): string {
    const line = plain(text).trim().replace(/\s+/g, " ").replace(/`/g, "'");
    return `\`${clipped(line, longest) || " "}\``;
}

/** Lines in a block that nothing in them can end. */
export function block(text: string, longest = 4000): string {
    return ["```text", clipped(publicText(text).replace(/`{3,}/g, "'''"), longest), "```"].join("\n");
}

function clipped(text: string, longest: number): string {
    return text.length <= longest ? text : `${text.slice(0, longest - 1)}…`;
}
