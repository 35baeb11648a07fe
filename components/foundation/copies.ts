/** How many pods a controller has: one where a short outage of it is borne, more where its absence would stop others. */
export interface Copies {
    /** Of a controller, of which one leads. */
    readonly controllers: number;
    /** Of what the API server asks before it takes an object. */
    readonly webhooks: number;
}
