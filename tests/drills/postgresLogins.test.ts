import * as fs from "node:fs";
import * as path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { planFiles } from "../../components/data/logins/files";
import { urlOf } from "../../components/data/logins/secrets";
import type { PostgresLogins } from "../../components/foundation/postgresPlace";
import { binary } from "./postgres";
import { withServers } from "./prepared";
import { type Ended, freePort, here, Scene } from "./servers";

jest.setTimeout(120_000);

const orders = { namespace: "shop", serviceAccount: "orders", owns: "orders", reads: [] };
const reports = { namespace: "insights", serviceAccount: "reports", owns: undefined, reads: ["orders"] };

/** The job's own programs, as the job runs them, against a server that asks everybody for a password and writes down all that it is told. */
withServers("logins of applications in PostgreSQL", () => {
    const scene = new Scene();
    const folder = scene.place("logins");
    const log = path.join(scene.folder, "postgres.log");
    const passwords: Record<string, string> = { tars_user: "administrators" };
    let port: number;

    beforeAll(async () => {
        port = await freePort();
        const data = scene.place("server");
        const password = path.join(folder, "initial");
        fs.writeFileSync(password, "administrators");
        const options = ["--username=tars_user", "--auth=scram-sha-256", `--pwfile=${password}`, "--no-sync"];
        await scene.mustRun([binary("initdb"), ...options, `--pgdata=${data}`]);
        const lines = [`listen_addresses = '${here}'`, `port = ${port}`, "unix_socket_directories = ''", "fsync = off"];
        const recorded = [...lines, "log_statement = 'all'"].map((line) => `${line}\n`).join("");
        fs.appendFileSync(path.join(data, "postgresql.conf"), recorded);
        const answers = async () => (await ask("tars_user", "postgres", "SELECT 1")).code === 0;
        await scene.start([binary("postgres"), "-D", data], answers);
        await tell("tars_user", "postgres", "CREATE DATABASE tars_analytics");
    });
    afterAll(() => scene.end());

    function ask(user: string, database: string, sql: string): Promise<Ended> {
        const env = { PGHOST: here, PGPORT: `${port}`, PGPASSWORD: passwords[user] ?? "" };
        const quiet = ["--no-psqlrc", "--quiet", "--tuples-only", "--no-align", `--username=${user}`];
        return scene.run([binary("psql"), ...quiet, `--dbname=${database}`, `--command=${sql}`], env);
    }

    async function tell(user: string, database: string, sql: string): Promise<string> {
        const { code, stdout, stderr } = await ask(user, database, sql);
        if (code !== 0) throw new Error(stderr);
        return stdout.trim();
    }

    /** What a job does for these logins, with a password for each. */
    function run(users: PostgresLogins, changes: Readonly<Record<string, string>> = {}): Promise<Ended> {
        const files = scene.place("job");
        for (const [name, content] of Object.entries(planFiles(users)))
            fs.writeFileSync(path.join(files, name), content);
        for (const user of ["tars_user", ...Object.keys(users)]) {
            passwords[user] = changes[user] ?? passwords[user] ?? `password0of0${user}`;
            fs.mkdirSync(path.join(files, "logins", user), { recursive: true });
            fs.writeFileSync(path.join(files, "logins", user, "password"), passwords[user]);
        }
        fs.chmodSync(files, 0o755);
        return scene.run(["sh", path.join(files, "logins.sh")], {
            PATH: `${path.dirname(binary("psql"))}:${process.env.PATH}`,
            PGHOST: here,
            PGPORT: `${port}`,
            ADMINISTRATOR: "tars_user",
            DATABASE: "tars_analytics",
            PLAN: path.join(files, "plan.json"),
            OWNERS: path.join(files, "owners"),
            LOGINS: path.join(files, "logins"),
        });
    }

    test("each has its own database, a second run changes nothing, and no password is written down", async () => {
        expect(await run({ orders, reports })).toMatchObject({ code: 0 });
        await tell("orders", "orders", "CREATE TABLE items AS SELECT 7 AS amount");
        expect(await run({ orders, reports })).toMatchObject({ code: 0 });
        expect(await tell("orders", "orders", "SELECT amount FROM items")).toBe("7");
        const told = fs.readFileSync(log, "utf8");
        expect(told).toMatch(/ALTER USER "orders" PASSWORD 'SCRAM-SHA-256\$/);
        for (const user of ["orders", "reports"]) expect(told).not.toContain(passwords[user]);
    });

    test("who reads does so in what is there and in what comes, and changes nothing", async () => {
        await tell("orders", "orders", "CREATE SCHEMA later; CREATE TABLE later.other AS SELECT 8 AS amount");
        expect(await tell("reports", "orders", "SELECT amount FROM items")).toBe("7");
        expect(await tell("reports", "orders", "SELECT amount FROM later.other")).toBe("8");
        await expect(tell("reports", "orders", "DELETE FROM items")).rejects.toThrow("permission denied");
        await expect(tell("reports", "orders", "CREATE TABLE own ()")).rejects.toThrow("permission denied");
        await expect(tell("reports", "orders", "SELECT rolpassword FROM pg_authid")).rejects.toThrow("denied");
    });

    test("nobody gets into the database of another", async () => {
        for (const user of ["orders", "reports"])
            await expect(tell(user, "tars_analytics", "SELECT 1")).rejects.toThrow("permission denied for database");
    });

    test("the URL that an application is given leads to its database", async () => {
        const address = { host: here, port, sslMode: undefined, authorities: undefined };
        const made = urlOf("orders", pulumi.output(passwords.orders ?? ""), "orders", address);
        const url = await new Promise<string>((resolve) => void made.apply(resolve));
        const told = await scene.mustRun([
            binary("psql"),
            "--no-psqlrc",
            "--tuples-only",
            `--dbname=${url}`,
            "--command=SELECT current_user",
        ]);
        expect(told.trim()).toBe("orders");
    });

    test("a new password takes the place of the old one", async () => {
        const old = passwords.orders;
        expect(await run({ orders, reports }, { orders: "another0password" })).toMatchObject({ code: 0 });
        expect(await tell("orders", "orders", "SELECT 1")).toBe("1");
        passwords.orders = old ?? "";
        await expect(tell("orders", "orders", "SELECT 1")).rejects.toThrow("password authentication failed");
        passwords.orders = "another0password";
    });

    test("who is asked for no more gets in no more, and loses nothing", async () => {
        const others = { ...reports, reads: ["tars_analytics"] };
        expect(await run({ reports: others })).toMatchObject({ code: 0 });
        await expect(tell("orders", "orders", "SELECT 1")).rejects.toThrow("not permitted to log in");
        expect(await tell("tars_user", "orders", "SELECT amount FROM items")).toBe("7");
        expect(await run({ orders, reports: others })).toMatchObject({ code: 0 });
        expect(await tell("orders", "orders", "SELECT amount FROM items")).toBe("7");
        await expect(tell("reports", "orders", "SELECT 1")).rejects.toThrow("permission denied for database");
    });

    test("what somebody made by hand is taken from nobody", async () => {
        await tell("tars_user", "postgres", "CREATE ROLE people LOGIN");
        await tell("tars_user", "postgres", "CREATE DATABASE theirs");
        const role = await run({ people: { ...orders, owns: "own" } });
        expect(role.code).not.toBe(0);
        expect(role.stderr).toContain("the role people is there already, and is no login of the platform");
        const database = await run({ others: { ...orders, owns: "theirs" } });
        expect(database.code).not.toBe(0);
        expect(database.stderr).toContain(
            "the database theirs is there already, and belongs to tars_user, not to others",
        );
    });

    test("an administrator who is no superuser, as those of clouds, does the same", async () => {
        await tell("tars_user", "postgres", "CREATE ROLE boss LOGIN CREATEROLE CREATEDB PASSWORD 'of0a0cloud'");
        // Of a cloud's server it is one that made all that is there.
        await tell("tars_user", "postgres", "GRANT orders, reports TO boss WITH ADMIN TRUE");
        const files = planFiles({ shop: { ...orders, owns: "shop" } });
        const place = scene.place("cloud");
        for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(place, name), content);
        passwords.boss = "of0a0cloud";
        const env = { PGHOST: here, PGPORT: `${port}`, PGPASSWORD: "of0a0cloud", PLAN: path.join(place, "plan.json") };
        const words = [binary("psql"), "--no-psqlrc", "--set=ON_ERROR_STOP=1", "--username=boss", "--dbname=postgres"];
        for (const _ of ["once", "twice"])
            await scene.mustRun([...words, `--file=${path.join(place, "server.sql")}`], env);
        const sql = "SELECT pg_get_userbyid(datdba) FROM pg_database WHERE datname = 'shop'";
        expect(await tell("boss", "postgres", sql)).toBe("shop");
    });
});
