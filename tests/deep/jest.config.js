/** The tests that judge the pack in this process: a mutant that they miss is not looked for elsewhere. @type {import("jest").Config} */
module.exports = {
    rootDir: "../..",
    testEnvironment: "node",
    transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript" } } }] },
    modulePathIgnorePatterns: ["<rootDir>/policy/dist", "<rootDir>/outputs/dist"],
    testMatch: ["<rootDir>/tests/policy/**/*.test.ts"],
    // They start processes of their own, which know nothing of a mutant, or take long and are about the stacks, the documents, or no fault at all.
    testPathIgnorePatterns: [
        "engine.test.ts",
        "tarball.test.ts",
        "manifests.test.ts",
        "stacks.test.ts",
        "registry.test.ts",
        "hostile.test.ts",
    ],
};
