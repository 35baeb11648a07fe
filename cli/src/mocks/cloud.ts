/** What stands in for a cloud where there is neither engine nor cloud. */
export interface CloudMocks {
    /** What the cloud would add to the inputs of a resource, of what programs read; empty for a type that is not this cloud's. */
    computed(type: string, name: string, inputs: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>>;
    /** Answer to a function; undefined for one that is not this cloud's. */
    answer(token: string): Readonly<Record<string, unknown>> | undefined;
}
