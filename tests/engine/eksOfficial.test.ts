import * as fs from "node:fs";
import * as path from "node:path";
import { officialDirectory } from "../conformance/plugins";
import { CloudScene } from "./cloudScene";
import { eksProgram } from "./eksProgram";

/** What the official EKS plugin makes of the platform's options, against ours; both with the simulated AWS account. */

jest.setTimeout(600_000);

const folder = officialDirectory();
const official = folder === undefined ? undefined : path.join(folder, "pulumi-resource-eks");
const here = official !== undefined && fs.existsSync(official) ? test : test.skip;
const reason = "not here: set TARS_OFFICIAL_PLUGINS to a folder with Pulumi's own eks plugin";

interface Resource {
    readonly urn: string;
    readonly type: string;
    readonly inputs?: Readonly<Record<string, unknown>>;
    readonly outputs?: Readonly<Record<string, unknown>>;
    readonly parent?: string;
    readonly dependencies?: readonly string[];
}

here(`the component makes the same children as the official one${here === test ? "" : ` (${reason})`}`, async () => {
    const own = await componentOf(undefined);
    const theirs = await componentOf(official);
    expect(own.map(({ urn }) => urn)).toHaveLength(6);
    expect(own).toEqual(theirs);
});

/** The component and everything in it, as the engine keeps them after an update whose second preview is empty. */
async function componentOf(plugin: string | undefined): Promise<readonly Resource[]> {
    const scene = await CloudScene.open("aws", plugin === undefined ? {} : { eks: plugin });
    try {
        scene.program(eksProgram);
        await scene.up();
        await scene.pulumi("preview", "--expect-no-changes");
        const state: { deployment: { resources: readonly Resource[] } } = JSON.parse(
            await scene.pulumi("stack", "export", "--show-secrets"),
        );
        return state.deployment.resources
            .filter(({ urn }) => urn.includes("eks:index:Cluster"))
            .map(comparable)
            .sort((a, b) => a.urn.localeCompare(b.urn));
    } finally {
        scene.close();
    }
}

/** Without what differs from one account to the next. */
function comparable({ urn, type, parent, inputs = {}, outputs = {}, dependencies = [] }: Resource): Resource {
    const { version, ...kept } = inputs;
    const component = type === "eks:index:Cluster";
    const shown = component ? Object.keys(outputs).sort() : [];
    const text = JSON.stringify({
        urn,
        type,
        parent,
        inputs: type === "pulumi:providers:kubernetes" ? kept : inputs,
        outputs: shown,
        dependencies: [...dependencies].sort(),
    });
    return JSON.parse(
        text.replace(/-0[0-9a-f]{16}/g, "-0").replace(/[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, "uuid"),
    );
}
