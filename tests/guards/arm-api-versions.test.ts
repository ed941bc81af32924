/**
 * Every api-version that the list of client releases (`CLIENT-VERSIONS.md` beside the API descriptions) names for Resource Manager is
 * answered by the operations that those clients call. A new row that this cannot place fails.
 */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { VersionDoor } from "../../src/core/version/version-door.ts";
import { Query } from "../../src/http/query.ts";
import { apiVersionOf } from "../../src/planes/arm/request/api-version.ts";
import { type ArmOperationId, armOperations } from "../../src/wire/arm/operations.ts";

/** What words are about, as beginnings of operation ids. Null: not served, in any version. */
const TOPICS: readonly [RegExp, readonly string[] | null][] = [
  [/role schedules|role management policies|classic administrators|elevation/, null],
  [/role assignments/, ["Microsoft.Authorization/RoleAssignments_"]],
  [/role definitions/, ["Microsoft.Authorization/RoleDefinitions_"]],
  [/permissions/, ["Microsoft.Authorization/Permissions_"]],
  [/deny assignments/, ["Microsoft.Authorization/DenyAssignments_"]],
  [/provider operations/, ["Microsoft.Authorization/ProviderOperationsMetadata_"]],
  [/managed identity|-msi/, ["Microsoft.ManagedIdentity/UserAssignedIdentities_"]],
  [/subscriptions/, ["Microsoft.Resources/Subscriptions_", "Microsoft.Resources/Tenants_"]],
  [/resources?/, ["Microsoft.Resources/ResourceGroups_", "Microsoft.Resources/Resources_"]],
  [/authorization/, ["Microsoft.Authorization/RoleAssignments_", "Microsoft.Authorization/RoleDefinitions_"]],
];
const VERSION = /\d{4}-\d\d-\d\d(?:-preview)?/g;

interface Sent {
  readonly client: string;
  readonly words: string;
  readonly version: string;
}

/** By the words before the version, or else by the client's own name. */
function topicsOf({ client, words }: Sent): typeof TOPICS {
  const named = TOPICS.filter(([pattern]) => pattern.test(words));
  return named.length > 0 ? named : TOPICS.filter(([pattern]) => pattern.test(client)).slice(0, 1);
}

const specs = process.env.BATCHYARD_SPECS;
if (!specs) console.warn("SKIPPED: api-versions of client releases; BATCHYARD_SPECS names no folder");
const page = specs ? readFileSync(join(specs, "CLIENT-VERSIONS.md"), "utf8") : "";

/** The cells of the rows of a section's table, the client carried down to the rows that leave it out. */
function rowsOf(heading: string): string[][] {
  const [section = ""] = (page.split(`\n## ${heading}`)[1] ?? "").split("\n## ");
  let client = "";
  return section
    .split("\n")
    .filter((line) => /^\|(?! client|---)/.test(line))
    .map((line) => line.split("|").map((cell) => cell.trim()))
    .map(([, name = "", release = "", versions = ""]) => {
      client = name || client;
      return [client, release, versions];
    });
}

function sentIn(heading: string): Sent[] {
  return rowsOf(heading).flatMap(([client = "", release = "", cell = ""]) => {
    let words = "";
    return cell.split(/[;,](?= )/).flatMap((part) => {
      // "x and y 2018-01-01" and "x, y 2022-04-01": the words before a version, however many parts they take.
      words += ` ${part.replace(VERSION, "")}`;
      const versions = part.match(VERSION) ?? [];
      const sent = versions.map((version) => ({ client: `${client} ${release}`, words, version }));
      if (versions.length > 0) words = "";
      return sent;
    });
  });
}

const operationsOf = (prefix: string) =>
  (Object.keys(armOperations) as ArmOperationId[]).filter((id) => id.startsWith(prefix));
const accepts = (id: ArmOperationId, version: string) =>
  apiVersionOf(new VersionDoor(true, () => {}), new Query(`api-version=${version}`), id);

describe.skipIf(!specs)("of the releases that are listed", () => {
  test("Microsoft.Batch answers every version", () => {
    const sent = sentIn("Batch management");
    expect(sent.length).toBeGreaterThan(15);
    for (const { client, version } of sent)
      expect(accepts("Microsoft.Batch/BatchAccount_Get", version), client).toBe(version);
  });

  test("the other providers answer every version in what it is named for", () => {
    const sent = sentIn("Other ARM clients");
    expect(sent.length).toBeGreaterThan(20);
    for (const each of sent) {
      const topics = topicsOf(each);
      expect(topics, JSON.stringify(each)).not.toEqual([]);
      for (const prefix of topics.flatMap(([, prefixes]) => prefixes ?? [])) {
        const versions = operationsOf(prefix).flatMap((id) => armOperations[id].apiVersions);
        expect(versions, `${prefix} for ${each.client}`).toContain(each.version);
      }
    }
  });
});

test("no operation of any provider takes what is no version, or lies between those that are", () => {
  for (const id of Object.keys(armOperations) as ArmOperationId[]) {
    for (const version of ["2013-01-01", "2020-04-02", "2022-04-01 ", "latest", "*"]) {
      expect(() => accepts(id, version), `${id} ${version}`).toThrowError(
        expect.objectContaining({ code: expect.stringMatching(/^(InvalidApiVersion|NoRegistered)/) }),
      );
    }
  }
});
