import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";

const folders: string[] = [];

/** A new folder that goes when the test file has ended. */
export function temporaryFolder(purpose: string): string {
    const folder = fs.mkdtempSync(path.join(os.tmpdir(), `tars-conformance-${purpose}-`));
    folders.push(folder);
    return folder;
}

export function removeTemporaryFolders(): void {
    for (const folder of folders.splice(0)) fs.rmSync(folder, { recursive: true, force: true });
}
