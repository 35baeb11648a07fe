import type { DatabaseMachine } from "../../foundation/postgresPlace";
import type { Environment } from "../../settings/sizing";

/**
 * Machines that RDS runs PostgreSQL 17 and 18 on, all with Graviton processors. T machines have their full speed for a while only. RDS sells
 * these in every region of the partition but single new or small ones; it refuses what a region does not have before it makes anything.
 *
 * @see https://docs.aws.amazon.com/AmazonRDS/latest/UserGuide/Concepts.DBInstanceClass.Summary.html (vCPUs and memory)
 * @see https://github.com/aws-cloudformation/cfn-lint/tree/v1.58.0/src/cfnlint/data/schemas/extensions/aws_rds_dbinstance (engines and regions)
 */
export const databaseMachines = {
    "db.t4g.medium": { vcpus: 2, memoryGi: 4 },
    "db.t4g.large": { vcpus: 2, memoryGi: 8 },
    "db.t4g.xlarge": { vcpus: 4, memoryGi: 16 },
    "db.m7g.large": { vcpus: 2, memoryGi: 8 },
    "db.m7g.xlarge": { vcpus: 4, memoryGi: 16 },
    "db.m7g.2xlarge": { vcpus: 8, memoryGi: 32 },
    "db.m7g.4xlarge": { vcpus: 16, memoryGi: 64 },
    "db.r7g.large": { vcpus: 2, memoryGi: 16 },
    "db.r7g.xlarge": { vcpus: 4, memoryGi: 32 },
    "db.r7g.2xlarge": { vcpus: 8, memoryGi: 64 },
} as const satisfies Readonly<Record<string, DatabaseMachine>>;

/** As much as the pod in the cluster has at most in that environment, or the next larger. */
export const defaultDatabaseMachines = {
    dev: "db.t4g.medium",
    staging: "db.t4g.medium",
    production: "db.m7g.xlarge",
} as const satisfies Readonly<Record<Environment, keyof typeof databaseMachines>>;
