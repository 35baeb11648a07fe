import { controls } from "../../controls";
import { acceptedVolumes } from "../../facts/pods";
import { undecided, type Value } from "../../reading/value";
import type { Report } from "../../rule";
import { isNodeAgent, nodeAgentsSetting } from "../nodeAgents";
import { podRule, shown } from "../podRule";

/** The other volume types of the core/v1 API. */
const otherTypes =
    /^(awsElasticBlockStore|azureDisk|azureFile|cephfs|cinder|fc|flexVolume|flocker|gcePersistentDisk|gitRepo|glusterfs|hostPath|iscsi|nfs|photonPersistentDisk|portworxVolume|quobyte|rbd|scaleIO|storageos|vsphereVolume)$/;

export const volumes = podRule({
    id: "POD-09",
    title: "Pods mount nothing of the node",
    severity: "high",
    level: "mandatory",
    controls: controls({ soc2: ["CC6.1"], iso27001: ["8.3", "8.12"], cisKubernetes: ["5.2.12"] }),
    why: "A path of the node is a way out of the container; volume types outside the list bypass storage classes and their encryption.",
    fix: `use one of ${acceptedVolumes.join(", ")}`,
    link: "https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted",
    settings: nodeAgentsSetting("path"),
    samples: {
        passing: [
            {
                kind: "pod",
                set: { volumes: acceptedVolumes.map((type) => ({ name: type.toLowerCase(), [type]: {} })) },
            },
            { kind: "pod", set: { volumes: [] } },
        ],
        failing: [
            {
                sample: { kind: "pod", set: { volumes: [{ name: "v", hostPath: { path: "/" } }] } },
                problem: "is a hostPath",
            },
            {
                sample: { kind: "pod", set: { volumes: [{ name: "v", nfs: { server: "s", path: "/" } }] } },
                problem: "is a nfs",
            },
            {
                sample: { kind: "pod", set: { volumes: [{ name: "v", emptyDir: {}, hostPath: { path: "/" } }] } },
                problem: "is a hostPath",
            },
            { sample: { kind: "pod", set: { volumes: [{ name: "v" }] } }, problem: "is of no type" },
        ],
    },
    checkPod: (template, report, context) => {
        const isOwn = (what: string) => isNodeAgent(template, context, { allowance: "path", what });
        for (const volume of template.spec.get("volumes").items()) checkVolume(volume, isOwn, report);
    },
});

/** @param isOwn whether the pod is listed for this path of the node */
function checkVolume(volume: Value, isOwn: (path: string) => boolean, report: Report): void {
    if (volume.mapping() === undecided) return;
    const types = volume.keys().filter((key) => key !== "name" && volume.get(key).isSet);
    if (types.length === 0) report({ path: volume.path, problem: "is of no type" });
    // Each is judged: an accepted type does not excuse another one beside it.
    for (const type of types.filter((each) => !acceptedVolumes.some((name) => name === each))) {
        const path = volume.quietly.get(type, "path").text();
        if (type === "hostPath" && typeof path === "string" && isOwn(path)) continue;
        report({ path: `${volume.path}.${shown(type, otherTypes)}`, problem: `is a ${shown(type, otherTypes)}` });
    }
}
