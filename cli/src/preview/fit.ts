/** A part of a report that may have to leave lines out. */
export interface Section {
    readonly opening: string;
    readonly lines: readonly string[];
    /** @default nothing */
    readonly closing?: string;
    /** What a line is, for `12 more changes`. */
    readonly what: string;
}

/** The head and the sections in at most `longest` characters: every section stays, the last lose their lines first, and what is left out is counted. */
export function fit(head: string, sections: readonly Section[], longest: number): string {
    const frames = sections.map((section) => joined(section, [more(section, section.lines.length)]).length + 2);
    let room = longest - head.length - frames.reduce((sum, length) => sum + length, 1);
    const shown = sections.map((section) => {
        const lines: string[] = [];
        for (const line of section.lines) {
            if (line.length + 1 > room) break;
            room -= line.length + 1;
            lines.push(line);
        }
        const left = section.lines.length - lines.length;
        return joined(section, left > 0 ? [...lines, more(section, left)] : lines);
    });
    return `${[head, ...shown].join("\n\n")}\n`;
}

function joined({ opening, closing }: Section, lines: readonly string[]): string {
    return [opening, "", ...lines, ...(closing === undefined ? [] : ["", closing])].join("\n");
}

function more({ what }: Section, count: number): string {
    return `- … and ${count} more ${what}`;
}
