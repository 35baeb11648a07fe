import type * as pulumi from "@pulumi/pulumi";
import type { WorkloadIdentity } from "../../cloud/contract";
import { TarsComponent } from "../../foundation/component";
import type { Size } from "../../foundation/workloads";
import { images } from "../../kubernetes/images";
import type { Placement } from "../../kubernetes/placement";
import { Workload } from "../../kubernetes/workload";
import type { Settings } from "../../settings/schema";
import type { TarsRagConfiguration } from "./configuration";

export interface TarsRagArgs {
    readonly placement: Placement;
    readonly size: Size;
    readonly settings: Settings["tarsRag"];
    readonly configuration: TarsRagConfiguration;
    /** Who it is in the cloud; undefined where that is nobody. */
    readonly identity: WorkloadIdentity | undefined;
}

/** The T.A.R.S. question-answering backend (requirements/001). */
export class TarsRag extends TarsComponent {
    /** Name of the service, which serves HTTP on the port named `http`. */
    readonly serviceName: pulumi.Output<string>;

    constructor(name: string, args: TarsRagArgs, opts?: pulumi.ComponentResourceOptions) {
        super("applications", "TarsRag", name, opts);
        this.serviceName = new Workload(name, planWorkload(args), { parent: this }).serviceName;
        this.registerOutputs({ serviceName: this.serviceName });
    }
}

function planWorkload({ placement, size, settings, configuration, identity }: TarsRagArgs) {
    const { registry, repository, tag } = settings.image;
    const { http } = images.tarsBackend.ports;
    return {
        placement,
        name: "tars-backend",
        component: "backend",
        priority: "serving",
        kind: { kind: "autoscaled", targetCpuPercent: settings.targetCpuPercent },
        image: { ...images.tarsBackend, repository: `${registry}/${repository}`, tag },
        size,
        identity,
        environmentFrom: [
            { configMapRef: { name: configuration.configMap } },
            { secretRef: { name: configuration.secret } },
        ],
        configFolders: configuration.folders,
        secretKeys: configuration.secretKeys,
        annotations: {
            "tars-platform/config-checksum": configuration.checksum,
            "prometheus.io/scrape": `${settings.prometheusEnabled}`,
            "prometheus.io/path": "/metrics/prometheus",
            "prometheus.io/port": `${http}`,
        },
        readiness: { kind: "http", path: "/ready", port: http },
        // It loads its embedding and reranking models before it answers.
        startupSeconds: 120,
    } as const;
}
