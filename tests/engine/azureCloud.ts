import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { azure } from "../../simulator/providers/azure";
import { CloudRun } from "../../simulator/providers/cloud/run";
import { isObject } from "../../simulator/providers/cloud/values";
import type { Properties, Value } from "../../simulator/providers/properties";
import { subscription } from "./azureProgram";

/** A simulated Azure without an engine, for many small cases. */
export class AzureRun {
    private readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-azure-"));
    private readonly run: CloudRun;
    readonly warnings: string[] = [];

    constructor() {
        process.env.TARS_SIMULATOR_CLOUD = this.folder;
        process.env.TARS_SIMULATOR_CLUSTERS = "recorded";
        this.run = new CloudRun(azure, async (_, message) => void this.warnings.push(message));
    }

    close(): void {
        fs.rmSync(this.folder, { recursive: true, force: true });
    }

    /** Makes something as the engine would, checks included; resolves to its outputs with its id. */
    async make(type: string, name: string, inputs: Properties): Promise<Properties> {
        const urn = urnOf(type, name);
        const { inputs: checked, issues } = this.run.check(urn, {}, inputs, "");
        if (issues.length > 0)
            throw new Error(issues.map(({ property, reason }) => `${property} ${reason}`).join("; "));
        const { id, outputs } = await this.run.create(urn, { values: checked, secrets: new Set() });
        return { ...outputs, id };
    }

    change(type: string, name: string, id: Value | undefined, inputs: Properties): Promise<Properties> {
        return this.run.update(urnOf(type, name), String(id), { values: inputs, secrets: new Set() });
    }

    remove(type: string, name: string, id: Value | undefined): Promise<void> {
        return this.run.delete(urnOf(type, name), String(id));
    }

    invoke(token: string, args: Properties): Promise<Properties> {
        return this.run.invoke(`azure-native:${token}`, args);
    }

    /** What changes of inputs come to: `zones: update`. */
    async differ(type: string, before: Properties, after: Properties): Promise<readonly string[]> {
        const { changes } = await this.run.diff(urnOf(type, "x"), before, after);
        return changes.map(({ property, replace }) => `${property}: ${replace ? "replace" : "update"}`);
    }

    /** Clusters as the control plane was told of them. */
    clusters(): Properties {
        const file = path.join(this.folder, "clusters.json");
        const content: Value = fs.existsSync(file) ? JSON.parse(fs.readFileSync(file, "utf8")) : {};
        return isObject(content) ? content : {};
    }
}

const urnOf = (type: string, name: string) => `urn:pulumi:dev::program::azure-native:${type}::${name}`;

export const group = { resourceGroupName: "tars", location: "westeurope" };
export const at = (rest: string) => `${subscription}/resourceGroups/tars/providers/${rest}`;
