import { type Bag, type Properties, unknownValue } from "../properties";
import { type InputIssue, nameOf, type PropertyChange, typeOf } from "../protocol";
import { isAutoName, withAutoName } from "./autoName";
import { checkAlone, checkInCloud, reasonToKeep } from "./checks";
import { differences } from "./differences";
import type { Warn } from "./engineLog";
import { Faults } from "./faults";
import type { Cloud, CloudKind, CloudMade, CloudRecord, Subject } from "./kind";
import { decodeConfig, refuse, refuseSecond, toRecord } from "./records";
import { type CloudDraft, CloudStore, cloudFolder } from "./store";

/** A simulated cloud at work for one provider of a program. */
export class CloudRun {
    private readonly store: CloudStore;
    private readonly faults: Faults;
    private config: Properties = {};

    constructor(
        private readonly cloud: Cloud,
        private readonly warn: Warn,
    ) {
        this.store = new CloudStore(cloudFolder(), cloud.name, cloud.same);
        this.faults = new Faults(cloudFolder());
    }

    configure(args: Properties): void {
        this.config = decodeConfig(args);
    }

    /** No setting of a provider makes its resources anew: what is where it cannot be is found when it is made. */
    diffConfig(before: Properties, after: Properties): readonly PropertyChange[] {
        return differences(before, after, {}).map(({ property, kind }) => ({ property, kind, replace: false }));
    }

    secretsOf(urn: string): readonly string[] {
        return this.kindOf(urn).secrets ?? [];
    }

    check(
        urn: string,
        olds: Properties,
        news: Properties,
        seed: string,
    ): { inputs: Properties; issues: readonly InputIssue[] } {
        const kind = this.kindOf(urn);
        const inputs = withAutoName(kind.autoName, { name: nameOf(urn), olds, news, seed });
        return { inputs, issues: checkAlone(kind, inputs, this.config) };
    }

    async diff(
        urn: string,
        before: Properties,
        after: Properties,
    ): Promise<{ changes: PropertyChange[]; deleteFirst: boolean }> {
        const kind = this.kindOf(urn);
        const found = differences({ ...kind.defaults, ...before }, { ...kind.defaults, ...after }, kind.changes);
        const unknown = found.filter(({ change }) => change === "unknown").map(({ property }) => property);
        if (unknown.length > 0) {
            const message = `what a change of ${unknown.join(", ")} does is unknown: confirm with a real preview; taken for a replacement here`;
            await this.warn(urn, message);
        }
        const changes = found.map(({ property, kind, change }) => ({ property, kind, replace: change !== "update" }));
        return {
            changes,
            deleteFirst: changes.some(({ replace }) => replace) && deletesFirst(kind, nameOf(urn), before, after),
        };
    }

    previewCreate(urn: string, inputs: Properties): Properties {
        const kind = this.kindOf(urn);
        return { ...kind.defaults, ...inputs, ...unknowns(kind.computed), ...kind.planned?.(inputs) };
    }

    previewUpdate(urn: string, before: Properties, inputs: Properties): Properties {
        const kind = this.kindOf(urn);
        return { ...kind.defaults, ...inputs, ...pick(before, kind.computed), ...unknowns(kind.recomputed ?? []) };
    }

    async create(urn: string, inputs: Bag): Promise<CloudMade> {
        const kind = this.kindOf(urn);
        await this.faults.strike(typeOf(urn), "create", nameOf(urn));
        const { subject, made, record } = await this.store.change((draft) => {
            const subject = this.subject(draft, urn, undefined, inputs.values);
            refuse(urn, checkInCloud(kind, subject));
            const made = kind.create(subject);
            const outputs = { ...subject.inputs, ...made.outputs, ...this.cloud.mark?.(subject) };
            const record = toRecord({
                urn,
                id: made.id,
                inputs,
                outputs,
                kind,
                ready: kind.effects?.created === undefined,
            });
            refuseSecond(draft, record);
            draft.put(record);
            return { subject, made: { id: made.id, outputs }, record };
        });
        if (!kind.effects?.created) return made;
        const further = await kind.effects.created(subject, made).catch(async (error: unknown) => {
            await this.store.change((draft) => draft.remove(record));
            throw error;
        });
        return this.finish(record, { id: made.id, outputs: { ...made.outputs, ...further } }, further);
    }

    async update(urn: string, id: string, inputs: Bag): Promise<Properties> {
        const kind = this.kindOf(urn);
        await this.faults.strike(typeOf(urn), "update", nameOf(urn));
        const { subject, outputs } = await this.store.change((draft) => {
            const record = draft.get(typeOf(urn), id);
            if (record === undefined)
                throw new Error(`${typeOf(urn)} ${id} does not exist any more: refresh the stack`);
            draft.remove(record);
            const subject = { ...this.subject(draft, urn, id, inputs.values), before: record.outputs };
            refuse(urn, checkInCloud(kind, subject));
            const computed = kind.update?.(subject, record.outputs) ?? pick(record.outputs, kind.computed);
            const outputs = { ...subject.inputs, ...computed, ...this.cloud.mark?.(subject) };
            draft.put(toRecord({ urn, id, inputs, outputs, kind, ready: true }));
            return { subject, outputs };
        });
        await kind.effects?.updated?.(subject, outputs);
        return outputs;
    }

    async delete(urn: string, id: string): Promise<void> {
        const kind = this.kindOf(urn);
        await this.faults.strike(typeOf(urn), "delete", nameOf(urn));
        const record = await this.store.change((draft) => {
            const found = draft.get(typeOf(urn), id);
            const reason = found && reasonToKeep(this.cloud.kinds, found, draft);
            if (reason !== undefined) throw new Error(`${typeOf(urn)} ${id} cannot be deleted: ${reason}`);
            if (found) draft.put({ ...found, ready: false });
            return found;
        });
        // What somebody else has taken away is as gone as it should be.
        if (record === undefined) return;
        await kind.effects?.deleted?.(record, this.store.read());
        await this.store.change((draft) => {
            draft.remove(record);
            if (kind.leaves) draft.put(kind.leaves(record));
        });
    }

    async read(type: string, id: string): Promise<CloudRecord | undefined> {
        await this.faults.strike(type, "read");
        return this.store.read().get(type, id);
    }

    async invoke(token: string, args: Properties): Promise<Properties> {
        const answer = this.cloud.functions[token];
        if (answer === undefined) throw new Error(`the simulator's ${this.cloud.name} plugin has no function ${token}`);
        await this.faults.strike(token, "invoke");
        return answer(args, this.store.read(), this.config);
    }

    private kindOf(urn: string): CloudKind {
        const type = typeOf(urn);
        const kind = this.cloud.kinds[type];
        if (kind === undefined)
            throw new Error(`the simulator's ${this.cloud.name} plugin has no resource type ${type}`);
        return kind;
    }

    private subject(draft: CloudDraft, urn: string, id: string | undefined, inputs: Properties): Subject {
        const defaults = this.kindOf(urn).defaults;
        return {
            type: typeOf(urn),
            urn,
            name: nameOf(urn),
            id,
            inputs: { ...defaults, ...inputs },
            config: this.config,
            cloud: draft,
            unique: draft.unique(urn),
        };
    }

    private async finish(record: CloudRecord, made: CloudMade, further: Properties): Promise<CloudMade> {
        await this.store.change((draft) =>
            draft.put({ ...record, outputs: { ...record.outputs, ...further }, ready: true }),
        );
        return made;
    }
}

function deletesFirst(kind: CloudKind, resource: string, before: Properties, after: Properties): boolean {
    if (kind.deleteFirst) return kind.deleteFirst(before, after);
    if (kind.autoName === undefined) return false;
    // Two things of one name cannot be at once; a name of our own is another one for the new thing. So do the official plugins.
    const name = before[kind.autoName.property];
    return name === after[kind.autoName.property] && !isAutoName(kind.autoName, resource, String(name));
}

const unknowns = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, unknownValue]));

const pick = (from: Properties, names: readonly string[]): Properties =>
    Object.fromEntries(Object.entries(from).filter(([name]) => names.includes(name)));
