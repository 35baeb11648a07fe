import type { ChildProcess } from "node:child_process";
import * as fs from "node:fs";
import * as path from "node:path";
import type { ObjectStore } from "./objectStore";
import { prepared } from "./prepared";
import { freePort, here, type Scene, tool } from "./servers";

export const binary = (name: string) => path.join(prepared().packages, "embedded_postgres", "pginstall", "bin", name);

/** What its log and backups are called in the store, as the instances' plugin has it: a folder of their own, and the server's name below it. */
const server = "main";

/** A PostgreSQL whose log goes to a store as that of the platform's does: by barman-cloud, packed. */
export class Postgres {
    readonly #scene: Scene;
    readonly #store: ObjectStore;
    readonly #folder: string;
    readonly #port: number;
    #process: ChildProcess | undefined;

    private constructor(scene: Scene, store: ObjectStore, folder: string, port: number) {
        this.#scene = scene;
        this.#store = store;
        this.#folder = folder;
        this.#port = port;
    }

    /** One that begins empty. */
    static async begin(scene: Scene, store: ObjectStore): Promise<Postgres> {
        const made = new Postgres(scene, store, scene.place("postgres"), await freePort());
        const options = ["--username=postgres", "--auth=trust", "--encoding=UTF8", "--data-checksums", "--no-sync"];
        await scene.mustRun([binary("initdb"), ...options, `--pgdata=${made.#folder}`]);
        made.configure("archive_mode = on", `archive_command = '${made.#archiver("wal-archive")} %p'`);
        await made.start();
        return made;
    }

    /** One that begins with a backup of another, and goes on to what its log says of that moment. */
    static async recover(scene: Scene, store: ObjectStore, { backup, time }: Recovery): Promise<Postgres> {
        const made = new Postgres(scene, store, scene.place("postgres"), await freePort());
        const words = [tool("barman-cloud-restore"), ...made.#place, server, backup, made.#folder];
        await scene.mustRun(words, store.environment);
        fs.writeFileSync(path.join(made.#folder, "recovery.signal"), "");
        const restore = `${[tool("barman-cloud-wal-restore"), ...made.#place, server].join(" ")} %f %p`;
        made.configure(
            "archive_mode = off",
            `restore_command = '${restore}'`,
            `recovery_target_time = '${time}'`,
            "recovery_target_action = promote",
        );
        fs.chmodSync(made.#folder, 0o700);
        await made.start();
        return made;
    }

    /** Where it answers, as libpq reads it from the environment. */
    get address(): Readonly<Record<string, string>> {
        return { PGHOST: here, PGPORT: `${this.#port}` };
    }

    get #place(): readonly string[] {
        return ["--endpoint-url", this.#store.endpoint, `s3://${this.#store.bucket}/postgres`];
    }

    #archiver(program: string): string {
        return [tool(`barman-cloud-${program}`), "--gzip", ...this.#place, server].join(" ");
    }

    configure(...lines: readonly string[]): void {
        const local = [`listen_addresses = '${here}'`, `port = ${this.#port}`, `unix_socket_directories = ''`];
        const text = [...local, "wal_level = replica", "fsync = off", ...lines].map((line) => `${line}\n`).join("");
        fs.appendFileSync(path.join(this.#folder, "postgresql.conf"), text);
    }

    async start(): Promise<void> {
        this.#process = await this.#scene.start(
            [binary("postgres"), "-D", this.#folder],
            async () => (await this.tell("SELECT pg_is_in_recovery()")) === "f",
            this.#store.environment,
        );
    }

    /** What the server answers, one line a row. */
    async tell(sql: string, database = "postgres"): Promise<string> {
        const quiet = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", "--set=ON_ERROR_STOP=1"];
        const whom = [`--host=${here}`, `--port=${this.#port}`, "--username=postgres", `--dbname=${database}`];
        return (await this.#scene.mustRun([binary("psql"), ...quiet, ...whom, `--command=${sql}`])).trim();
    }

    /** A base backup, as the plugin makes it; its name. */
    async backUp(): Promise<string> {
        const whom = ["--host", here, "--port", `${this.#port}`, "--user", "postgres", "--immediate-checkpoint"];
        const words = [tool("barman-cloud-backup"), "--gzip", "--jobs", "2", ...whom, ...this.#place, server];
        await this.#scene.mustRun(words, this.#store.environment);
        const listed = [tool("barman-cloud-backup-list"), "--format", "json", ...this.#place, server];
        const { backups_list: found } = JSON.parse(await this.#scene.mustRun(listed, this.#store.environment));
        return found.at(-1).backup_id;
    }

    /** Waits until all that has been written is in the store. */
    async archive(): Promise<void> {
        const last = await this.tell("SELECT pg_walfile_name(pg_switch_wal())");
        while (
            (await this.tell(`SELECT coalesce(max(last_archived_wal), '') >= '${last}' FROM pg_stat_archiver`)) !== "t"
        );
    }

    /** The machine and its disk are gone. */
    async destroy(): Promise<void> {
        if (this.#process !== undefined) await this.#scene.kill(this.#process);
        fs.rmSync(this.#folder, { recursive: true });
    }
}

export interface Recovery {
    readonly backup: string;
    readonly time: string;
}
