import { controls } from "../../controls";
import { keyOf } from "../../resources/kind";
import type { Subject } from "../../resources/subject";
import type { Report, ResourceRule } from "../../rule";
import { checkApplicationGateway, checkIngress, checkListener, checkService } from "./balancerTls";
import { checkElasticsearch, checkKafka, checkPostgres, checkPostgresServer } from "./dataTls";
import { checkGatewayApi, checkIstioGateway, checkMesh } from "./gatewayTls";
import { meshConfigKinds } from "./meshConfig";
import { failing, passing } from "./minimumTls.samples";

type Check = (subject: Subject, report: Report) => void;

/**
 * Where each kind says which TLS it takes. Left out are services that know nothing newer than TLS 1.2 (Azure Cache for Redis) and those
 * with rules of their own (storage accounts).
 */
const checks: Readonly<Record<string, Check>> = {
    "networking.istio.io/Gateway": checkIstioGateway,
    "gateway.networking.k8s.io/Gateway": checkGatewayApi,
    "gateway.networking.k8s.io/ListenerSet": checkGatewayApi,
    [meshConfigKinds[0]]: checkMesh,
    [meshConfigKinds[1]]: checkMesh,
    "core/Service": checkService,
    "networking.k8s.io/Ingress": checkIngress,
    "aws:lb/Listener": checkListener,
    "aws:alb/Listener": checkListener,
    "azure-native:network/ApplicationGateway": checkApplicationGateway,
    "postgresql.cnpg.io/Cluster": checkPostgres,
    "kafka.strimzi.io/Kafka": checkKafka,
    "elasticsearch.k8s.elastic.co/Elasticsearch": checkElasticsearch,
    "azure-native:dbforpostgresql/Configuration": checkPostgresServer,
};

export const minimumTls: ResourceRule = {
    id: "NET-06",
    title: "TLS 1.3 is the least that gateways, the mesh and data services take",
    severity: "high",
    level: "mandatory",
    scope: "resource",
    kinds: Object.keys(checks),
    controls: controls({ soc2: ["CC6.7"], iso27001: ["8.24"], cisKubernetes: ["1.2.29"] }),
    why: "Older versions negotiate ciphers that are broken or lack forward secrecy, and show the server's certificate to whoever listens.",
    fix: "set the minimum to TLS 1.3; for a cloud's load balancer choose a policy that offers TLS 1.3 and nothing below 1.2",
    link: "https://www.rfc-editor.org/rfc/rfc9325",
    samples: { passing, failing },
    check: (subject, report) => checks[keyOf(subject.kind)]?.(subject, report),
};
