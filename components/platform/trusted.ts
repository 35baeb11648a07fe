import type { Settings } from "../settings/schema";
import { backupInternetCallers, backupRepositories } from "./backups";
import { cacheCallers, cacheRepositories } from "./cache";
import { clickHouseCallers, clickHouseRepositories } from "./clickHouse";
import { databaseCallers, databaseRepositories } from "./database";
import { elasticCallers, elasticRepositories } from "./elastic";
import { kafkaCallers, kafkaRepositories } from "./kafka";
import { issuerCallers, loginRepositories } from "./login";
import { objectRepositories } from "./objects";
import { vectorCallers, vectorRepositories } from "./vectors";

const repositories = [
    loginRepositories,
    databaseRepositories,
    cacheRepositories,
    vectorRepositories,
    kafkaRepositories,
    elasticRepositories,
    clickHouseRepositories,
    objectRepositories,
    backupRepositories,
] as const;
const callers = [
    issuerCallers,
    databaseCallers,
    cacheCallers,
    vectorCallers,
    kafkaCallers,
    elasticCallers,
    clickHouseCallers,
    backupInternetCallers,
] as const;

/** What admission trusts in a stack beside what it trusts in all: repositories of images, and network policies that may let pods out to any address. */
export function trustedOf(settings: Settings) {
    const { tarsRag, supplyChain } = settings;
    const own = `${tarsRag.image.registry}/${tarsRag.image.repository}`;
    const mirrors = Object.values(supplyChain.mirrors).map((mirror) => `${mirror}/`);
    return {
        repositories: [own, ...mirrors, ...repositories.flatMap((of) => of(settings))],
        internetCallers: callers.flatMap((of) => of(settings)),
    };
}
