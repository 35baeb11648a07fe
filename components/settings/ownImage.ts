import { z } from "zod";

export const registry = () =>
    z
        .string()
        .regex(/^[a-z0-9]([a-z0-9._:/-]*[a-z0-9])?$/, { error: "must be a registry, with a path where it has one" });

/** What stands where only the owner of a stack knows the registry: no such registry is anywhere. */
export const reservedRegistry = "your-registry";

interface OwnImage {
    readonly repository: string;
    readonly tag: string;
    /** Another version, to show what one looks like. */
    readonly example: string;
}

/** An image that the owner of a stack builds and keeps. */
export const ownImage = ({ repository, tag, example }: OwnImage) =>
    z
        .strictObject({
            registry: registry()
                .default(reservedRegistry)
                .meta({ description: "registry that holds the image", examples: ["registry.example.com/tars"] }),
            repository: z
                .string()
                .regex(/^[a-z0-9]([a-z0-9._/-]*[a-z0-9])?$/, { error: "must be a repository name in lower case" })
                .default(repository)
                .meta({ description: "name of the image in the registry", examples: [repository] }),
            tag: z
                .string()
                .regex(/^(?!latest$)[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/, {
                    error: "must be one exact version, not latest",
                })
                .default(tag)
                .meta({ description: "version of the image", examples: [example] }),
        })
        .prefault({})
        .meta({ description: `image of ${repository}` });
