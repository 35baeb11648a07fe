export { cacheFolder } from "./cache";
export { type DefinitionModule, type DefinitionRow, type Definitions, ensureDefinitions } from "./definitions";
export { type Ended, type LeashedProcess, type LeashOptions, spawnOnLeash } from "./leash";
export { pins } from "./pinned";
export { type LaidOut, type LayOutOptions, layOutPlugins, type PluginChoice } from "./plugins";
export type { Report, StepReport } from "./report";
export { ensureHost, ensureToolchain, type Toolchain, type ToolchainOptions } from "./toolchain";
