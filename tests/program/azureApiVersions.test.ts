import * as fs from "node:fs";
import * as path from "node:path";
import { root } from "./stack";

/** Set to 1, the page is written anew: read the difference before you commit it. */
const isUpdate = process.env.TARS_UPDATE_GOLDEN === "1";

const page = path.join(root, "docs", "azure-api-versions.md");
const sdk = path.join(root, "node_modules", "@pulumi", "azure-native");

const byDefault =
    "the SDK's own choice; it has stable versions only in packages generated for one version of one service";
const alone = "the SDK has it in previews only";

/** Why a kind is used in a version that Azure calls a preview: as the SDK says under "Other available API versions". */
const reasons: Readonly<Record<string, string>> = {
    "authorization:RoleDefinition": byDefault,
    "containerregistry:Registry": byDefault,
    "containerregistry:Task": alone,
    "dns:RecordSet": byDefault,
    "dns:Zone": byDefault,
    "monitor:DiagnosticSetting": alone,
    "monitor:SubscriptionDiagnosticSetting": alone,
};

interface Row {
    readonly kind: string;
    readonly version: string;
}

test("the page of API versions is what the code and the SDK say; after a change run with TARS_UPDATE_GOLDEN=1", () => {
    const text = pageOf(rows());
    if (isUpdate) fs.writeFileSync(page, text);
    expect(fs.readFileSync(page, "utf8")).toBe(text);
});

test("every preview is there for a reason, and every reason for a preview", () => {
    const previews = rows().flatMap(({ kind, version }) => (version.includes("preview") ? [kind] : []));
    expect(previews).toEqual(Object.keys(reasons));
});

/** What the code imports from the SDK, as far as it has a version: kinds and functions. */
function rows(): readonly Row[] {
    const folder = path.join(root, "components", "cloud", "azure");
    const files = fs.readdirSync(folder, { recursive: true, encoding: "utf8" }).filter((file) => file.endsWith(".ts"));
    const text = files.map((file) => fs.readFileSync(path.join(folder, file), "utf8"));
    const imports = [...text.join("\n").matchAll(/^import \{([^}]+)\} from "@pulumi\/azure-native\/(\w+)";$/gm)];
    const kinds = imports.flatMap(([, names = "", module = ""]) =>
        names.split(",").map((name) => `${module}:${name.trim().replace(/^type | as .*$/g, "")}`),
    );
    return [...new Set(kinds)].sort().flatMap((kind) => {
        const version = versionOf(kind);
        return version === undefined ? [] : [{ kind, version }];
    });
}

function versionOf(kind: string): string | undefined {
    const [module = "", name = ""] = kind.replace(/Output$/, "").split(":");
    const file = path.join(sdk, module, `${name.charAt(0).toLowerCase()}${name.slice(1)}.d.ts`);
    if (!fs.existsSync(file)) return undefined;
    return /Uses Azure REST API version ([\w-]+)/.exec(fs.readFileSync(file, "utf8"))?.[1];
}

function pageOf(all: readonly Row[]): string {
    const { version } = JSON.parse(fs.readFileSync(path.join(sdk, "package.json"), "utf8"));
    return [
        "# API versions behind the kinds of Azure",
        "",
        `Which version of Azure's API \`@pulumi/azure-native\` ${version} calls for each kind and function that the program uses, read from the SDK.`,
        "`tests/program/azureApiVersions.test.ts` writes this page and fails when it is out of date.",
        "",
        "| Kind | API version | Preview, and why it is used |",
        "|---|---|---|",
        ...all.map((row) => `| \`${row.kind}\` | ${row.version} | ${reasons[row.kind] ?? ""} |`),
        "",
    ].join("\n");
}
