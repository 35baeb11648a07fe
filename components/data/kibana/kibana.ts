import { ConfigMap, Secret } from "@pulumi/kubernetes/core/v1";
import type * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import { TarsComponent } from "../../foundation/component";
import { type ElasticsearchCluster, elasticAuthority } from "../../foundation/elasticNames";
import { kibanaName } from "../../foundation/kibana";
import type { KibanaKeys } from "../../foundation/kibanaKeys";
import { labelsOf } from "../../foundation/labels";
import type { Passwords } from "../../foundation/passwords";
import type { Size } from "../../foundation/workloads";
import { images } from "../../kubernetes/images";
import { podEnrolment } from "../../kubernetes/meshTraffic";
import type { Placement } from "../../kubernetes/placement";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { Workload } from "../../kubernetes/workload";
import { toAsked } from "../elastic/traffic";
import { createDoors, type Doors } from "../pages/doors";
import { planPageTraffic } from "../pages/traffic";
import { kibanaCommand, kibanaFiles, kibanaFolders, planKibanaSecrets, planKibanaSettings } from "./configuration";

export interface KibanaArgs {
    /** The namespace of Elasticsearch, where its operator puts the certificate of its authority. */
    readonly placement: Placement;
    readonly size: Size;
    readonly asked: ElasticsearchCluster;
    readonly passwords: Passwords;
    readonly keys: KibanaKeys;
    /** At which people reach it. */
    readonly host: string;
    readonly doors: Doors;
}

/** Kibana: shows people what is in Elasticsearch, and keeps what it has there. It knows none of them by name; who comes has logged in at the gateway. */
export class Kibana extends TarsComponent {
    constructor(name: string, args: KibanaArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "Kibana", name, opts);
        const { placement, asked, passwords, keys, doors } = args;
        const child = { parent: this, provider: placement.cluster.provider };
        const inside = { namespace: placement.namespace, labels: labelsOf(part, placement.ownership) };
        const metadata = { ...inside, name: kibanaName };
        const mode = placement.mesh;
        const traffic = planPageTraffic(page, { gateway: doors.gateway, mode, egress: [toAsked(asked)] });
        const settings = { [kibanaFiles.settings]: JSON.stringify(planKibanaSettings(args.host), undefined, 4) };
        const secrets = { [kibanaFiles.secrets]: planKibanaSecrets(passwords, keys) };
        const before = [
            ...createTraffic(name, traffic, inside, child),
            ...createDoors(name, page, doors, inside, child),
            new ConfigMap(`${name}-settings`, { metadata, data: settings }, child),
            new Secret(`${name}-secrets`, { metadata, type: "Opaque", stringData: secrets }, child),
        ];
        new Workload(name, planWorkload(args, settings), { parent: this, dependsOn: before });
        this.registerOutputs({});
    }
}

const part = { name: kibanaName, component: "search", version: images.kibana.tag } as const;
const page = { name: kibanaName, port: images.kibana.ports.http } as const;

function planWorkload({ placement, size, asked, passwords, keys }: KibanaArgs, settings: object) {
    return {
        placement,
        name: part.name,
        component: part.component,
        priority: "serving",
        kind: { kind: "stateless" },
        // Of one version with Elasticsearch, which takes no newer one.
        image: { ...images.kibana, tag: asked.version },
        size,
        podLabels: podEnrolment[placement.mesh],
        arguments: kibanaCommand,
        configFolders: { [kibanaFolders.settings]: kibanaName },
        secretFolders: { [kibanaFolders.secrets]: kibanaName },
        secretKeys: {
            [kibanaFolders.authority]: { secret: elasticAuthority.secret, key: elasticAuthority.key },
        },
        annotations: { "tars-platform/config-checksum": checksum(settings, passwords.generation, keys.generation) },
        readiness: { kind: "http", path: "/api/status", port: images.kibana.ports.http },
        // Its plugins start one after the other, and the first time it makes its indices.
        startupSeconds: 180,
    } as const;
}
