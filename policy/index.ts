import { flushCompileCache } from "node:module";
import { PolicyPack } from "@pulumi/policy";
import { toPolicies } from "./pack";
import { rules } from "./registry";
import { readPlainStructs, structOfMessages } from "./sdk/plainStructs";
import { readOnce } from "./sdk/readOnce";
import { purposeOfProcess } from "./terms/environment";
import { PackFilesError, readPackFiles } from "./terms/files";
import { today } from "./terms/terms";

readPlainStructs(structOfMessages());
readOnce(require("@pulumi/policy/deserialize"));
try {
    const terms = { ...readPackFiles(rules), ...purposeOfProcess(process.env), today: today() };
    new PolicyPack("tars-platform", { policies: toPolicies(rules, terms) });
    // Node >= 22.10 can keep what it compiled, but when a process ends by itself: a pack is ended by a signal.
    flushCompileCache?.();
} catch (error) {
    if (!(error instanceof PackFilesError)) throw error;
    process.stderr.write(`the policy pack's files are wrong:\n${error.message}\n`);
    process.exitCode = 1;
}
