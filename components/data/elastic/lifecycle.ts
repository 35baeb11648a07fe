import { type ElasticStream, type ElasticsearchCluster, keepersOf } from "../../foundation/elasticNames";
import { patternsOf } from "./roles";
import { bucketMark } from "./snapshots";

/**
 * When a stream goes on in a new index: each day, so that what is kept too long is a day's at most; or when a copy of a part is as large as one is
 * well moved.
 */
const rollover = { max_age: "1d", max_primary_shard_size: "50gb" } as const;

/**
 * What happens to what is in a stream as it gets older. Days count from the moment that it goes on in a new index.
 *
 * @see https://www.elastic.co/docs/manage-data/lifecycle/index-lifecycle-management/index-lifecycle
 */
export function planPolicy({ keepDays, warmAfterDays, coldAfterDays }: ElasticStream) {
    const moved = (days: number | undefined, priority: number) =>
        days === undefined ? undefined : { min_age: `${days}d`, actions: { set_priority: { priority } } };
    const [warm, cold] = [moved(warmAfterDays, 50), moved(coldAfterDays, 0)];
    return {
        policy: {
            phases: {
                hot: { min_age: "0ms", actions: { rollover, set_priority: { priority: 100 } } },
                ...(warm && { warm }),
                ...(cold && { cold }),
                delete: { min_age: `${keepDays}d`, actions: { delete: {} } },
            },
        },
    };
}

/** How a stream begins: with the policy of its name, and a copy of each part on another node, where there is one. */
export function planTemplate(name: string, asked: ElasticsearchCluster) {
    return {
        index_patterns: [...patternsOf(name)],
        // Above those that Elasticsearch brings: theirs have 100.
        priority: 500,
        data_stream: {},
        template: {
            settings: {
                "index.lifecycle.name": name,
                "index.number_of_shards": 1,
                "index.number_of_replicas": keepersOf(asked) > 1 ? 1 : 0,
            },
        },
    };
}

/** What is sent to Elasticsearch about its streams, by the name of the file: policies come before the templates that name them. */
export function planDocuments(asked: ElasticsearchCluster): Readonly<Record<string, string>> {
    const files = Object.entries(asked.streams).flatMap(([name, stream]) => [
        [`policy.${name}.json`, planPolicy(stream)] as const,
        [`template.${name}.json`, planTemplate(name, asked)] as const,
    ]);
    return Object.fromEntries(files.map(([file, document]) => [file, JSON.stringify(document)]));
}

/** Folders of the pod that sends them. */
export const folders = { documents: "/documents", login: "/login", authority: "/authority" } as const;

/** The password goes to the program by its input, where no list of processes shows it. What is there already and the same stays as it is. */
export const setupScript = `
set -eu
put() {
    body=$(cat "$2")
    printf 'user = "%s:%s"\\n' "$(cat ${folders.login}/username)" "$(cat ${folders.login}/password)" |
        curl --config - --silent --show-error --fail-with-body --max-time 30 \\
            --retry 10 --retry-delay 6 --retry-all-errors --cacert ${folders.authority}/ca.crt \\
            --request PUT --header 'Content-Type: application/json' --data-binary "\${body//${bucketMark}/\${STORE_BUCKET:-}}" "$ELASTICSEARCH_URL/$1"
    echo
}
each() {
    for file in ${folders.documents}/"$1".*.json; do
        [ -e "$file" ] || continue
        name=\${file##*/"$1".}
        put "$2/\${name%.json}" "$file"
    done
}
each policy _ilm/policy
each template _index_template
each repository _snapshot
each schedule _slm/policy
`;
