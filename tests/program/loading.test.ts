import { execFileSync } from "node:child_process";
import * as fs from "node:fs";
import { root, stacks } from "./stack";

/** SDKs of clouds, and the clouds whose stacks may load them. */
const sdks: Readonly<Record<string, readonly string[]>> = {
    "@pulumi/aws": ["aws"],
    "@pulumi/eks": ["aws"],
    "@pulumi/azure-native": ["azure"],
};

/** Packages that a program of Pulumi's has loaded once it has run, each with the number of its files. */
function loaded(stack: string): ReadonlyMap<string, number> {
    const script = `
        require("./runtime/typescript.js");
        require("./cli/src/graph").captureGraph(${JSON.stringify(stack)}).then(() => {
            const found = Object.keys(require.cache).flatMap((file) => /node_modules.(@pulumi.[a-z-]+)/.exec(file)?.[1] ?? []);
            console.log("LOADED " + found.join());
        });
    `;
    const output = execFileSync(process.execPath, ["-e", script], { cwd: root, encoding: "utf8" });
    const names = /^LOADED (.*)$/m.exec(output)?.[1]?.split(",") ?? [];
    const counts = new Map<string, number>();
    for (const name of names) counts.set(name, (counts.get(name) ?? 0) + 1);
    return counts;
}

describe.each(stacks().map(({ name, cloud }) => [name, cloud] as const))("the program on %s", (stack, cloud) => {
    const packages = loaded(stack);

    test("loads the SDK of its own cloud and no other cloud's", () => {
        const clouds = [...packages.keys()].filter((name) => name in sdks);
        const own = Object.keys(sdks).filter((name) => sdks[name]?.includes(cloud));
        expect(clouds.sort()).toEqual(own.sort());
    });

    test("loads no SDK whole: only the parts that it uses", () => {
        for (const [name, files] of packages) {
            if (!(name in sdks)) continue;
            const all = fs.readdirSync(`${root}/node_modules/${name}`, { recursive: true, encoding: "utf8" });
            expect(files).toBeLessThan(all.filter((file) => file.endsWith(".js")).length / 4);
        }
    });
});
