import { kafkaAdmin } from "../../foundation/kafkaNames";

/** One line of a list, in Kafka's own words: who may do what with which topics or groups, or with Kafka itself. */
export interface AccessLine {
    readonly principal: string;
    readonly resource: "TOPIC" | "GROUP" | "TRANSACTIONAL_ID" | "CLUSTER";
    readonly name: string;
    readonly pattern: "LITERAL" | "PREFIXED";
    readonly operation: string;
}

/** Files and programs of the job. */
export interface AccessPlaces {
    /** Kafka's own tool. */
    readonly tool: string;
    readonly scratch: string;
    /** File with the line of JAAS that it logs in with. */
    readonly login: string;
    /** File with who vouches for brokers. */
    readonly authorities: string;
}

/**
 * As brokers see each other where users log in with passwords; they let nobody call them so.
 *
 * @see https://repost.aws/knowledge-center/msk-sasl-scram-issues
 */
const brokers = "User:ANONYMOUS";
const admin = `User:${kafkaAdmin}`;

/** What there is a list for closes it to everybody else, so there is one for everything that anybody could ask for. */
const closed: readonly AccessLine[] = [
    { principal: brokers, resource: "CLUSTER", name: "kafka-cluster", pattern: "LITERAL", operation: "ALL" },
    { principal: admin, resource: "CLUSTER", name: "kafka-cluster", pattern: "LITERAL", operation: "ALL" },
    ...(["TOPIC", "GROUP", "TRANSACTIONAL_ID"] as const).map((resource) => ({
        principal: admin,
        resource,
        name: "*",
        pattern: "LITERAL" as const,
        operation: "ALL",
    })),
];

/** A line as Kafka's tool is read. */
function written({ principal, resource, name, pattern, operation }: AccessLine): string {
    return `ALLOW ${principal} * ${resource} ${name} ${pattern} ${operation}`;
}

/**
 * Makes the lists what the stack says: adds what is missing, takes away what is too much, and reads back what came of it. It begins with Kafka
 * itself, for its own user and for brokers in one call: the first list that there is for it shuts out everybody whom it does not name.
 *
 * @see https://github.com/apache/kafka/blob/4.3.1/tools/src/main/java/org/apache/kafka/tools/AclCommand.java
 */
export function accessListsScript(lines: readonly AccessLine[], places: AccessPlaces): string {
    const { tool, scratch, login, authorities } = places;
    return `set -euo pipefail
# Names are never patterns of files.
set -f
client="${scratch}/client.properties"
cat > "$client" <<END
security.protocol=SASL_SSL
sasl.mechanism=SCRAM-SHA-512
sasl.jaas.config=$(cat ${login})
ssl.truststore.type=PEM
ssl.truststore.location=${authorities}
END
acls() { ${tool} --bootstrap-server "$BOOTSTRAP" --command-config "$client" "$@"; }
# One line for each that there is: permission, principal, host, resource, name, pattern, operation.
there() {
    local listing line resource=""
    listing="$(acls --list)" || return 1
    while IFS= read -r line; do
        if [[ $line =~ resourceType=([A-Z_]+),\\ name=(.*),\\ patternType=([A-Z]+)\\) ]]; then
            resource="\${BASH_REMATCH[1]} \${BASH_REMATCH[2]} \${BASH_REMATCH[3]}"
        elif [[ $line =~ principal=(.*),\\ host=(.*),\\ operation=([A-Za-z_]+),\\ permissionType=([A-Z]+)\\) ]]; then
            echo "\${BASH_REMATCH[4]} \${BASH_REMATCH[1]} \${BASH_REMATCH[2]} $resource \${BASH_REMATCH[3]^^}"
        fi
    done <<< "$listing"
}
# As the tool takes operations: DescribeConfigs for DESCRIBE_CONFIGS.
spoken() {
    local part
    for part in \${1//_/ }; do part="\${part,,}"; printf '%s' "\${part^}"; done
}
change() {
    local action="$1" permission="\${2,,}" principal="$3" host="$4" kind="\${5,,}" name="$6" pattern="\${7,,}" operation="$8"
    local -a on=("--\${kind//_/-}" "$name" --resource-pattern-type "$pattern")
    if [[ $kind == cluster ]]; then on=(--cluster); fi
    if [[ $action == --remove ]]; then on+=(--force); fi
    acls "$action" "--$permission-principal" "$principal" "--$permission-host" "$host" --operation "$(spoken "$operation")" "\${on[@]}"
}
# Those of the first that the second has not.
without() { grep -Fxv -f <(printf '%s\\n' "$2") <<< "$1" || true; }
wanted="$(cat <<'END'
${[...closed, ...lines].map(written).join("\n")}
END
)"
acls --add --allow-principal ${admin} --allow-principal ${brokers} --operation All --cluster
found="$(there)"
while read -r -a line; do
    if [[ \${#line[@]} -gt 0 ]]; then change --add "\${line[@]}"; fi
done <<< "$(without "$wanted" "$found")"
while read -r -a line; do
    if [[ \${#line[@]} -gt 0 ]]; then change --remove "\${line[@]}"; fi
done <<< "$(without "$found" "$wanted")"
found="$(there)"
if [[ "$(without "$wanted" "$found")$(without "$found" "$wanted")" != "" ]]; then
    echo "lists are not as they were asked for"
    exit 1
fi
echo "lists are as they were asked for"
`;
}
