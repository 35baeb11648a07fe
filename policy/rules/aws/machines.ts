import { controls } from "../../controls";
import { absent, undecided, type Value } from "../../reading/value";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule } from "../../rule";
import { sampleOf } from "../../samples";
import { disks, group, nodeClass, template } from "./machines.samples";
import { flag } from "./policyDocument";

const key = { kmsKeyId: "arn:aws:kms:eu-central-1:123456789012:key/sample" };

export const machines: ResourceRule = {
    id: "AWS-06",
    title: "Nodes keep pods from the machine's credentials, encrypt their disks, and are reached by nobody from outside",
    severity: "critical",
    level: "mandatory",
    scope: "resource",
    kinds: ["aws:ec2/LaunchTemplate", "aws:eks/NodeGroup", "karpenter.k8s.aws/EC2NodeClass"],
    controls: controls({ soc2: ["CC6.1"], iso27001: ["8.9", "8.24"], cisEks: ["5.4.3"] }),
    why: "A pod that reaches the metadata service has the rights of its node, which pulls every image and joins the cluster.",
    fix: "require tokens with a hop limit of 1, encrypt each disk with a key of the account, name an exact image, and give neither SSH nor public addresses",
    link: "https://docs.aws.amazon.com/eks/latest/best-practices/identity-and-access-management.html",
    samples: {
        passing: [
            sampleOf(template(), group({ launchTemplate: { id: "lt-1", version: "1" } })),
            sampleOf(nodeClass()),
            sampleOf(template({ metadataOptions: { httpEndpoint: "disabled", httpTokens: null } })),
            sampleOf(template({ imageId: "resolve:ssm:/nodes/image:7" })),
            sampleOf(nodeClass({ amiSelectorTerms: [{ id: "ami-0123456789abcdef0" }] })),
        ],
        failing: [
            {
                sample: sampleOf(template({ metadataOptions: { httpTokens: null } })),
                problem: "answers without a token",
            },
            {
                sample: sampleOf(nodeClass({ metadataOptions: { httpTokens: "optional" } })),
                problem: "answers without a token",
            },
            {
                sample: sampleOf(template({ metadataOptions: { httpPutResponseHopLimit: 2 } })),
                problem: "lets pods ask for the node's credentials",
            },
            {
                sample: sampleOf(template({ metadataOptions: { httpPutResponseHopLimit: null } })),
                problem: "is not set, and images of EKS then have 2",
            },
            {
                sample: sampleOf(template({ blockDeviceMappings: [] })),
                problem: "names no disk, so that the image decides whether it is encrypted",
            },
            { sample: sampleOf(template(disks({ ...key, encrypted: "false" }))), problem: "encrypted is not true" },
            { sample: sampleOf(template(disks({ encrypted: true }))), problem: "kmsKeyId is not set" },
            {
                sample: sampleOf(nodeClass({ blockDeviceMappings: null })),
                problem: "names no disk, so that the image decides whether it is encrypted",
            },
            { sample: sampleOf(nodeClass(disks({ encrypted: true }))), problem: "kmsKeyID is not set" },
            {
                sample: sampleOf(group({ launchTemplate: { id: "lt-1" }, remoteAccess: { ec2SshKey: "ops" } })),
                problem: "opens SSH to the internet",
            },
            { sample: sampleOf(template({ keyName: "ops" })), problem: "keyName lets whoever has the key in by SSH" },
            {
                sample: sampleOf(template({ networkInterfaces: [{ associatePublicIpAddress: "true" }] })),
                problem: "gives nodes a public address",
            },
            {
                sample: sampleOf(nodeClass({ associatePublicIPAddress: true })),
                problem: "gives nodes a public address",
            },
            {
                sample: sampleOf(template({ imageId: "resolve:ssm:/aws/service/eks/image_id" })),
                problem: "changes by itself",
            },
            {
                sample: sampleOf(nodeClass({ amiSelectorTerms: [{ alias: "al2023@latest" }] })),
                problem: "changes by itself",
            },
            {
                sample: sampleOf(nodeClass({ amiSelectorTerms: [{ tags: { team: "platform" } }] })),
                problem: "changes by itself",
            },
            { sample: sampleOf(nodeClass({ amiSelectorTerms: null })), problem: "amiSelectorTerms is not set" },
            { sample: sampleOf(group({})), problem: "is not set, so that EKS' own template decides" },
        ],
    },
    check: (subject, report) => {
        const { kind, object } = subject;
        if (kind.kind === "NodeGroup") checkGroup(object, report);
        else if (kind.kind === "LaunchTemplate") checkTemplate(object, report);
        else checkNodeClass(subject, report);
    },
};

function checkTemplate(object: Value, report: Report): void {
    checkMetadata(object.get("metadataOptions"), { token: "optional", hops: undefined }, report);
    checkDisks(object.get("blockDeviceMappings"), "kmsKeyId", report);
    const login = object.get("keyName");
    if (login.isSet) {
        report({
            path: login.path,
            problem: "lets whoever has the key in by SSH",
            fix: "use Session Manager",
            advisory: true,
        });
    }
    for (const card of object.get("networkInterfaces").items())
        checkAddress(card.get("associatePublicIpAddress"), report);
    const image = object.get("imageId").text();
    // Without an image EKS takes one for its group, and keeps it until somebody updates the group.
    if (typeof image === "string" && image.startsWith("resolve:") && !/:\d+$/.test(image)) {
        report({ path: "imageId", problem: "changes by itself" });
    }
}

/** Without source groups EKS opens port 22 to all: https://docs.aws.amazon.com/eks/latest/APIReference/API_RemoteAccessConfig.html */
function checkGroup(object: Value, report: Report): void {
    const own = object.get("launchTemplate");
    if (!own.isSet) report({ path: own.path, problem: "is not set, so that EKS' own template decides" });
    const access = object.get("remoteAccess");
    const sources = access.get("sourceSecurityGroupIds");
    if (
        access.isSet &&
        access.mapping() === true &&
        (!sources.isSet || (sources.isList && sources.items().length === 0))
    ) {
        report({ path: access.path, problem: "opens SSH to the internet" });
    }
}

/** Karpenter asks for tokens and a hop limit of 1 by itself: https://karpenter.sh/docs/concepts/nodeclasses/#specmetadataoptions */
function checkNodeClass({ object }: Subject, report: Report): void {
    const spec = object.get("spec");
    checkMetadata(spec.get("metadataOptions"), { token: "required", hops: 1 }, report);
    checkDisks(spec.get("blockDeviceMappings"), "kmsKeyID", report);
    checkAddress(spec.get("associatePublicIPAddress"), report);
    const terms = spec.get("amiSelectorTerms");
    if (!terms.isSet) report({ path: terms.path, problem: "is not set" });
    for (const term of terms.items()) checkImage(term, report);
}

/** An id and a version of an alias stay the same; a name, a tag and a parameter mean whatever is newest. */
function checkImage(term: Value, report: Report): void {
    if (term.get("id").isSet || term.mapping() !== true) return;
    const alias = term.get("alias").text();
    if (alias === undecided || (typeof alias === "string" && !/(^|@)latest$/.test(alias) && alias.includes("@")))
        return;
    report({ path: term.path, problem: "changes by itself" });
}

interface MetadataDefaults {
    readonly token: "optional" | "required";
    /** Undefined where the image decides; those of EKS have 2. */
    readonly hops: number | undefined;
}

function checkMetadata(options: Value, defaults: MetadataDefaults, report: Report): void {
    if (options.get("httpEndpoint").text() === "disabled") return;
    const [tokens, hops] = [options.get("httpTokens"), options.get("httpPutResponseHopLimit")];
    const token = tokens.text();
    if (token !== undecided && (token === absent ? defaults.token : token) !== "required") {
        report({ path: tokens.path, problem: "answers without a token" });
    }
    const read = hops.number();
    const limit = read === absent ? defaults.hops : read;
    if (limit === undefined) report({ path: hops.path, problem: "is not set, and images of EKS then have 2" });
    else if (limit !== undecided && limit > 1) {
        report({ path: hops.path, problem: "lets pods ask for the node's credentials" });
    }
}

function checkDisks(mappings: Value, keyName: "kmsKeyId" | "kmsKeyID", report: Report): void {
    const all = mappings.items();
    const isUnreadable = mappings.isSet && !mappings.isList;
    if (all.length === 0 && !isUnreadable) {
        const problem = "names no disk, so that the image decides whether it is encrypted";
        report({ path: mappings.path, problem });
    }
    for (const mapping of all) {
        const ebs = mapping.get("ebs");
        if (!ebs.isSet) continue;
        const encrypted = ebs.get("encrypted");
        if (flag(encrypted) === false) report({ path: encrypted.path, problem: "is not true" });
        const own = ebs.get(keyName);
        if (!own.isSet) report({ path: own.path, problem: "is not set" });
    }
}

function checkAddress(address: Value, report: Report): void {
    if (flag(address) === true) report({ path: address.path, problem: "gives nodes a public address" });
}
