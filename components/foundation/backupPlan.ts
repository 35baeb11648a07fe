/** What a data service is promised of its backups, in a store outside of the cluster. */
export interface BackupPlan {
    readonly kind: "store";
    /** Hours between two backups, a divisor of 24. */
    readonly everyHours: number;
    readonly keepDays: number;
    /** Most hours of work that may be lost (RPO). An older backup fails its drill. */
    readonly rpoHours: number;
    /** Minutes in which the service is there again (RTO). A drill that takes longer fails. */
    readonly rtoMinutes: number;
    /** Days between two drills, a day or a week. */
    readonly drillEveryDays: number;
}
