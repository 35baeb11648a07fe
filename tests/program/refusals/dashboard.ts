import type { Changes } from "./case";

/** A dashboard that leads somewhere, and the login before it. */
export const behindDashboard = (name: string, leads: object): Changes => ({
    "edge.dashboards": { [name]: { host: `${name}.tars.example.com`, ...leads } },
    "edge.login": {
        issuer: "https://login.example.com/tars",
        clientId: "tars-dashboards",
        clientSecret: { from: "store", entry: "dashboards-client" },
        emailDomains: ["example.com"],
    },
});
