import { Namespace } from "@pulumi/kubernetes/core/v1";
import { Provider } from "@pulumi/kubernetes/provider";
import * as pulumi from "@pulumi/pulumi";
import { TarsComponent } from "../../foundation/component";
import { Issues } from "../../foundation/issues";

export interface ExistingClusterArgs {
    /** Kubeconfig context. Undefined means the current one of the kubeconfig that the provider finds. */
    readonly context: string | undefined;
    /** UID that the cluster's kube-system namespace must have. Undefined means the one recorded by the stack's first update. */
    readonly identity: string | undefined;
}

/**
 * Guards against the most expensive mistake with a kubeconfig: pointing it at another cluster. The provider that makes objects
 * exists only once the cluster's identity is confirmed, so on a wrong cluster nothing is registered.
 *
 * The provider names no kubeconfig on purpose: its plugin finds the one of whoever runs it, by KUBECONFIG or in its usual place. Credentials in the
 * arguments would end up in the state, and their rotation would look like a change.
 */
export class ExistingCluster extends TarsComponent {
    readonly provider: Provider;
    readonly identity: pulumi.Output<string>;

    constructor(name: string, { context, identity }: ExistingClusterArgs, opts?: pulumi.ComponentResourceOptions) {
        super("cloud", "ExistingCluster", name, opts);
        const reached = context === undefined ? ambient : { ...ambient, context };
        const found = readIdentity(name, reached, this);
        const recorded = recordIdentity(name, found, this);
        this.identity = pulumi
            .all([found, recorded])
            .apply(([uid, first]) => confirmIdentity(uid, identity ?? first, identity === undefined));
        this.provider = new Provider(
            name,
            {
                ...reached,
                clusterIdentifier: this.identity,
                enableServerSideApply: true,
                enableConfigMapMutable: true,
                enableSecretMutable: true,
            },
            { parent: this },
        );
        this.registerOutputs({ identity: this.identity });
    }
}

/**
 * The kubeconfig that the plugin finds by itself. Where nothing is given, the SDK would put KUBECONFIG's text here, and so in the state: one person's path,
 * which the plugin cannot read on another's machine (its DiffConfig loads the old value too), or a list of paths, which it never can. The plugin
 * reads an empty text as nothing given (Configure in provider/pkg/provider/provider.go of pulumi/pulumi-kubernetes).
 */
const ambient = { kubeconfig: "" } as const;

interface Reached {
    readonly kubeconfig: string;
    readonly context?: string;
}

/** Kubernetes has no cluster id; the UID of kube-system lives exactly as long as the cluster (SIG Architecture's recommendation). */
function readIdentity(name: string, reached: Reached, parent: pulumi.Resource): pulumi.Output<string> {
    const provider = new Provider(`${name}-reader`, reached, { parent });
    return Namespace.get(`${name}-kube-system`, "kube-system", { parent, provider }).metadata.uid;
}

/** Keeps the first identity in the state: a Stash's `output` stays what its first `input` was. */
function recordIdentity(name: string, found: pulumi.Output<string>, parent: pulumi.Resource): pulumi.Output<string> {
    return new pulumi.Stash(`${name}-identity`, { input: found }, { parent }).output.apply(String);
}

/** @throws pulumi.RunError when this is not the cluster that the stack belongs to. */
export function confirmIdentity(found: string, expected: string, isRecorded: boolean): string {
    if (found === expected) return found;
    const issues = new Issues();
    issues.add(
        "cluster.identity",
        `this cluster's kube-system namespace has UID ${found}, but ${expected} is ${isRecorded ? "recorded by the stack's first update" : "set"}`,
        "select the stack's own cluster (KUBECONFIG, cluster.context), or use another stack for this cluster",
    );
    throw issues.toError("the cluster that the kubeconfig leads to");
}
