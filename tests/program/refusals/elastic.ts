import type { Case, Changes } from "./case";
import { behindDashboard } from "./dashboard";

const elastic = (more: object = {}): Changes => ({ "data.elasticsearch": { kind: "cluster", ...more } });
const behindLogin = (more: object): Changes =>
    behindDashboard("logs", { namespace: "elasticsearch", service: "kibana", port: 5601, ...more });
const nodes = (changes: object) => elastic({ nodes: { kind: "dedicated", ...changes } });
const user = { namespace: "tars", serviceAccount: "tars-backend", writes: ["app-logs"] };

/** Of production on AWS: three zones, and as many nodes as its pool may have. */
export const elasticOnAws: readonly Case[] = [
    [
        "an even number of Elasticsearch's nodes that vote",
        nodes({ master: { count: 2 } }),
        "data.elasticsearch.nodes.master.count: is 2: half of them are no majority, so one more would be lost for nothing",
    ],
    [
        "more of Elasticsearch's nodes that vote than zones",
        nodes({ master: { count: 5 } }),
        "data.elasticsearch.nodes.master.count: is 5, more than the 3 zones of the nodes: two would be lost with one",
    ],
    [
        "one of Elasticsearch's nodes that votes alone in production",
        nodes({ master: { count: 1 } }),
        "data.elasticsearch.nodes.master.count: is 1: once one is gone, nobody leads and nothing is written",
    ],
    [
        "one of Elasticsearch's nodes that keeps alone in production",
        nodes({ hot: { count: 1 } }),
        "data.elasticsearch.nodes.hot.count: is 1: what it does stops with its node",
    ],
    [
        "an even number of Elasticsearch's nodes that do everything",
        elastic({ nodes: { kind: "shared", count: 4 } }),
        "data.elasticsearch.nodes.count: is 4: half of them are no majority, so one more would be lost for nothing",
    ],
    [
        "more of Elasticsearch's nodes than there are nodes",
        nodes({ hot: { count: 99 } }),
        "data.elasticsearch.nodes.hot.count: is 99, but there are at most",
    ],
    [
        "too little memory for a node of Elasticsearch",
        nodes({ ingest: { memory: "512Mi" } }),
        "data.elasticsearch.nodes.ingest.memory: is 512Mi, with half of which Elasticsearch does not start",
    ],
    [
        "a cold disk of Elasticsearch that no cloud makes",
        nodes({ cold: { count: 2, storage: "100Gi" } }),
        "data.elasticsearch.nodes.cold.storage: is 100Gi, less than a cold disk may be",
    ],
    [
        "a stream that goes to nodes that are not there",
        elastic({ streams: { "app-logs": { keepDays: 90, coldAfterDays: 30 } } }),
        "data.elasticsearch.streams.app-logs.coldAfterDays: is given, but there are no cold nodes",
    ],
    [
        "a stream that goes on when nothing of it is kept",
        elastic({ streams: { "app-logs": { keepDays: 7, warmAfterDays: 7 } } }),
        "data.elasticsearch.streams.app-logs.warmAfterDays: is 7, but after 7 days nothing of it is kept",
    ],
    [
        "a stream that is cold before it is warm",
        {
            "data.elasticsearch": {
                kind: "cluster",
                nodes: { kind: "dedicated", cold: { count: 2 } },
                streams: { "app-logs": { keepDays: 90, warmAfterDays: 30, coldAfterDays: 10 } },
            },
        },
        "data.elasticsearch.streams.app-logs.coldAfterDays: is 10, when it has not been on the warm nodes, to which it goes after 30",
    ],
    [
        "a user of a stream that is not there",
        elastic({ users: { backend: { ...user, reads: ["traces"] } } }),
        "data.elasticsearch.users.backend.reads: names the stream traces, which is not there: there is system-logs, app-logs",
    ],
    [
        "a user of no stream",
        elastic({ users: { backend: { ...user, writes: [] } } }),
        "data.elasticsearch.users.backend: may neither write nor read anything",
    ],
    [
        "a user by the name of the operator's own",
        elastic({ users: { "elastic-internal": user } }),
        "data.elasticsearch.users.elastic-internal: is a name that the platform's own user or the operator's have",
    ],
    [
        "an unknown consumer of Elasticsearch",
        elastic({ users: { backend: { ...user, serviceAccount: "tars-bakend" } } }),
        "data.elasticsearch.users.backend: is for tars/tars-bakend, an unknown consumer: it is no workload of the platform",
    ],
    [
        "a stream that is part of another one",
        elastic({ streams: { app: { keepDays: 30 }, "app-logs": { keepDays: 90 } } }),
        "data.elasticsearch.streams.app-logs: is one of the streams app-*, which have an order of their own",
    ],
    [
        "a stream that Elasticsearch has itself",
        elastic({ streams: { logs: { keepDays: 30 } } }),
        "data.elasticsearch.streams.logs: is what Elasticsearch calls streams of its own, whose templates it puts back",
    ],
    [
        "a size of Elasticsearch's node that fits no node",
        nodes({ hot: { cpu: "200" } }),
        "elasticsearch-hot: one pod requests 200 cpu",
    ],
    [
        "Kibana that no dashboard leads to",
        elastic({ kibana: { kind: "kibana" } }),
        "data.elasticsearch.kibana: is kibana, but no entry of edge.dashboards leads to it",
    ],
    [
        "Kibana whose pods answer at another port",
        { ...elastic({ kibana: { kind: "kibana" } }), ...behindLogin({ podPort: 5602 }) },
        "edge.dashboards.logs.podPort: is 5602, but Kibana answers at 5601",
    ],
    [
        "Kibana that everybody who logs in may change",
        { ...elastic({ kibana: { kind: "kibana", writes: true } }), ...behindLogin({}) },
        "edge.dashboards.logs.groups: is missing, and data.elasticsearch.kibana.writes is true",
    ],
    [
        "a dashboard that leads to Kibana where there is none",
        { ...elastic(), ...behindLogin({}) },
        "edge.dashboards.logs.namespace: is elasticsearch, which is the platform's own",
    ],
    [
        "a user by the name of Kibana's own",
        elastic({ users: { "tars-kibana": user } }),
        "data.elasticsearch.users.tars-kibana: is a name that the platform's own user or the operator's have",
    ],
];

export const elasticOnDev: readonly Case[] = [
    [
        "a warm node without another for its copies",
        nodes({ hot: { count: 2 }, warm: { count: 1 } }),
        "data.elasticsearch.nodes.warm.count: is 1, but what is moved there has a copy, which has to be on another node",
    ],
    [
        "three of Elasticsearch's nodes that vote where nodes are in no zones",
        elastic({ nodes: { kind: "shared", count: 3 } }),
        "data.elasticsearch.nodes.count: is 3, more than the 1 zones of the nodes",
    ],
];
