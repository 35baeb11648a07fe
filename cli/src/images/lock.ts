import type { ImageLock } from "../../../components/settings/imageLock";
import { inTurns } from "../inTurns";
import type { Registration } from "../registrations";
import { readReference } from "./reference";
import { digestOf, type Login } from "./registry";

/** Registries are asked two at a time. */
const atOnce = 2;

/** What came of asking for one image. */
export type Locked =
    | { readonly kind: "locked"; readonly image: string; readonly digest: string; readonly registry: string }
    | { readonly kind: "failed"; readonly image: string; readonly reason: string };

/** Images of a stack's containers and charts by `repository:tag`, each once; one that only a digest names needs no lock. */
export function imagesOf(registrations: readonly Registration[]): readonly string[] {
    const found = registrations
        .filter(({ type }) => type.startsWith("kubernetes:"))
        .flatMap(({ type, inputs }) =>
            type.startsWith("kubernetes:helm.sh/")
                ? chartImages(inputs)
                : containerImages(inputs, "", !ownKinds.test(type)),
        )
        .flatMap((image) => {
            const [name = "", digest] = image.split("@");
            return digest === undefined || /:[^/]+$/.test(name) ? [name] : [];
        });
    return [...new Set(found)].sort();
}

/** Kubernetes' own, which have images in containers alone. */
const ownKinds = /^kubernetes:(core|apps|batch)\//;

/** Wherever in an object they stand: Deployments, CronJobs and custom resources have them at different depths. */
function containerImages(value: unknown, key: string, isCustom: boolean): readonly string[] {
    if (Array.isArray(value)) return value.flatMap((item) => imageOf(item, key, isCustom));
    if (typeof value !== "object" || value === null) return [];
    return Object.entries(value).flatMap(([name, inner]) =>
        isCustom && operatorImage.test(name) && typeof inner === "string" && wholeImage.test(inner)
            ? [inner]
            : containerImages(inner, name, isCustom),
    );
}

/** What custom resources call an image that their operator is to run: `image`, `brokerRackInitImage`, `imageName`. */
const operatorImage = /^image(Name)?$|Image$/;

const containerLists = new Set(["containers", "initContainers", "ephemeralContainers"]);

function imageOf(item: unknown, key: string, isCustom: boolean): readonly string[] {
    const isContainer = containerLists.has(key) && typeof item === "object" && item !== null;
    const image: unknown = isContainer ? Reflect.get(item, "image") : "";
    return [...(typeof image === "string" && image !== "" ? [image] : []), ...containerImages(item, "", isCustom)];
}

/**
 * A chart is told of an image as a whole, or in parts, wherever in its values: the repository, with its registry or beside it, and the tag. Cert-manager's
 * has the name alone there, and where all of them are at the top; that of Redis' operator has both under words of its own.
 */
function chartImages(value: unknown, outside = ""): readonly string[] {
    if (typeof value !== "object" || value === null) return [];
    const text = (part: string): string => {
        const found: unknown = Reflect.get(value, part);
        return typeof found === "string" ? found : "";
    };
    const place = joined(text("imageRegistry"), text("imageNamespace")) ?? outside;
    const repository = joined(text("registry"), text("repository")) ?? (place && joined(place, text("name")));
    return [
        ...(wholeImage.test(text("image")) ? [text("image")] : []),
        ...(repository && text("tag") ? [`${repository}:${text("tag")}`] : []),
        ...(text("imageName") && text("imageTag") ? [`${text("imageName")}:${text("imageTag")}`] : []),
        ...Object.values(value).flatMap((inner) => chartImages(inner, place)),
    ];
}

/** The path below a registry, which may be part of the path already; undefined where there is no path. */
function joined(registry: string, path: string): string | undefined {
    if (path === "") return undefined;
    return registry === "" ? path : `${registry}/${path}`;
}

const wholeImage = /^[^\s:]+(:\d+)?\/[^\s:@]+:[^\s:/]+(@\S+)?$/;

export function resolveImages(images: readonly string[], login: Login): Promise<readonly Locked[]> {
    return inTurns(images, atOnce, (image) => resolve(image, login));
}

async function resolve(image: string, login: Login): Promise<Locked> {
    const reference = readReference(image);
    if (reference === undefined) return { kind: "failed", image, reason: "it has no exact tag" };
    try {
        return { kind: "locked", image, digest: await digestOf(reference, login), registry: reference.registry };
    } catch (error) {
        return { kind: "failed", image, reason: error instanceof Error ? error.message : String(error) };
    }
}

/**
 * The lock as it is to be now: what was resolved, what could not be as it was before, and nothing that the stack no longer runs. A digest
 * keeps the day on which it was first seen, so that a file changes only where an image does.
 */
export function planLock(before: ImageLock, results: readonly Locked[], today: string): ImageLock {
    const entries = results.flatMap((result) => {
        const known = before.images[result.image];
        if (result.kind === "failed") return known ? [[result.image, known] as const] : [];
        const { image, digest, registry } = result;
        return [[image, { digest, registry, date: known?.digest === digest ? known.date : today }] as const];
    });
    return { images: Object.fromEntries(entries) };
}
