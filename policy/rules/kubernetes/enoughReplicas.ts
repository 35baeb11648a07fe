import { controls } from "../../controls";
import { absent, undecided } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import { containersOf, podTemplatesOf } from "../../resources/podTemplates";
import type { Subject } from "../../resources/subject";
import type { StackReport, StackRule } from "../../rule";
import { autoscaled, operated, quorumOf, scaledDeployment, withReplicas } from "./enoughReplicas.samples";
import { autoscalers, type Bound, type Replicas, replicasOf, replicated } from "./replicas";
import { isSingleton, singletonsSetting } from "./singletons";

/** Objects of operators that say how many pods there are, and whether these elect a leader among themselves. */
const operators = {
    "postgresql.cnpg.io/Cluster": { path: ["instances"], otherwise: 1, votes: false },
    "rabbitmq.com/RabbitmqCluster": { path: ["replicas"], otherwise: 1, votes: true },
    "kafka.strimzi.io/KafkaNodePool": { path: ["replicas"], otherwise: 0, votes: true },
} as const;

/** Programs that need a majority of their own to work, by the last part of the image's name. */
const voters =
    /^(?:etcd|zookeeper|consul|vault|openbao|nats|rabbitmq|mongo|mongodb|elasticsearch|opensearch|clickhouse-keeper|cockroach|qdrant|kafka)$/;

// Of the whole stack: an autoscaler decides the number of a Deployment that states none.
export const enoughReplicas: StackRule = {
    id: "REL-03",
    title: "Nothing in production depends on one pod",
    severity: "high",
    level: "mandatory",
    scope: "stack",
    kinds: [...replicated, ...autoscalers, ...Object.keys(operators)],
    controls: controls({ soc2: ["A1.2"], iso27001: ["8.14"] }),
    why: "One pod is gone with its node, and at every upgrade; of two that vote none has a majority once the other is gone, and a fourth voter adds nothing to three.",
    fix: "run at least 2 pods in production, of programs that elect a leader 3 or another odd number, or list what can only run once under singletons with the reason",
    link: "https://kubernetes.io/docs/concepts/workloads/pods/disruptions/",
    settings: singletonsSetting,
    samples: {
        passing: [
            withReplicas(2),
            autoscaled("autoscaling/v2", "HorizontalPodAutoscaler", { minReplicas: 2, maxReplicas: 4 }),
            quorumOf("registry.k8s.io/etcd:3.6.8", 3),
            operated("postgresql.cnpg.io/v1", "Cluster", { instances: 2 }),
            { kind: "resources", resources: [scaledDeployment({ replicas: 1 })], environment: "staging" },
        ],
        failing: [
            { sample: withReplicas(1), problem: "spec.replicas is 1, and production needs 2" },
            { sample: withReplicas(null), problem: "spec.replicas is not set, which means 1, and production needs 2" },
            {
                sample: autoscaled("autoscaling/v2", "HorizontalPodAutoscaler", { maxReplicas: 4 }),
                problem: "spec.minReplicas is not set, which means 1, and production needs 2",
            },
            {
                sample: autoscaled("keda.sh/v1alpha1", "ScaledObject", { triggers: [] }),
                problem: "spec.minReplicaCount is not set, which means 0, and production needs 2",
            },
            {
                sample: quorumOf("registry.k8s.io/etcd:3.6.8", 2),
                problem: "spec.replicas is 2, and what elects a leader needs 3 or another odd number",
            },
            {
                sample: quorumOf("docker.io/library/rabbitmq@sha256:00", 4),
                problem: "spec.replicas is 4, and what elects a leader needs 3 or another odd number",
            },
            {
                sample: operated("postgresql.cnpg.io/v1", "Cluster", {}),
                problem: "spec.instances is not set, which means 1, and production needs 2",
            },
            {
                sample: operated("kafka.strimzi.io/v1", "KafkaNodePool", { replicas: 2, roles: ["controller"] }),
                problem: "spec.replicas is 2, and what elects a leader needs 3 or another odd number",
            },
        ],
    },
    check: (stack, report, { environment, settings }) => {
        if (environment !== "production") return;
        for (const workload of stack.of(...replicated)) {
            if (!isSingleton(workload, settings)) judge(replicasOf(stack, workload), isVoter(workload), report);
        }
        for (const subject of stack.of(...Object.keys(operators))) {
            if (!isSingleton(subject, settings)) judgeOperated(subject, report);
        }
    },
};

function judge({ least, by }: Replicas, votes: boolean, report: StackReport): void {
    if (least.count === undecided) return;
    const { value } = least;
    if (least.count === absent) {
        if (by.kind.twin === "patch") return;
        const problem = "is not set, and an autoscaler may be kept elsewhere";
        report(by, { path: value.path, problem, undecided: true });
        return;
    }
    const problem = problemOf(least.count, votes);
    if (problem !== undefined) report(by, { path: value.path, problem: `${stated(least, least.count)}, ${problem}` });
}

function problemOf(count: number, votes: boolean): string | undefined {
    if (votes && (count < 3 || count % 2 === 0)) return "and what elects a leader needs 3 or another odd number";
    return count < 2 ? "and production needs 2" : undefined;
}

function stated({ value }: Bound, count: number): string {
    return value.isSet ? `is ${count}` : `is not set, which means ${count}`;
}

function isVoter(workload: Subject): boolean {
    const images = podTemplatesOf({ ...workload, object: workload.object.quietly })
        .flatMap((template) => containersOf(template))
        .map(({ value }) => value.get("image").text());
    return images.some((image) => typeof image === "string" && voters.test(lastPart(image)));
}

/** `quay.io/coreos/etcd:v3@sha256:...` is `etcd`. */
function lastPart(image: string): string {
    const [name = ""] = image
        .slice(image.lastIndexOf("/", image.includes("@") ? image.indexOf("@") : undefined) + 1)
        .split(/[:@]/);
    return name;
}

function judgeOperated(subject: Subject, report: StackReport): void {
    const entry = Object.entries(operators).find(([kind]) => kind === groupAndKind(subject.kind))?.[1];
    if (!entry || subject.kind.twin === "patch") return;
    const { path, otherwise, votes } = entry;
    const value = subject.object.get("spec", ...path);
    const read = value.number();
    const count = read === absent ? otherwise : read;
    judge({ least: { value, count }, most: { value, count }, by: subject }, votes && isController(subject), report);
}

/** Of Kafka's nodes only controllers vote. */
function isController({ kind, object }: Subject): boolean {
    return (
        groupAndKind(kind) !== "kafka.strimzi.io/KafkaNodePool" ||
        object.get("spec", "roles").texts().includes("controller")
    );
}
