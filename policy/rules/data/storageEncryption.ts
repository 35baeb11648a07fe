import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import { groupAndKind } from "../../resources/kind";
import type { Context, Report, ResourceRule } from "../../rule";
import { failing, passing } from "./storageEncryption.samples";

const volume = "core/PersistentVolume";

export const storageEncryption: ResourceRule = {
    id: "SEC-04",
    title: "Volumes are encrypted with the platform's own key and outlive their claims in production",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: ["storage.k8s.io/StorageClass", volume],
    controls: controls({ soc2: ["CC6.7", "C1.1"], iso27001: ["8.24"] }),
    why: "A disk under the cloud's key opens for whoever the cloud lets in, and one that goes with its claim takes the data along.",
    fix: "use a CSI driver with encryption under a customer-managed key, and reclaimPolicy Retain in production (but for a class labelled tars-platform/volumes: scratch)",
    link: "https://kubernetes.io/docs/concepts/storage/storage-classes/",
    samples: { passing, failing },
    check: ({ kind, object }, report, context) => {
        if (groupAndKind(kind) === volume) checkVolume(object.get("spec"), report, context);
        else checkClass(object, report, context);
    },
};

/** What a StorageClass of a driver must say; parameter names are the drivers' own, read without regard to case as the drivers do. */
interface Driver {
    /** Parameter that has to be "true", because the driver leaves disks unencrypted without it. */
    readonly encrypted?: string;
    /** Parameter that names the key, or what holds it. */
    readonly key?: string;
}

const drivers: Readonly<Record<string, Driver>> = {
    // https://github.com/kubernetes-sigs/aws-ebs-csi-driver/blob/master/docs/parameters.md
    "ebs.csi.aws.com": { encrypted: "encrypted", key: "kmskeyid" },
    // Disks are encrypted always, on AKS by the disk encryption set of the cluster where a class names none; AZ-05 asks for that one.
    // https://learn.microsoft.com/azure/aks/azure-disk-customer-managed-keys
    "disk.csi.azure.com": {},
    // https://github.com/kubernetes-sigs/azurefile-csi-driver/blob/master/docs/driver-parameters.md: without it the driver makes an account of its own
    "file.csi.azure.com": { key: "storageaccount" },
    // The file system has the key, and its own rule.
    "efs.csi.aws.com": {},
};

function checkClass(storageClass: Value, report: Report, { environment }: Context): void {
    const provisioner = storageClass.get("provisioner");
    const name = provisioner.text();
    if (typeof name === "string") checkDriver(name, storageClass, report);
    else if (name === absent) report({ path: provisioner.path, problem: "is not set" });
    if (environment === "production" && !isScratch(storageClass))
        checkReclaim(storageClass.get("reclaimPolicy"), report);
}

/**
 * Marks the class of volumes that hold nothing but copies of what is in a backup, for as long as a drill of its restore takes. One that outlived its claim
 * would be a copy that nobody deletes.
 */
export const scratchLabel = "tars-platform/volumes";

function isScratch(storageClass: Value): boolean {
    return storageClass.get("metadata", "labels", scratchLabel).quietly.text() === "scratch";
}

function checkDriver(name: string, storageClass: Value, report: Report): void {
    const { path } = storageClass.get("provisioner");
    const driver = drivers[name];
    if (name.startsWith("kubernetes.io/")) {
        report({ path, problem: "is built into Kubernetes, which has given such drivers up" });
    } else if (driver) {
        checkParameters(driver, storageClass.get("parameters"), report);
    } else {
        report({ path, problem: "is a driver whose encryption this rule does not know", advisory: true });
    }
}

function checkParameters(driver: Driver, parameters: Value, report: Report): void {
    const { path } = parameters;
    const encrypted = driver.encrypted ? parameter(parameters, driver.encrypted).text() : "true";
    if (encrypted !== "true" && encrypted !== undecided)
        report({
            path: `${path}.${driver.encrypted}`,
            problem: "does not say true, so that volumes are not encrypted",
        });
    if (driver.key && !isGiven(parameter(parameters, driver.key))) {
        report({ path, problem: "names no customer-managed key" });
    }
}

function parameter(parameters: Value, name: string): Value {
    return parameters.get(parameters.keys().find((key) => key.toLowerCase() === name) ?? name);
}

/** Which key it is may be unknown yet. */
function isGiven(value: Value): boolean {
    return value.isSet && value.quietly.text() !== "";
}

/** A StorageClass deletes where it does not say. */
function checkReclaim(policy: Value, report: Report): void {
    const stated = policy.text();
    if (stated === absent || stated === "Delete" || stated === "Recycle")
        report({ path: policy.path, problem: "is Delete, so that data goes with its claim" });
}

/** Drivers built into Kubernetes, by their field in the spec of a volume, and the disk of a node, which nothing encrypts. */
const builtIn = [
    "awsElasticBlockStore",
    "azureDisk",
    "azureFile",
    "cephfs",
    "cinder",
    "flexVolume",
    "gcePersistentDisk",
    "glusterfs",
    "hostPath",
    "portworxVolume",
    "rbd",
    "vsphereVolume",
] as const;

function checkVolume(spec: Value, report: Report, { environment }: Context): void {
    if (spec.mapping() !== true) return;
    for (const field of builtIn.filter((name) => spec.get(name).isSet))
        report({ path: spec.get(field).path, problem: "is a driver built into Kubernetes, or a node's own disk" });
    const policy = spec.get("persistentVolumeReclaimPolicy");
    // A volume that somebody writes retains where it does not say; only what a StorageClass makes takes over the class's policy.
    if (environment === "production" && policy.isSet) checkReclaim(policy, report);
}
