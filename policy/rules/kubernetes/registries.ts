import { controls } from "../../controls";
import { optionalRegistries, ownRegistries } from "../../facts/images";
import { absent, undecided, Value } from "../../reading/value";
import type { Settings } from "../../rule";
import { containerRule } from "../podRule";
import { parseImage } from "./imageReference";

export const registries = containerRule({
    id: "IMG-03",
    title: "Images come from listed registries",
    severity: "high",
    level: "mandatory",
    controls: controls({ soc2: ["CC6.8"], iso27001: ["5.21"], cisAks: ["5.1.4"], cisEks: ["5.1.4"] }),
    why: "Anybody may publish a name that looks right; only a publisher that somebody chose is one that somebody watches.",
    fix: "mirror the image to a registry of the list, or list its publisher under registries in the settings of IMG-03",
    link: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    settings: {
        registries: {
            type: "array",
            description:
                "Registries with the path that is trusted there, such as registry.example.com/team/; without a slash at the end, one repository. Without it, the publishers of the platform's images",
            items: {
                type: "string",
                pattern: "^[\\w.-]+(:\\d+)?/",
                description: "a registry and a path, such as registry.example.com/",
            },
        },
    },
    samples: {
        passing: [
            { kind: "container", set: { image: "registry.k8s.io/sig-storage/csi-provisioner:v6.0.0" } },
            { kind: "container", set: { image: "public.ecr.aws/eks/aws-load-balancer-controller:v3.5.0" } },
            { kind: "container", set: { image: "quay.io/oauth2-proxy/oauth2-proxy:v7.15.3" } },
            { kind: "container", set: { image: "redis:7.2.16-bookworm" } },
            { kind: "container", set: { image: "ollama/ollama:0.32.15" } },
            { kind: "container", set: { image: "index.docker.io/library/postgres:18.6-bookworm" } },
        ],
        failing: [
            { sample: { kind: "container", set: { image: "nginx:1.29.0" } }, problem: "is from no listed registry" },
            {
                sample: { kind: "container", set: { image: "quay.io/team/app:1.0.0" } },
                problem: "is from no listed registry",
            },
            {
                sample: { kind: "container", set: { image: "registry.k8s.io.example.com/app:1.0.0" } },
                problem: "is from no listed registry",
            },
            {
                sample: { kind: "container", set: { image: "docker.io/library/redis-stack:1.0.0" } },
                problem: "is from no listed registry",
            },
            {
                sample: { kind: "container", set: { image: "registry.k8s.io/../team/app:1.0.0" } },
                problem: "is from no listed registry",
            },
        ],
    },
    checkContainer: ({ value }, report, { settings }) => {
        const image = value.get("image");
        const reference = image.text();
        // No image at all is IMG-02's business.
        if (reference === undecided || reference === absent || reference.trim() === "") return;
        if (!isListed(parseImage(reference).repository, settings)) {
            report({ path: image.path, problem: "is from no listed registry" });
        }
    },
});

const own: readonly string[] = [...ownRegistries, ...optionalRegistries];

function isListed(repository: string, { registries: given = own }: Settings): boolean {
    if (repository.split("/").some((part) => part === ".." || part === "." || part === "")) return false;
    return Value.unheard({ given })
        .get("given")
        .texts()
        .some((listed) => (listed.endsWith("/") ? repository.startsWith(listed) : repository === listed));
}
