import {
    ValidatingAdmissionPolicy,
    ValidatingAdmissionPolicyBinding,
} from "@pulumi/kubernetes/admissionregistration/v1";
import type * as pulumi from "@pulumi/pulumi";
import { actions, bindingOf, type Enforcement } from "../../policy/admission/bindings";
import { admissionPolicies } from "../../policy/admission/policies";
import type { ClusterHandle } from "../cloud/contract";
import { TarsComponent } from "../foundation/component";
import { type Ownership, platformLabels } from "../foundation/labels";

export interface AdmissionPoliciesArgs {
    readonly cluster: ClusterHandle;
    readonly ownership: Ownership;
    /** Repositories of images that this stack trusts beside those of the platform. */
    readonly repositories: readonly string[];
    /** Network policies of this stack whose pods call the Internet, beside those of every one. */
    readonly internetCallers: readonly { readonly namespace: string; readonly name: string }[];
    /** What the API server does with an object of the platform's namespaces that breaks a rule. */
    readonly enforcement: Enforcement;
}

/** The second gate: the policy pack's rules about single objects, which the API server holds everybody to who uses the platform's namespaces. */
export class AdmissionPolicies extends TarsComponent {
    constructor(name: string, args: AdmissionPoliciesArgs, opts?: pulumi.ComponentResourceOptions) {
        super("security", "AdmissionPolicies", name, opts);
        const child = { parent: this, provider: args.cluster.provider };
        const labels = platformLabels(args.ownership);
        for (const policy of admissionPolicies(args)) {
            const metadata = { name: policy.name, labels };
            const made = new ValidatingAdmissionPolicy(policy.name, { metadata, spec: policy.spec }, child);
            const spec = bindingOf(policy, actions[args.enforcement]);
            new ValidatingAdmissionPolicyBinding(policy.name, { metadata, spec }, { ...child, dependsOn: [made] });
        }
        this.registerOutputs({});
    }
}
