import { isHalfOpen, isOpen, type Path } from "./matrix";

/** Who may call whom, a line a caller and service; then what only one of network and mesh lets through. */
export function accessText(paths: readonly Path[]): string {
    const open = paths.filter(isOpen);
    const lines = sorted(open).map((path) => `${path.from} -> ${path.to}:${path.port}${guardOf(path)}`);
    const half = sorted(paths.filter(isHalfOpen)).map(
        (path) =>
            `${path.from} -> ${path.to}:${path.port}  only the ${path.network ? "network" : "mesh"} lets it through`,
    );
    const closed = paths.length - open.length;
    const counts = `${open.length} calls are open, ${closed} of ${paths.length} are closed`;
    return [...lines, counts, ...half].map((line) => `${line}\n`).join("");
}

/** The open calls as a diagram that GitHub shows. */
export function accessMermaid(paths: readonly Path[]): string {
    const open = sorted(paths.filter(isOpen));
    const ids = new Map(
        [...new Set(open.flatMap(({ from, to }) => [from, to]))].map((name, index) => [name, `n${index}`]),
    );
    const nodes = [...ids].map(([name, id]) => `    ${id}["${name}"]`);
    const edges = open.map(({ from, to, port }) => `    ${ids.get(from)} -->|${port}| ${ids.get(to)}`);
    return ["flowchart LR", ...nodes, ...edges].map((line) => `${line}\n`).join("");
}

function guardOf({ mesh }: Path): string {
    return mesh === undefined ? "  (not in the mesh)" : "";
}

function sorted(paths: readonly Path[]): readonly Path[] {
    const key = ({ from, to, port }: Path) => `${to} ${port} ${from}`;
    return [...paths].sort((one, other) => key(one).localeCompare(key(other), "en"));
}
