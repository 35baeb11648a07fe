export {
    type Contract,
    contract,
    contractVersion,
    type Ground,
    type SecretReference,
    type WorkloadIdentity,
} from "./contract";
export { platform } from "./platform";
