/** What the setup of the project found: Python with the servers in it, where their packages are and what to start them with, or why there are none. */
export type Prepared =
    | { readonly kind: "ready"; readonly python: string; readonly packages: string; readonly prefix: readonly string[] }
    | { readonly kind: "missing"; readonly reason: string };

/** Set by the setup for the workers, which inherit the environment of the process that it runs in. */
const variable = "TARS_DRILLS";

export function publish(prepared: Prepared): void {
    process.env[variable] = JSON.stringify(prepared);
}

function read(): Prepared {
    const found = process.env[variable];
    if (found === undefined) throw new Error("this test belongs to the jest project `drills`, which prepares it");
    return JSON.parse(found);
}

/** Tests that want the servers. Without them they are counted as skipped, with the reason in their names. */
export function withServers(name: string, body: () => void): void {
    const found = read();
    if (found.kind === "ready") describe(name, body);
    else describe.skip(`${name} (skipped: ${found.reason})`, body);
}

export function prepared(): Extract<Prepared, { kind: "ready" }> {
    const found = read();
    if (found.kind === "missing") throw new Error(found.reason);
    return found;
}
