import { field, numberField, textField } from "../../../simulator/system/files";

const marker = "<!-- tars-platform: previews -->";
/** GitHub refuses a longer comment. */
const longest = 65_536;
/** Who comments with a workflow's own token. */
const author = "github-actions[bot]";

export interface Reports {
    /** Stacks for which there should be a report. */
    readonly expected: readonly string[];
    /** Markdown by stack. */
    readonly reports: Readonly<Record<string, string>>;
    readonly notes: readonly string[];
    readonly commit: string;
    /** Where the run can be seen. */
    readonly run: string;
}

/** The text of a pull request's one comment. */
export function commentText({ expected, reports, notes, commit, run }: Reports): string {
    const parts = expected.map((stack) => reports[stack]?.trim() || missing(stack));
    const nothing = parts.length + notes.length === 0 ? ["No stack is touched: nothing to preview."] : [];
    const foot = `Commit ${commit}, [run](${run}). What an update really does is decided when it runs.`;
    const body = [...nothing, ...notes.map((note) => `- ${note}`), ...parts].join("\n\n");
    return `${marker}\n${shortened(body, longest - marker.length - foot.length - 10)}\n\n${foot}\n`;
}

function missing(stack: string): string {
    return `### Preview of \`${stack}\`: **failed**\n\nIt left no report: the run's log says why.`;
}

/** Reports are cut at a line, where together they are too long for one comment; an open fold or block is of no harm at the end. */
function shortened(text: string, room: number): string {
    if (text.length <= room) return text;
    const note = "\n\n… more than a comment holds: the run's summary has every report in full.";
    const kept = text.slice(0, room - note.length);
    return kept.slice(0, kept.lastIndexOf("\n")) + note;
}

export interface PullRequest {
    /** Address of the API, without a slash at its end. */
    readonly api: string;
    readonly repository: string;
    readonly number: number;
    readonly token: string;
}

/**
 * Edits the pull request's comment, or makes it.
 *
 * @param make false to leave a pull request alone that has none
 * @returns what was done
 */
export async function putComment(
    request: PullRequest,
    body: string,
    make: boolean,
): Promise<"edited" | "made" | "none"> {
    const { repository, number } = request;
    const id = await findComment(request);
    if (id === undefined && !make) return "none";
    const [method, place] = id === undefined ? ["POST", `${number}/comments`] : ["PATCH", `comments/${id}`];
    await call(request, method, `/repos/${repository}/issues/${place}`, { body });
    return id === undefined ? "made" : "edited";
}

async function findComment(request: PullRequest): Promise<number | undefined> {
    for (let page = 1; ; page += 1) {
        const where = `/repos/${request.repository}/issues/${request.number}/comments?per_page=100&page=${page}`;
        const comments = await call(request, "GET", where);
        if (!Array.isArray(comments)) throw new Error(`GET ${where} answered no list of comments`);
        // Anybody can write the marker; only the workflow's own comment is edited.
        const own = comments.find(
            (each) => textField(each, "body")?.startsWith(marker) && textField(field(each, "user"), "login") === author,
        );
        if (own !== undefined) return numberField(own, "id");
        if (comments.length < 100) return undefined;
    }
}

async function call({ api, token }: PullRequest, method: string, place: string, body?: unknown): Promise<unknown> {
    const response = await fetch(api + place, {
        method,
        headers: {
            accept: "application/vnd.github+json",
            authorization: `Bearer ${token}`,
            "content-type": "application/json",
            "x-github-api-version": "2022-11-28",
        },
        ...(body === undefined ? {} : { body: JSON.stringify(body) }),
        signal: AbortSignal.timeout(30_000),
    });
    if (!response.ok) throw new Error(`${method} ${place} answered ${response.status}`);
    return response.json();
}
