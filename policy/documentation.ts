import type { Control, FailingSample, Rule, SettingSchema } from "./rule";

/** The page of all rules, as Markdown: docs/policy-rules.md. */
export function rulesPage(rules: readonly Rule[]): string {
    return [
        "# Rules of the policy pack",
        "",
        "Made from the registry of the pack (`policy/registry.ts`); a test compares. How the pack is run, configured and extended is in",
        "[policy/README.md](../policy/README.md). A rule supports a control; it never meets one by itself.",
        "",
        rulesTable(rules),
        "",
        ...rules.flatMap((rule) => [...section(rule), ""]),
    ].join("\n");
}

function rulesTable(rules: readonly Rule[]): string {
    const rows = rules.map((rule) => [
        `[${rule.id}](#${rule.id.toLowerCase()})`,
        rule.title,
        rule.severity,
        rule.level,
        rule.scope,
    ]);
    return table(["Rule", "What must be true", "Severity", "Level", "Scope"], rows);
}

function section(rule: Rule): readonly string[] {
    return [
        `## ${rule.id}`,
        "",
        `**${rule.title}** (${rule.severity}, ${rule.level}, ${scopes[rule.scope]})`,
        "",
        `${rule.why}`,
        "",
        `- Looks at: ${rule.kinds.join(", ")}`,
        `- Fix: ${rule.fix}`,
        `- Says: ${[...new Set(rule.samples.failing.map(problemOf))].join("; ")}`,
        `- Supports: ${controlsOf(rule.controls)}`,
        ...Object.entries(rule.settings ?? {}).map(([name, schema]) => `- Setting \`${name}\`: ${settingOf(schema)}`),
        `- [Background](${rule.link})`,
    ];
}

const scopes = {
    resource: "each resource by itself",
    stack: "the stack as a whole",
    stacks: "stacks beside each other",
} as const;

function problemOf({ problem }: FailingSample): string {
    return `"${problem}"`;
}

function settingOf({ type, description, items, enum: known }: SettingSchema): string {
    const kind = type === "array" && items ? `list of ${items.type}` : type;
    const fields = items?.properties ? ` with ${Object.keys(items.properties).join(", ")}` : "";
    return `${kind}${fields}${known ? ` (${known.join(", ")})` : ""}${description ? `. ${description}` : ""}`;
}

/** "SOC 2 2017 Trust Services Criteria: CC6.1, CC6.8; ...": every number with its edition, because benchmarks renumber. */
function controlsOf(controls: readonly Control[]): string {
    const editions = [...new Set(controls.map(({ framework, version }) => `${framework} ${version}`))];
    return editions
        .map((edition) => {
            const own = controls.filter(({ framework, version }) => `${framework} ${version}` === edition);
            return `${edition}: ${own.map(({ number }) => number).join(", ")}`;
        })
        .join("; ");
}

/** A Markdown table; cells hold no line breaks. */
export function table(header: readonly string[], rows: readonly (readonly string[])[]): string {
    const escaped = rows.map((cells) => cells.map((cell) => cell.replaceAll("|", "\\|")));
    return [header, header.map(() => "---"), ...escaped].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
