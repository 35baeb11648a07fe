type Address = `https://${string}`;

/** Addresses of definitions that their makers publish file by file, in no bundle. */
export function addresses(folder: Address, files: readonly string[]): readonly Address[] {
    return files.map((file): Address => `${folder}/${file}.yaml`);
}
