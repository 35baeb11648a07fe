import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { aws } from "../../simulator/providers/aws";
import type { CloudMade, CloudRecord } from "../../simulator/providers/cloud/kind";
import { CloudRun } from "../../simulator/providers/cloud/run";
import { textAt } from "../../simulator/providers/cloud/values";
import type { Properties } from "../../simulator/providers/properties";

/** The simulated AWS account as the engine's calls reach it, without the engine. */
export class SimulatedAccount {
    readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), "tars-account-"));
    private readonly run: CloudRun;

    constructor(region = "eu-central-1") {
        process.env.TARS_SIMULATOR_CLOUD = this.folder;
        process.env.TARS_SIMULATOR_CLUSTERS = "recorded";
        this.run = new CloudRun(aws, async () => undefined);
        this.run.configure({ region });
    }

    close(): void {
        fs.rmSync(this.folder, { recursive: true, force: true });
    }

    /** @throws Error with everything that is wrong */
    make(type: string, inputs: Properties, name = "one"): Promise<CloudMade> {
        const { urn, checked } = this.check(type, inputs, name);
        return this.run.create(urn, { values: checked, secrets: new Set() });
    }

    /** The first text at a path of the outputs that the account's books have. */
    outputsOf(type: string, id: string, at: string): string {
        const { resources } = JSON.parse(fs.readFileSync(path.join(this.folder, "aws.json"), "utf8"));
        const found = resources.find((record: CloudRecord) => record.type === type && record.id === id);
        return textAt(found?.outputs, at) ?? "";
    }

    async change(type: string, id: string, inputs: Properties): Promise<Properties> {
        const { urn, checked } = this.check(type, inputs, "one");
        return this.run.update(urn, id, { values: checked, secrets: new Set() });
    }

    async remove(type: string, id: string): Promise<void> {
        await this.run.delete(urnOf(type, "one"), id);
    }

    private check(type: string, news: Properties, name: string) {
        const urn = urnOf(type, name);
        const { inputs, issues } = this.run.check(urn, {}, news, "seed");
        if (issues.length > 0)
            throw new Error(issues.map(({ property, reason }) => `${property} ${reason}`).join("; "));
        return { urn, checked: inputs };
    }
}

const urnOf = (type: string, name: string) => `urn:pulumi:dev::program::${type}::${name}`;
