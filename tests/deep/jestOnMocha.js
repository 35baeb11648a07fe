// The words of jest for mocha, which keeps the tests loaded and runs them again and again: most mutants take a fraction of a second, with jest ten.

const { expect } = require("expect");
const { bind } = require("jest-each");
const Mocha = require("mocha");

const eachable = (declare) => Object.assign(declare, { each: bind(declare, false) });

const { bdd } = Mocha.interfaces;
Mocha.interfaces.bdd = (suite) => {
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

// Stryker asks for tests by one pattern that spells out each of thousands of titles, and mocha tries it on every test several times over. Looked
// up instead, they are found at once.
const { grep } = Mocha.prototype;
Mocha.prototype.grep = function (pattern) {
    const titles = titlesOf(pattern);
    if (titles === undefined) return grep.call(this, pattern);
    this.options.grep = { test: (title) => titles.has(title) };
    return this;
};

/** The titles of a pattern `(^title$)|(^other$)`; undefined for any other pattern. */
function titlesOf({ source } = {}) {
    if (!/^\(\^.*\$\)$/s.test(source)) return undefined;
    const titles = source.slice(2, -2).split("$)|(^");
    return new Set(titles.map((title) => title.replaceAll(/\\(.)/gs, (_, sign) => (sign === "n" ? "\n" : sign))));
}
