import type { Rule } from "../../rule";
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
    deletionProtection,
];
