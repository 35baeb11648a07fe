export { type Contract, contract, contractVersion, type SecretReference } from "./contract";
export { platform } from "./platform";
