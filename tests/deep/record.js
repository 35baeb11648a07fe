// Stryker's reporter of this project: it writes down what is to be tested and each result as it comes, so that an interrupted run goes on
// where it ended. What it writes to is named by TARS_MUTATION_RECORD.

const { appendFileSync } = require("node:fs");
const { relative } = require("node:path");

const append = (line) => appendFileSync(process.env.TARS_MUTATION_RECORD, `${JSON.stringify(line)}\n`);

class Record {
    onMutationTestingPlanReady({ mutantPlans }) {
        const planned = {};
        for (const { mutant, runOptions } of mutantPlans) {
            const name = relative(process.cwd(), mutant.fileName);
            planned[name] = (planned[name] ?? 0) + 1;
            // What is run while files load is changed only after that, so that a new process for each such mutant, of seconds, changes nothing.
            if (runOptions !== undefined) runOptions.reloadEnvironment = false;
        }
        append({ planned });
    }

    onMutantTested({ id, fileName, status, mutatorName, location }) {
        append({ file: relative(process.cwd(), fileName), id, status, mutatorName, line: location.start.line });
    }
}

exports.strykerPlugins = [{ kind: "Reporter", name: "record", injectableClass: Record }];
