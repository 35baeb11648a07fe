import type { Rule } from "../../rule";
import { backups } from "./backups";
import { backupTargets } from "./backupTargets";
import { dataListeners } from "./dataListeners";
import { dataRetention } from "./dataRetention";
import { deletionProtection } from "./deletionProtection";
import { generatedSecrets } from "./generatedSecrets";
import { plainSecrets } from "./plainSecrets";
import { secretStores } from "./secretStores";
import { storageEncryption } from "./storageEncryption";

/** Rules about secrets, data services and their backups. */
export const dataRules: readonly Rule[] = [
    generatedSecrets,
    plainSecrets,
    secretStores,
    storageEncryption,
    backups,
    backupTargets,
    dataListeners,
    dataRetention,
    deletionProtection,
];
