import { backupFolder, elasticsearchJobs } from "./dataBackups";
import { postgresJobs } from "./postgresDrill";

/** Jobs that say what a backup must hold, by the drills that compare it with what another wrote. Neither may write over the other's. */
const manifests: Readonly<Record<string, string>> = {
    [postgresJobs.drill]: postgresJobs.manifest,
    [elasticsearchJobs.drill]: elasticsearchJobs.backup,
};

/** Folders of the store that an account may read. */
export function readFolders(serviceAccount: string): readonly string[] {
    return [serviceAccount, ...(manifests[serviceAccount] === undefined ? [] : [manifests[serviceAccount]])].map(
        backupFolder,
    );
}
