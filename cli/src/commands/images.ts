import { existsSync, readFileSync, writeFileSync } from "node:fs";
import * as path from "node:path";
import type { Command } from "commander";
import { Issues } from "../../../components/foundation/issues";
import { type ImageLock, imageLockName, parseImageLock } from "../../../components/settings/imageLock";
import { exitCodes, Fault } from "../../../simulator/fault";
import { projectRoot } from "../../../simulator/session/paths";
import { onDisk } from "../../../simulator/system/files";
import { checkProgram } from "../check";
import { imagesOf, type Locked, planLock, resolveImages } from "../images/lock";
import { dockerLogins } from "../images/login";

/** `tars images lock S`: what the tags of a stack's images stand for now, written down so that pods run exactly that. */
export function imagesCommand(program: Command): void {
    const images = program.command("images").description("the container images of a stack");
    images
        .command("lock")
        .description("ask the registries for the digest of every image of a stack, and write them to its lock file")
        .argument("<stack>", "stack whose images are locked")
        .option("--out <file>", "write the lock here instead of to images.<stack>.lock.json, which the program reads")
        .addHelpText(
            "after",
            "\nEnds with 1 where a registry gave no digest: such an image stays as it was, the others are written." +
                "\n\nExample:\n  $ npx tars images lock dev && git diff images.dev.lock.json",
        )
        .action(lock);
}

async function lock(stack: string, { out }: { readonly out?: string }): Promise<void> {
    const images = imagesOf(await checkProgram(stack));
    const file = out ?? path.join(projectRoot, imageLockName(stack));
    const before = readLock(file);
    const results = await resolveImages(images, dockerLogins());
    const after = planLock(before, results, new Date().toISOString().slice(0, "2026-11-21".length));
    onDisk(file, () => writeFileSync(file, `${JSON.stringify(after, undefined, 4)}\n`));
    process.stderr.write(summary(before, results, file));
    process.exitCode = results.some(({ kind }) => kind === "failed") ? exitCodes.fault : exitCodes.done;
}

function readLock(file: string): ImageLock {
    if (!existsSync(file)) return { images: {} };
    const issues = new Issues();
    const lock = onDisk(file, () => parseImageLock(readFileSync(file, "utf8"), issues));
    if (issues.all.length === 0) return lock;
    const lines = issues.all.map(({ key, problem }) => `  ${key} ${problem}`);
    throw new Fault(
        `${file} is no lock of images:\n${lines.join("\n")}`,
        "delete it, and lock anew",
        exitCodes.configuration,
    );
}

/** A tag that stands for something else than before is said aloud: nobody but its publisher knows why. */
function summary(before: ImageLock, results: readonly Locked[], file: string): string {
    const lines = results.flatMap((result) => {
        const known = before.images[result.image]?.digest;
        if (result.kind === "failed")
            return [`failed   ${result.image}: ${result.reason}${known === undefined ? "" : ` (stays ${known})`}`];
        return known === undefined || known === result.digest
            ? []
            : [`moved    ${result.image}: was ${known}, is ${result.digest}`];
    });
    const locked = results.filter(({ kind }) => kind === "locked").length;
    return [...lines, `${locked} of ${results.length} images locked in ${file}`, ""].join("\n");
}
