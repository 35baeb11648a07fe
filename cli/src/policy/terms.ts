import { readFileSync } from "node:fs";
import {
    type Environment,
    PackFilesError,
    readConfiguration,
    readPackFiles,
    rules,
    type Terms,
} from "tars-platform-policy/judge";
import { exitCodes, Fault } from "../../../simulator/fault";

export type CheckedConfiguration = ReturnType<typeof readConfiguration>;

/** Read the pack configuration; one Fault names every wrong rule, level and setting in it. */
export function loadConfiguration(file: string | undefined): CheckedConfiguration {
    const configuration = readConfiguration(file === undefined ? {} : readJson(file));
    const { problems } = configuration;
    if (problems.length === 0) return configuration;
    const lines = problems.map(({ key, problem, fix }) => `  ${key} ${problem}: ${fix}`);
    throw new Fault(
        `${file} is no pack configuration:\n${lines.join("\n")}`,
        "correct these keys",
        exitCodes.configuration,
    );
}

function readJson(file: string): unknown {
    try {
        return JSON.parse(readFileSync(file, "utf8"));
    } catch (error) {
        const reason = error instanceof Error ? error.message : String(error);
        throw new Fault(`${file} cannot be read: ${reason}`, "give a JSON file", exitCodes.configuration);
    }
}

/** What the pack's own files say, on a day, for an environment. */
export function packTerms(today: string): (environment: Environment) => Terms {
    try {
        const files = readPackFiles(rules);
        return (environment) => ({ ...files, environment, today });
    } catch (error) {
        if (!(error instanceof PackFilesError)) throw error;
        throw new Fault(
            `the policy pack's files are wrong:\n${error.message}`,
            "correct them",
            exitCodes.configuration,
        );
    }
}
