const shared = {
    testEnvironment: "node",
    transform: { "^.+\\.ts$": ["@swc/jest", { jsc: { target: "es2023", parser: { syntax: "typescript" } } }] },
    modulePathIgnorePatterns: [
        "<rootDir>/policy/dist",
        "<rootDir>/outputs/dist",
        "<rootDir>/\\.tars",
        "<rootDir>/\\.stryker-tmp",
    ],
};

/** @type {import("jest").Config} */
module.exports = {
    projects: [
        {
            ...shared,
            displayName: "unit",
            testMatch: ["<rootDir>/tests/{program,policy,outputs,cli,engine,workflows}/**/*.test.ts"],
        },
        {
            ...shared,
            displayName: "cluster",
            testMatch: ["<rootDir>/tests/{conformance,e2e}/**/*.test.ts"],
            globalSetup: "<rootDir>/tests/support/startCluster.ts",
            globalTeardown: "<rootDir>/tests/support/stopCluster.ts",
        },
        {
            ...shared,
            displayName: "deep",
            testMatch: ["<rootDir>/tests/deep/**/*.test.ts"],
            globalSetup: "<rootDir>/tests/support/startCluster.ts",
            globalTeardown: "<rootDir>/tests/support/stopCluster.ts",
        },
        {
            ...shared,
            displayName: "drills",
            testMatch: ["<rootDir>/tests/drills/**/*.test.ts"],
            globalSetup: "<rootDir>/tests/drills/prepare.ts",
        },
        { ...shared, displayName: "live", testMatch: ["<rootDir>/tests/live/**/*.test.ts"] },
    ],
};
