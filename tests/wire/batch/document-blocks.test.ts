/**
 * The code blocks of Azure's own pages, taken from the pages when the test runs, with the packages of each edition's time, under Azure's
 * names. Only placeholders get values. How each block is run:
 *
 * | page            | block               | run                                                                                 |
 * |-----------------|---------------------|-------------------------------------------------------------------------------------|
 * | authentication  | Python              | as it is, all of an edition's as one program, by releases of `azure-batch`          |
 * | authentication  | JSON (custom role)  | as it is, the body of the request that makes the role; the Python then runs with it |
 * | authentication  | C#, the principal's | not built, for there is no .NET here: its constants ask for a token and list jobs   |
 * | authentication  | C#, the user's      | not built: its constants are those that `signin-adal-exchange.test.ts` uses         |
 * | pool identities | C#                  | not built: its values make the pool, as the library would send it                   |
 * | pool identities | bash                | as it is, by a task on that pool                                                    |
 * | pool identities | PowerShell          | no PowerShell here: its address and headers, by curl, as above                      |
 */
import { randomUUID } from "node:crypto";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { environmentWith, proxyVariables } from "../../../src/cli/connect/connect-mode.ts";
import { namespaceObstacle } from "../../e2e/nodes/namespace-nodes.ts";
import { ACCOUNT, IdentityPools, identityId } from "../arm/identity-pools.fixture.ts";
import { ArmClient, outcome } from "../arm-client.fixture.ts";
import { jobBody } from "../batch-bodies.fixture.ts";
import { BATCH_AUDIENCE } from "../batch-client.fixture.ts";
import { type ProgramEnd, printed, programEnd } from "../client-program.fixture.ts";
import {
  type Application,
  applications,
  CONTOSO,
  contosoSeed,
  LOCATION,
  SUBSCRIPTION,
} from "../contoso.fixture.ts";
import { send } from "../raw-request.fixture.ts";

const specs = process.env.BATCHYARD_SPECS ?? "";
const documents = specs === "" ? "" : join(specs, "..", "seeds");
const clients = process.env.BATCHYARD_TOUR_CLIENTS ?? "";
const noDocuments = documents === "" || !existsSync(documents);
if (noDocuments)
  console.warn("SKIPPED: the documents' code blocks; there are no documents beside BATCHYARD_SPECS");

interface Edition {
  /** As its head tells. */
  readonly date: string;
  readonly blocks: readonly { readonly language: string; readonly code: string }[];
}

const editions: readonly Edition[] = noDocuments
  ? []
  : readdirSync(documents)
      .filter((name) => name.endsWith(".txt"))
      .map((name) => editionOf(readFileSync(join(documents, name), "utf8")));

function editionOf(text: string): Edition {
  const date = /^ms\.date: (.+)$/m.exec(text)?.[1] ?? "";
  const blocks = text.split(/^```/m).filter((_, index) => index % 2 === 1);
  return {
    date,
    blocks: blocks.map((block) => {
      const end = block.indexOf("\n");
      return { language: block.slice(0, end), code: block.slice(end + 1) };
    }),
  };
}

const blocksOf = (date: string, language: string): readonly string[] =>
  (editions.find((edition) => edition.date === date)?.blocks ?? [])
    .filter((block) => block.language === language)
    .map(({ code }) => code);

/** The editions of the page on authentication. */
const [JANUARY_2020, OCTOBER_2020, MAY_2021] = ["01/28/2020", "10/20/2020", "05/13/2021"] as const;
/** The edition of the page on identities of pools. */
const POOL_PAGE = "03/23/2021";
/** Of the account, one for each of its pools. */
const JOBS = ["none", "one", "two"];
const AUTHORIZATION = `/subscriptions/${SUBSCRIPTION}/providers/Microsoft.Authorization`;
/** Of `azure-batch`, by edition: of its time, and of others to which it still or no longer speaks. */
const RELEASES = [
  // The page kept `base_url`, which 6.0 had renamed in 2018, until 2020.
  { date: JANUARY_2020, release: "4.0.0", apiVersion: "2017-09-01.6.0" },
  { date: JANUARY_2020, release: "8.0.0", refusal: /^TypeError: .*unexpected keyword argument 'base_url'/m },
  { date: OCTOBER_2020, release: "10.0.0", apiVersion: "2020-09-01.12.0" },
  { date: OCTOBER_2020, release: "4.0.0", refusal: /^TypeError: .*unexpected keyword argument 'batch_url'/m },
  { date: MAY_2021, release: "6.0.0", apiVersion: "2018-12-01.8.0" },
  { date: MAY_2021, release: "10.0.0", apiVersion: "2020-09-01.12.0" },
  { date: MAY_2021, release: "14.2.0", apiVersion: "2024-02-01.19.0" },
  { date: MAY_2021, release: "15.1.0", refusal: /^ImportError: cannot import name 'BatchServiceClient'/m },
] as const;

/** What follows an edition's blocks: which jobs does the caller see, and may it delete a pool? */
const AFTERWARDS = `
import json
from azure.batch import models
def outcome(call):
    try:
        return call()
    except models.BatchErrorException as error:
        return error.error.code
print(json.dumps([
    batch_client.api_version,
    outcome(lambda: sorted(job.id for job in batch_client.job.list())),
    outcome(lambda: batch_client.pool.delete("absent")),
]))
`;

const filled = (code: string, { clientId, clientSecret }: Application): string =>
  code
    .replaceAll("<tenant-id>", CONTOSO)
    .replaceAll("<application-id>", clientId)
    .replaceAll("<secret-key>", clientSecret)
    .replaceAll("myaccount.mylocation", `first.${LOCATION}`)
    .replaceAll("88888888-8888-8888-8888-888888888888", SUBSCRIPTION)
    .replaceAll("{Resource App Id Url}", BATCH_AUDIENCE)
    .replaceAll("Your Identity Resource Id", identityId("alpha"));

describe.skipIf(noDocuments)("the documents' code blocks", () => {
  let pools: IdentityPools;
  let scratch: string;
  beforeAll(async () => {
    scratch = mkdtempSync(join(tmpdir(), "document-blocks-"));
    const isolation = namespaceObstacle === undefined ? "namespace" : "process";
    const owner = {
      principal: applications.owner.clientId,
      role: "Owner",
      scope: `/subscriptions/${SUBSCRIPTION}`,
    };
    const roleAssignments = [...contosoSeed.roleAssignments, owner];
    pools = await IdentityPools.open(isolation, [], { seed: { ...contosoSeed, roleAssignments } });
  });
  afterAll(async () => {
    await pools?.close();
    rmSync(scratch, { recursive: true });
  });

  /** A block that begins indented, as it stands in a function, goes below a line that lets it. */
  async function python(date: string, release: string, who: Application): Promise<ProgramEnd> {
    const blocks = blocksOf(date, "python").map((code) =>
      code.startsWith(" ") ? `if True:\n${code}` : code,
    );
    const file = join(scratch, `${randomUUID()}.py`);
    writeFileSync(file, filled(blocks.join("\n"), who) + AFTERWARDS, { mode: 0o600 });
    const { ready } = pools.service;
    return programEnd("/usr/bin/python3", ["-S", file], {
      ...environmentWith(proxyVariables({ ...ready, accountKey: ready.accountKey })),
      PYTHONPATH: `${join(clients, `azure-batch-${release}`)}:${join(clients, "python-needs")}`,
    });
  }
  const isHere = (release: string): boolean => {
    const found = clients !== "" && existsSync(join(clients, `azure-batch-${release}`));
    if (!found) console.warn(`SKIPPED: azure-batch ${release} is not here (BATCHYARD_TOUR_CLIENTS)`);
    return found;
  };

  test("are these, and none besides", () => {
    const told = Object.fromEntries(
      editions.map(({ date, blocks }) => {
        const counts: Record<string, number> = {};
        for (const { language } of blocks) counts[language] = (counts[language] ?? 0) + 1;
        return [date, counts];
      }),
    );
    const authentication = { json: 1, csharp: 16, python: 8 };
    expect(told).toEqual({
      [JANUARY_2020]: authentication,
      [OCTOBER_2020]: authentication,
      [MAY_2021]: authentication,
      [POOL_PAGE]: { csharp: 1, powershell: 1, bash: 1 },
    });
  });

  test.for(RELEASES)("Python of $date, with azure-batch $release", async (row, context) => {
    if (!isHere(row.release)) return context.skip();
    const end = await python(row.date, row.release, applications.contributor);
    if ("refusal" in row) {
      // The library's own word; where it is a TypeError, the credentials had been taken before.
      expect(end).toMatchObject({ code: 1, stdout: "", stderr: expect.stringMatching(row.refusal) });
    } else expect(printed(end)).toEqual([row.apiVersion, JOBS, "PoolNotFound"]);
  });

  test.for([
    [JANUARY_2020, "4.0.0"],
    [OCTOBER_2020, "10.0.0"],
    [MAY_2021, "10.0.0"],
  ] as const)("the custom role of %s, and Python with it", async ([date, release], context) => {
    if (!isHere(release)) return context.skip();
    const owner = await ArmClient.signIn(pools.service, applications.owner);
    const who = applications.nobody;
    expect(printed(await python(date, release, who)).slice(1)).toEqual([
      "PermissionDenied",
      "PermissionDenied",
    ]);
    const [document = ""] = blocksOf(date, "json").map((code) => filled(code, who));
    const role = `${AUTHORIZATION}/roleDefinitions/${randomUUID()}`;
    const made = await owner.send("PUT", role, { version: "2018-01-01-preview", body: document });
    expect(made, made.text).toMatchObject({ status: 201, json: JSON.parse(document) });
    const principal = await owner.send("GET", `/providers/Batchyard.Access/principals/${who.clientId}`, {
      version: "2026-01-01",
    });
    const properties = { roleDefinitionId: role, principalId: principal.json.objectId };
    const assignment = `${ACCOUNT}/providers/Microsoft.Authorization/roleAssignments/${randomUUID()}`;
    const assigned = await owner.send("PUT", assignment, { version: "2022-04-01", body: { properties } });
    expect(outcome(assigned)).toBe(201);
    expect(printed(await python(date, release, who)).slice(1)).toEqual([JOBS, "PermissionDenied"]);
    // An edition's role has the name of the other's.
    expect(outcome(await owner.send("DELETE", assignment, { version: "2022-04-01" }))).toBe(200);
    expect(outcome(await owner.send("DELETE", role, { version: "2018-01-01-preview" }))).toBe(200);
  });

  test.each([JANUARY_2020, OCTOBER_2020, MAY_2021])("C# of %s: what its constants ask for", async (date) => {
    const code = blocksOf(date, "csharp").map((block) => filled(block, applications.contributor));
    const [user, principal] = [code.slice(0, 8), code.slice(8)].map((blocks) =>
      constantsOf(blocks.join("\n")),
    );
    const shared = {
      AuthorityUri: `https://login.microsoftonline.com/${CONTOSO}`,
      BatchResourceUri: BATCH_AUDIENCE,
      BatchAccountUrl: `https://first.${LOCATION}.batch.azure.com`,
      ClientId: applications.contributor.clientId,
    };
    expect(user).toEqual({ ...shared, RedirectUri: "http://mybatchdatasample" });
    const {
      AuthorityUri = "",
      BatchResourceUri = "",
      BatchAccountUrl = "",
      ClientId = "",
      ClientKey = "",
    } = principal ?? {};
    expect(principal).toEqual({ ...shared, ClientKey });
    const authority = new URL(AuthorityUri);
    const form = { client_id: ClientId, client_secret: ClientKey, resource: BatchResourceUri };
    const issued = await send(pools.door(), {
      method: "POST",
      host: authority.host,
      path: `${authority.pathname}/oauth2/token`,
      headers: { "content-type": "application/x-www-form-urlencoded" },
      body: new URLSearchParams({ ...form, grant_type: "client_credentials" }).toString(),
    });
    expect(issued, issued.text).toMatchObject({ status: 200, json: { resource: BATCH_AUDIENCE } });
    const listed = await send(pools.door(), {
      host: new URL(BatchAccountUrl).host,
      path: "/jobs?api-version=2020-09-01.12.0&$select=id",
      headers: { authorization: `Bearer ${issued.json.access_token}` },
    });
    expect(listed.json.value.map(({ id }: { id: string }) => id).sort()).toEqual(JOBS);
  });

  describe("of the page on identities of pools", () => {
    const POOL = "yourPoolName";
    const block = (language: string) => filled(blocksOf(POOL_PAGE, language)[0] ?? "", applications.nobody);

    test("C#: its values make the pool", async () => {
      const { arm } = pools;
      const made = await arm.send("PUT", `${ACCOUNT}/pools/${POOL}`, {
        version: "2021-01-01",
        body: poolOf(block("csharp")),
      });
      expect(made, made.text).toMatchObject({ status: 200, json: { name: POOL } });
      expect(Object.keys(made.json.identity.userAssignedIdentities)).toEqual([identityId("alpha")]);
      await pools.batch.post("/jobs", jobBody(POOL, POOL));
    });

    test.skipIf(namespaceObstacle !== undefined)("bash and PowerShell: a task gets a token", async () => {
      const powershell = block("powershell");
      const [, uri] = /-Uri '([^']+)' -Method GET /.exec(powershell) ?? [];
      const [, header, value] = /-Headers @\{(\w+)="(\w+)"\}/.exec(powershell) ?? [];
      for (const script of [block("bash"), `curl '${uri}' -H ${header}:${value}`])
        expect(await pools.json(POOL, `( ${script.trim()} ) 2>/dev/null`), script).toMatchObject({
          client_id: pools.identities.alpha.clientId,
          resource: BATCH_AUDIENCE,
          token_type: "Bearer",
        });
    });
  });
});

/** The text constants that a class declares. */
function constantsOf(code: string): Record<string, string> {
  const found = code.matchAll(/const string (\w+) = "([^"]*)";/g);
  return Object.fromEntries([...found].map(([, name = "", value = ""]) => [name, value]));
}

/** The body that the management library makes of the page's object. */
function poolOf(code: string): object {
  const texts = [...code.matchAll(/"([^"]*)"/g)].map(([, text = ""]) => text);
  const [, vmSize, publisher, offer, sku, version, nodeAgentSkuId, identity = ""] = texts;
  const targetDedicatedNodes = Number(/TargetDedicatedNodes = (\d+)/.exec(code)?.[1]);
  return {
    identity: { type: "UserAssigned", userAssignedIdentities: { [identity]: {} } },
    properties: {
      vmSize,
      scaleSettings: { fixedScale: { targetDedicatedNodes } },
      deploymentConfiguration: {
        virtualMachineConfiguration: {
          imageReference: { publisher, offer, sku, version },
          nodeAgentSkuId,
        },
      },
    },
  };
}
