/** How CloudFormation calls what a type of Pulumi's aws provider sets. Pulumi's names are Terraform's, which often differ. */
export interface SchemaNames {
    /** Such as `AWS::EC2::VPC`. Several types may set parts of one. */
    readonly schema: string;
    /** Other names, by path in Pulumi, for the path itself and what is below it; every name not said is simply capitalised. */
    readonly names?: Readonly<Record<string, string>>;
    /** What CloudFormation writes for words that Terraform takes, by path in Pulumi. */
    readonly values?: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
    /** Paths that the schema lacks, with the reason. What is below them is left out too. */
    readonly beside?: Readonly<Record<string, string>>;
}

export type NamesByType = Readonly<Record<string, SchemaNames>>;
