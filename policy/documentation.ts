import type { Control, Rule } from "./rule";

/** The table of rules in the README, as Markdown. */
export function rulesTable(rules: readonly Rule[]): string {
    const rows = rules.map((rule) => [
        `[${rule.id}](${rule.link})`,
        rule.title,
        rule.severity,
        rule.level,
        rule.scope,
        rule.fix,
        controlsOf(rule.controls),
    ]);
    const header = ["Rule", "What must be true", "Severity", "Level", "Scope", "Fix", "Supports"];
    return [header, header.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** "SOC 2: CC6.1, CC6.8; ISO/IEC 27001 Annex A: 8.2": the editions are listed once, below the table. */
function controlsOf(controls: readonly Control[]): string {
    const frameworks = [...new Set(controls.map(({ framework }) => framework))];
    return frameworks
        .map((framework) => {
            const numbers = controls.filter((control) => control.framework === framework).map(({ number }) => number);
            return `${framework}: ${numbers.join(", ")}`;
        })
        .join("; ");
}
