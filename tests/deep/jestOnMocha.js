// The words of jest for mocha, which keeps the tests loaded and runs them again and again: most mutants take a fraction of a second, with jest ten.

const { expect } = require("expect");
const { bind } = require("jest-each");
const { interfaces } = require("mocha");

const eachable = (declare) => Object.assign(declare, { each: bind(declare, false) });

const { bdd } = interfaces;
interfaces.bdd = (suite) => {
    bdd(suite);
    suite.on("pre-require", (context) => {
        const { it, describe, before, after } = context;
        Object.assign(context, {
            expect,
            test: eachable(it),
            describe: eachable(describe),
            beforeAll: before,
            afterAll: after,
            jest: { setTimeout: () => undefined },
        });
    });
};
