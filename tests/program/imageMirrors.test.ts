import { imagesOf } from "../../cli/src/images/lock";
import { publishers } from "../../components/foundation/imageSources";
import { ownRegistries } from "../../policy/facts/images";
import { anotherGraph } from "./anotherGraph";
import type { Graph } from "./graph";
import { parsed, settingsOf } from "./stack";

jest.setTimeout(120_000);

const mirrors = Object.fromEntries(publishers.map((host) => [host, `mirror.example.com/${host.replaceAll(".", "-")}`]));

/** A stack of production as it would be with these settings, all else as its file has it. */
async function graphWith(stack: string, supplyChain: object): Promise<Graph> {
    const raw = Object(settingsOf(stack)).supplyChain;
    return anotherGraph(stack, { supplyChain: { ...raw, prePull: true, ...supplyChain } });
}

describe.each(["prod-aws", "prod-azure"])("%s with a mirror for each registry", (stack) => {
    let plain: Graph;
    let mirrored: Graph;
    beforeAll(async () => {
        plain = await graphWith(stack, {});
        mirrored = await graphWith(stack, { mirrors });
    });

    test("has all the images that it had, in their new places", () => {
        const moved = imagesOf(plain.all).map((image) => {
            const [host = "", ...path] = image.split("/");
            return [mirrors[host] ?? host, ...path].join("/");
        });
        expect(moved.length).toBeGreaterThan(20);
        expect(imagesOf(mirrored.all)).toEqual(moved.sort());
    });

    test("tells no chart of a publisher's registry", () => {
        const values = JSON.stringify(mirrored.all.map(({ inputs: { values } }) => values ?? {}));
        expect(values.length).toBeGreaterThan(10_000);
        expect(publishers.filter((host) => values.includes(`"${host}`))).toEqual([]);
    });

    test("has an API server that takes images from the mirror", () => {
        const policies = JSON.stringify(mirrored.of("ValidatingAdmissionPolicy").map(({ inputs }) => inputs));
        expect(policies).toContain("/quay-io/");
        expect(JSON.stringify(plain.of("ValidatingAdmissionPolicy").map(({ inputs }) => inputs))).not.toContain(
            "quay-io",
        );
    });
});

test("every registry that the pack trusts may have a mirror, and no other", () => {
    expect([...new Set(ownRegistries.map((listed) => listed.split("/")[0]))].sort()).toEqual(publishers);
});

describe("a mirror", () => {
    const problemsOf = (given: object) => {
        try {
            parsed({ ...settingsOf("dev"), supplyChain: { mirrors: given } });
            return "";
        } catch (error) {
            return String(error);
        }
    };

    test.each([
        [{ "quay.io": "registry.example.com" }],
        [{ "docker.io": "registry.example.com:5000/docker-hub/proxy" }],
        [{ "ghcr.io": "localhost:5000" }],
    ])("%j is one", (given) => {
        expect(problemsOf(given)).toBe("");
    });

    test.each([
        [{ "quayio.example": "registry.example.com" }, "is no registry that the platform has images from"],
        [{ "quay.io": "https://registry.example.com" }, "must be a registry, with a path where there is one"],
        [{ "quay.io": "registry.example.com/quay/" }, "no slash at its end"],
        [{ "quay.io": "team/quay" }, "must be a registry, with a path where there is one"],
    ])("%j is none", (given, problem) => {
        expect(problemsOf(given)).toContain(problem);
        expect(problemsOf(given)).toContain("supplyChain.mirrors");
    });
});
