import type { Properties } from "../properties";
import type { InputIssue } from "../protocol";

/** Something that exists in a simulated cloud. */
export interface CloudRecord {
    /** Its type token, such as `aws:ec2/vpc:Vpc`. */
    readonly type: string;
    readonly id: string;
    readonly urn: string;
    /** Without the secret ones: those are in the engine's state only. */
    readonly inputs: Properties;
    /** Everything that the resource shows, inputs with their defaults included, secret ones left out. */
    readonly outputs: Properties;
    /** False while it is being made or taken away. */
    readonly ready: boolean;
}

/** What exists in a simulated cloud. */
export interface CloudView {
    all(type: string): readonly CloudRecord[];
    get(type: string, id: string): CloudRecord | undefined;
    /** The first of these types whose output at the path `by` (its id when `by` is `id`) is `value`. */
    find(types: readonly string[], by: string, value: string): CloudRecord | undefined;
}

/** A resource at the moment that a kind judges or makes it. */
export interface Subject {
    readonly type: string;
    readonly urn: string;
    /** Its name in the program. */
    readonly name: string;
    /** Undefined before it exists. */
    readonly id: string | undefined;
    /** With defaults. Nothing in it is unknown, except where a function says otherwise. */
    readonly inputs: Properties;
    /** Of an update: what it showed before. */
    readonly before?: Properties;
    /** Settings of the provider that it is made with, such as the region. */
    readonly config: Properties;
    /** Everything else that exists. */
    readonly cloud: CloudView;
    /** Forty hexadecimal digits that nothing else in this cloud has. */
    readonly unique: string;
}

export interface CloudMade {
    readonly id: string;
    /** The computed outputs; inputs and their defaults are added. */
    readonly outputs: Properties;
}

/** A value that names something else in the cloud. */
export interface Reference {
    /** Where it stands, such as `vpcConfig.subnetIds`; lists need no mark. */
    readonly path: string;
    /** Types that it may name. */
    readonly to: readonly string[];
    /**
     * The output of the other that it repeats.
     * @default "id"
     */
    readonly by?: string;
    /** Further things that it may name: what something else makes beside itself, such as the default security group of a VPC. */
    readonly or?: readonly { readonly to: readonly string[]; readonly by: string }[];
    /** Values that name something that the cloud itself brings, such as `arn:aws:iam::aws:policy/...`. */
    readonly given?: RegExp;
    /**
     * Whether the other cannot be deleted while this exists.
     * @default true
     */
    readonly holds?: boolean;
}

/** What a string at one place may be. */
export interface Rule {
    readonly form: RegExp;
    /** Ends the sentence "name must be ...". */
    readonly says: string;
}

/** Gives a resource a name when the program gives none, as the official plugins do: the program's name, a dash, seven digits. */
export interface AutoName {
    readonly property: string;
    readonly longest?: number;
    /**
     * Hexadecimal digits at the end.
     * @default 7
     */
    readonly digits?: number;
}

export type Change = "replace" | "update";

/**
 * What a change does: a table by path without marks of lists (`scalingConfig.minSize`), of which the longest fitting path counts, or
 * a function of the names from the top, with `*` for an item of a list.
 */
export type ChangeRules = Readonly<Record<string, Change>> | ((steps: readonly string[]) => Change | undefined);

/** One resource type of a simulated cloud. */
export interface CloudKind {
    readonly required?: readonly string[];
    /** What the cloud takes when the program says nothing. */
    readonly defaults?: Properties;
    /** Forms of strings by path. */
    readonly rules?: Readonly<Record<string, Rule>>;
    readonly references?: readonly Reference[];
    readonly autoName?: AutoName;
    /**
     * What these rules do not know is reported as unknown and treated as a replacement: a preview then shows the worst that may
     * come, never less.
     */
    readonly changes: ChangeRules;
    /** Outputs that are not known before it is made. */
    readonly computed: readonly string[];
    /** Those of them that an update makes anew. */
    readonly recomputed?: readonly string[];
    /** Inputs and outputs that are secret even where the program does not say so. */
    readonly secrets?: readonly string[];
    /** Outputs in a preview of its creation of which a part is known, such as an input to which the cloud adds something. */
    readonly planned?: (inputs: Properties) => Properties;
    /** Whether the old one must be gone before the new one can be made; by default when both have the same name. */
    readonly deleteFirst?: (before: Properties, after: Properties) => boolean;
    /** What is wrong whatever else exists. Properties that are not known yet are left out. Runs in previews too. */
    readonly check?: (inputs: Properties, config: Properties) => readonly InputIssue[];
    /** What is wrong given what else exists; runs when the resource is made or updated, as in a real cloud. */
    readonly judge?: (subject: Subject) => readonly InputIssue[];
    readonly create: (subject: Subject) => CloudMade;
    /** The computed outputs after an update, given those before it; by default they stay. */
    readonly update?: (subject: Subject, before: Properties) => Properties;
    /** Why it cannot be deleted, beside what refers to it. */
    readonly keep?: (record: CloudRecord, cloud: CloudView) => string | undefined;
    /** What stays when it is deleted, such as a name that nobody can have again; of a type that no program can name. */
    readonly leaves?: (record: CloudRecord) => CloudRecord;
    readonly effects?: Effects;
}

/** What happens outside of the cloud's own books. The resource is not ready for others until it is done. */
export interface Effects {
    /** Resolves to further outputs. When it rejects the resource is not made. */
    readonly created?: (subject: Subject, made: CloudMade) => Promise<Properties>;
    readonly updated?: (subject: Subject, outputs: Properties) => Promise<void>;
    readonly deleted?: (record: CloudRecord, cloud: CloudView) => Promise<void>;
}

/** A function of a provider, such as `aws:index/getCallerIdentity:getCallerIdentity`. */
export type CloudFunction = (args: Properties, cloud: CloudView, config: Properties) => Properties;

export interface Cloud {
    /** Name of the plugin, and of the file that the cloud is kept in. */
    readonly name: string;
    /** Version of the SDK package, without the leading `v`. */
    readonly version: string;
    readonly kinds: Readonly<Record<string, CloudKind>>;
    readonly functions: Readonly<Record<string, CloudFunction>>;
    readonly checkConfig?: (config: Properties) => readonly InputIssue[];
    /** Put over the outputs of everything, such as what marks it as simulated. */
    readonly mark?: (subject: Subject) => Properties;
    /**
     * Whether two values name the same thing.
     * @default they are equal
     */
    readonly same?: (a: string, b: string) => boolean;
}
