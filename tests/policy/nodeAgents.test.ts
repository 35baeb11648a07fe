import { readConfiguration } from "../../policy/configuration";
import { judge } from "../../policy/judge";
import { unknownText } from "./support";

const folder = "/var/lib/kubelet/device-plugins";

/** NVIDIA's device plugin as the platform runs it, with what a test changes. */
interface Change {
    readonly namespace?: string;
    readonly serviceAccount?: string;
    readonly path?: string;
    readonly capability?: string;
    readonly privileged?: boolean;
}

function agent({ namespace, serviceAccount, path, capability, privileged }: Change = {}) {
    const amounts = { cpu: "50m", memory: "128Mi", "ephemeral-storage": "64Mi" };
    const container = {
        name: "plugin",
        image: "nvcr.io/nvidia/k8s-device-plugin:v0.20.0",
        resources: { requests: amounts, limits: amounts },
        securityContext: {
            privileged,
            allowPrivilegeEscalation: false,
            readOnlyRootFilesystem: true,
            capabilities: { drop: ["ALL"], ...(capability === undefined ? {} : { add: [capability] }) },
        },
    };
    const spec = {
        serviceAccountName: serviceAccount ?? "nvidia-device-plugin",
        automountServiceAccountToken: false,
        securityContext: {
            runAsUser: 0,
            runAsGroup: 0,
            runAsNonRoot: false,
            seccompProfile: { type: "RuntimeDefault" },
        },
        containers: [container],
        volumes: [{ name: "folder", hostPath: { path: path ?? folder } }],
    };
    const metadata = { name: "plugin", namespace: namespace ?? "gpu-resources" };
    const inputs = { metadata, spec: { template: { spec } } };
    const provider = { type: "pulumi:providers:kubernetes", name: "cluster", inputs: {} };
    return { urn: "urn:plugin", type: "kubernetes:apps/v1:DaemonSet", name: "plugin", inputs, provider };
}

function rulesBroken(change: Change, configuration: object = {}): readonly string[] {
    const { findings } = judge([agent(change)], readConfiguration(configuration));
    const mandatory = findings.filter(({ level, rule }) => level === "mandatory" && rule.startsWith("POD-"));
    return [...new Set(mandatory.map(({ rule }) => rule))];
}

describe("in a first preview, where namespaces are not known yet", () => {
    const undecided = (change: Change) => {
        const { findings } = judge([agent({ ...change, namespace: unknownText })], readConfiguration({}));
        return findings.filter(({ rule, message }) => rule === "POD-04" && message.includes("metadata.namespace"));
    };

    test("a pod that is listed by its account waits for the namespace", () => {
        expect(undecided({})).not.toEqual([]);
    });

    test("any other pod is decided by its account", () => {
        expect(undecided({ serviceAccount: "redis" })).toEqual([]);
        expect(rulesBroken({ serviceAccount: "redis", namespace: unknownText })).toContain("POD-04");
    });
});

describe("the platform's own node agent", () => {
    test("may be root, mount its one folder, and have the capability that slices need", () => {
        expect(rulesBroken({})).toEqual([]);
        expect(rulesBroken({ capability: "SYS_ADMIN" })).toEqual([]);
    });

    test.each<[Change, readonly string[]]>([
        [{ namespace: "tars" }, ["POD-03", "POD-04", "POD-09"]],
        [{ serviceAccount: "web" }, ["POD-03", "POD-04", "POD-09"]],
        [{ path: "/" }, ["POD-09", "POD-10"]],
        [{ path: "/var/lib/kubelet" }, ["POD-09"]],
        [{ capability: "NET_ADMIN" }, ["POD-05"]],
        [{ capability: "SYS_ADMIN", namespace: "tars" }, ["POD-03", "POD-04", "POD-05", "POD-09"]],
        [{ privileged: true }, ["POD-01"]],
    ])("may do nothing else: %j", (change, broken) => {
        expect(rulesBroken(change)).toEqual(broken);
    });

    test("may do nothing where the configuration lists nobody, or somebody else", () => {
        const nobody = { nodeAgents: [] };
        expect(rulesBroken({}, { "POD-03": nobody, "POD-04": nobody, "POD-09": nobody })).toEqual([
            "POD-03",
            "POD-04",
            "POD-09",
        ]);
        const logs = {
            namespace: "logs",
            serviceAccount: "fluent-bit",
            path: "/var/log",
            reason: "reads what pods say",
        };
        const configuration = { "POD-09": { nodeAgents: [logs] } };
        expect(rulesBroken({}, configuration)).toEqual(["POD-09"]);
        expect(rulesBroken({ ...logs, path: folder }, configuration)).toContain("POD-09");
        expect(rulesBroken(logs, configuration)).not.toContain("POD-09");
    });
});

test("an agent without a reason is refused", () => {
    const agents = [{ namespace: "logs", serviceAccount: "fluent-bit", capability: "SYS_ADMIN" }];
    expect(readConfiguration({ "POD-05": { nodeAgents: agents } }).problems).toEqual([
        { key: "POD-05.nodeAgents[0].reason", problem: "is missing", fix: "add it" },
    ]);
});
