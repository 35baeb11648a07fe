import * as pulumi from "@pulumi/pulumi";
import { checksum } from "../../foundation/checksum";
import { TarsComponent } from "../../foundation/component";
import { dataReasons } from "../../foundation/dataReasons";
import { labelsOf } from "../../foundation/labels";
import type { ObjectSecrets } from "../../foundation/objectSecrets";
import {
    mostObjectServers,
    type ObjectServers,
    type ObjectUser,
    objectHost,
    objectKeys,
    objectLogin,
    objectRegion,
    objectStore,
} from "../../foundation/objectStore";
import { objectServerSize } from "../../foundation/objectStoreSizes";
import { certifiedNames } from "../../kubernetes/certifiedNames";
import { createConsumerWay, planConsumer } from "../../kubernetes/consumers";
import type { Operator } from "../../kubernetes/customResource";
import { images } from "../../kubernetes/images";
import { certificateOf, createOwnAuthority, serviceCertificate, trustOf } from "../../kubernetes/ownAuthority";
import type { Placement, SecretReference } from "../../kubernetes/placement";
import { topologies } from "../../kubernetes/podParts";
import { createTraffic } from "../../kubernetes/trafficPolicies";
import { Workload } from "../../kubernetes/workload";
import { createBuckets } from "./buckets";
import { certificateFolder, identitiesFolder, identitiesKey, planArguments, planEnvironment } from "./environment";
import { actionsOf } from "./identities";
import { createLogins, identitiesSecret } from "./logins";
import { planObjectTraffic, toObjects } from "./traffic";

export interface ObjectStoreArgs {
    /** Its namespace, which is outside of the mesh. */
    readonly placement: Placement;
    readonly asked: ObjectServers;
    readonly secrets: ObjectSecrets;
    /** Whether its nodes stand in several zones, which then each have one of its pods. */
    readonly isZoned: boolean;
    readonly certManager: Operator;
    /** Namespace of the platform's own workloads, which has what lets them call. */
    readonly applications: pulumi.Input<string>;
}

/** What a user needs to read and write; values of Secrets by reference alone. */
export interface ObjectLoginReference {
    /** URL of S3, below which buckets are by their names. */
    readonly endpoint: pulumi.Output<string>;
    /** What calls are signed with. */
    readonly region: string;
    readonly reads: readonly string[];
    readonly writes: readonly string[];
    /** Certificate of who vouches for it. */
    readonly authority: SecretReference;
    readonly accessKey: SecretReference;
    readonly secretKey: SecretReference;
}

/** Where it answers, from any namespace: known before it does. */
export const objectUrl = `https://${objectHost}:${images.seaweedfs.ports.https}`;

const part = { name: objectStore, component: "object-store", version: images.seaweedfs.tag } as const;

const certified = certifiedNames({ name: objectStore, namespace: objectStore, mostPods: mostObjectServers });

/**
 * SeaweedFS: objects by S3, in pods that each have all of its parts and a volume, and agree by a majority who gives out room on which. Whoever calls a part
 * shows a certificate of the store's own authority; whoever calls S3 signs with a key that the stack file gave buckets to.
 */
export class ObjectStore extends TarsComponent {
    /** How to call it, by user. */
    readonly users: Readonly<Record<string, ObjectLoginReference>>;

    constructor(name: string, args: ObjectStoreArgs, opts?: pulumi.ComponentResourceOptions) {
        super("data", "ObjectStore", name, opts);
        const { placement, asked, secrets, certManager, applications } = args;
        const { namespace, ownership } = placement;
        const child = { parent: this, provider: placement.cluster.provider };
        const inside = { namespace, labels: labelsOf(part, ownership) };
        const members = {
            ...serviceCertificate(objectStore, certified),
            // They call each other with what they show.
            usages: ["server auth", "client auth"],
        };
        const authority = { service: objectStore, certificates: [members], isToldElsewhere: true };
        const before = [
            ...createTraffic(name, planObjectTraffic(Object.values(asked.users)), inside, child),
            ...createOwnAuthority(name, authority, certManager, { inside, child }),
            ...createLogins(name, { users: asked.users, secrets }, inside, child),
        ];
        const pods = new Workload(name, planWorkload(args), { parent: this, dependsOn: before });
        createBuckets(name, { placement, asked, inside }, { ...child, dependsOn: [pods] });
        for (const [user, consumer] of Object.entries(asked.users)) {
            const way = { service: objectStore, user, consumer, ownership, applications };
            createConsumerWay(name, { ...way, spec: planConsumer(consumer, toObjects()) }, child);
        }
        const users = Object.entries(asked.users).map(
            ([user, plan]) => [user, referenceFor(user, plan, pods)] as const,
        );
        this.users = Object.fromEntries(users);
        this.registerOutputs({ users: this.users });
    }
}

function planWorkload({ placement, asked, secrets, isZoned }: ObjectStoreArgs) {
    const { cluster } = placement;
    const size = objectServerSize(asked);
    const rights = Object.entries(asked.users).map(([user, plan]) => [user, actionsOf(plan)]);
    return {
        placement,
        name: part.name,
        component: part.component,
        priority: "data",
        kind: {
            kind: "stateful",
            path: "/data",
            storage: size.storage,
            storageClass: cluster.storageClasses.standard,
            peers: true,
        },
        image: images.seaweedfs,
        size,
        mustSpread: isZoned ? [topologies.zone, topologies.node] : [topologies.node],
        arguments: planArguments(asked),
        environment: planEnvironment(asked),
        secretFolders: { [certificateFolder]: certificateOf(objectStore) },
        secretKeys: { [identitiesFolder]: { secret: identitiesSecret, key: identitiesKey } },
        ownAnnotations: dataReasons(
            cluster,
            "no script restores it yet: copies of several servers' volumes are of no one moment",
        ),
        // Servers read who may do what when they start.
        annotations: { "tars-platform/config-checksum": checksum("identities", secrets.generation, rights) },
        // It waits until a majority has chosen who leads. One without its volume copies all names first; ended before, it would begin anew without the rest.
        startupSeconds: 6 * 3600,
        stopSeconds: 55,
    } as const;
}

function referenceFor(user: string, { reads, writes }: ObjectUser, pods: Workload): ObjectLoginReference {
    // Whoever reads these waits for the pods.
    const known = (value: string): pulumi.Output<string> => pods.serviceName.apply(() => value);
    const namespace = pulumi.output(objectStore);
    const inLogin = (key: string) => ({ namespace, name: known(objectLogin(user)), key });
    return {
        endpoint: known(objectUrl),
        region: objectRegion,
        reads,
        writes,
        authority: { namespace, name: known(trustOf(objectStore)), key: "ca.crt" },
        accessKey: inLogin(objectKeys.access),
        secretKey: inLogin(objectKeys.secret),
    };
}
