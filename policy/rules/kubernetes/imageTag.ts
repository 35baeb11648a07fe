import { controls } from "../../controls";
import { digestForm, tagForm } from "../../facts/images";
import { absent, undecided } from "../../reading/value";
import { containerRule } from "../podRule";

export const imageTag = containerRule({
    id: "IMG-02",
    title: "Images have a version",
    severity: "high",
    level: "mandatory",
    controls: controls({ soc2: ["CC8.1"], iso27001: ["8.19"] }),
    why: "What `latest` means changes without a review: two pods of one Deployment may run different programs.",
    fix: "name an exact tag or a digest",
    link: "https://kubernetes.io/docs/concepts/containers/images/#image-names",
    samples: {
        passing: [
            { kind: "container", set: { image: "localhost:5000/app:1.2.3" } },
            { kind: "container", set: { image: `docker.io/library/app:latest@sha256:${"0".repeat(64)}` } },
        ],
        failing: [
            { sample: { kind: "container", set: { image: "app:latest" } }, problem: "has the tag latest" },
            { sample: { kind: "container", set: { image: "localhost:5000/app" } }, problem: "has no tag" },
            { sample: { kind: "container", set: { image: "app@sha256:abc" } }, problem: "has a digest that is none" },
            { sample: { kind: "container", set: { image: "app:1@latest" } }, problem: "has a digest that is none" },
            { sample: { kind: "container", set: { image: "app:1:latest" } }, problem: "has a tag that is none" },
            { sample: { kind: "container", set: { image: "app:latest " } }, problem: "has a tag that is none" },
            { sample: { kind: "container", set: { image: "" } }, problem: "is empty" },
            { sample: { kind: "container", set: { image: null } }, problem: "is not set" },
        ],
    },
    checkContainer: ({ value }, report, { template: { complete } }) => {
        const image = value.get("image");
        const reference = image.text();
        // Where something completes the template later, it may bring the image: an operator does so by its own version field.
        if (reference === undecided || (reference === absent && !complete)) return;
        const problem = reference === absent ? "is not set" : problemOf(reference);
        if (problem !== undefined) report({ path: image.path, problem });
    },
});

const isTag = new RegExp(`^${tagForm}$`);
const isDigest = new RegExp(`^${digestForm}$`);

/** What is wrong with an image reference, `[registry[:port]/]path[:tag][@digest]`; undefined for nothing. */
function problemOf(reference: string): string | undefined {
    if (reference.trim() === "") return "is empty";
    const [tagged = "", ...digest] = reference.split("@");
    if (digest.length > 0) return isDigest.test(digest.join("@")) ? undefined : "has a digest that is none";
    const [, ...tag] = tagged.slice(tagged.lastIndexOf("/") + 1).split(":");
    if (tag.join(":") === "") return "has no tag";
    if (!isTag.test(tag.join(":"))) return "has a tag that is none";
    return tag[0] === "latest" ? "has the tag latest" : undefined;
}
