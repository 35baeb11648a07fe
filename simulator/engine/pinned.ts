import pins from "./pins.json";

/** One program that the simulator builds from Go modules. */
export type BinaryName = keyof typeof pins.build;

/**
 * The versions that belong together; tests/engine/pins.test.ts holds every other place that names one of them to this file.
 * `build` says what a build on 2 cores with empty caches takes (README.md, "Measured"): seconds in all, of them for linking, and bytes
 * that it adds to Go's caches and the project's.
 */
export { pins };
