import { digestForm, ownRegistries, tagForm } from "../facts/images";
import { type AdmissionCheck, allOf, anyOf, hasForm } from "./check";
import { every } from "./podParts";

const image = "c.?image.orValue('')";

/** A part of a path that is neither empty nor `.` nor `..`; the last one ends before the tag. */
const part = "(\\.{0,2}[^./@][^/@]*|\\.{3}[^/@]*)";
const lastPart = "(\\.{0,2}[^./:@][^/:@]*|\\.{3}[^/:@]*)";

/**
 * References to what an entry of the list stands for. A runtime takes a name without a registry for one on Docker Hub, which has two names
 * of its own, and one without a path for one below `library` there (github.com/distribution/reference, `normalize.go`).
 */
function referencesTo(listed: string): string {
    const [host = "", ...path] = listed.split("/");
    const below = listed.endsWith("/") ? `(${part}/)*${lastPart}` : "";
    const isHub = host === "docker.io";
    const registry = isHub
        ? `(${escaped("index.docker.io/")}|(?i:${escaped("docker.io/")}))?`
        : `(?i:${escaped(host)})/`;
    const [first, ...others] = path;
    const library = isHub && first === "library" ? `(library/)?${escaped(others.join("/"))}` : escaped(path.join("/"));
    return `^${registry}${library}${below}(:[^/@]*)?(@.*)?$`;
}

/** With its registry: the first part is one where it has a dot or a port, or is localhost. */
function qualified(repository: string): string {
    return /^([^/]*[.:][^/]*|localhost)\//.test(repository) ? repository : `docker.io/${repository}`;
}

function escaped(text: string): string {
    return text.replaceAll(".", "\\.");
}

/** Rules about images: `[registry[:port]/]path[:tag][@digest]`. `repositories` are trusted beside the platform's own. */
export function imageChecks(repositories: readonly string[]): readonly AdmissionCheck[] {
    const listed = [...new Set([...ownRegistries, ...repositories.map(qualified)])].map(referencesTo);
    return [
        {
            rule: "IMG-02",
            title: "Images have a version",
            expression: every(
                anyOf([
                    hasForm(image, `^[^@]*@${digestForm}$`),
                    allOf([hasForm(image, `^([^@]*/)?[^/:@]*:${tagForm}$`), `!${image}.endsWith(':latest')`]),
                ]),
            ),
        },
        {
            rule: "IMG-03",
            title: "Images come from listed registries",
            expression: every(anyOf([`${image} == ''`, ...listed.map((pattern) => hasForm(image, pattern))])),
        },
    ];
}
