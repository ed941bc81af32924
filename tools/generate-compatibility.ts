/**
 * Generates `docs/compatibility.md` from the wire tables and from what is built. Needs no API descriptions.
 *
 *     node tools/generate-compatibility.ts [--check]
 */
import { UNBUILT_PROPERTIES } from "../src/core/model/unbuilt-properties.ts";
import { armOperationHandlers } from "../src/planes/arm/operations.ts";
import { batchOperationHandlers } from "../src/planes/batch/operations.ts";
import { graphOperationHandlers } from "../src/planes/graph/operations.ts";
import { type ArmOperationId, armOperations } from "../src/wire/arm/operations.ts";
import { armPermission } from "../src/wire/arm/permissions.ts";
import { batchApiVersions } from "../src/wire/batch/api-versions.gen.ts";
import { batchModels } from "../src/wire/batch/models.gen.ts";
import { type BatchOperationId, batchOperations } from "../src/wire/batch/operations.gen.ts";
import { batchOperationAccess } from "../src/wire/batch/permissions.ts";
import type { GraphAccess } from "../src/wire/graph/access.ts";
import { type GraphOperationId, graphOperations } from "../src/wire/graph/operations.ts";
import { IDENTITY_API_VERSIONS, IMDS_API_VERSIONS } from "../src/wire/imds/api-versions.ts";
import { UNBUILT_HEADERS, UNBUILT_PARAMETERS } from "../src/wire/storage/blob-headers.ts";
import { BLOB_OPERATIONS } from "../src/wire/storage/blob-operations.ts";
import { azCommandRows, azCommands, azVersion } from "./arm/az-commands.ts";
import { PROPERTY_FATES } from "./arm/property-fates.ts";
import { PROPERTY_EFFECTS } from "./batch/property-effects.ts";
import { readClientTours } from "./client-tours.ts";
import { deliver } from "./generated-files.ts";
import { GRAPH_PROPERTY_FATES } from "./graph/property-fates.ts";
import { notPassedCount, readLiveSuites } from "./live-tests/live-suites.ts";
import { managementTours } from "./management-tours.ts";

const IMPLEMENTED = "implemented";
const DECLARED = "declared 501";

const batchRows = (Object.keys(batchOperations) as BatchOperationId[]).map((id) => {
  const { method, path, since, until } = batchOperations[id];
  const { permission } = batchOperationAccess(id);
  const status = batchOperationHandlers.has(id) ? IMPLEMENTED : DECLARED;
  const requirement = `${permission.name} (${permission.kind === "action" ? "action" : "data action"})`;
  return [id, `${method} \`${path}\``, requirement, status, versionSpan(since, until)];
});

const armRows = (Object.keys(armOperations) as ArmOperationId[]).map((id) => {
  const { method, path, apiVersions } = armOperations[id];
  const status = armOperationHandlers.has(id) ? IMPLEMENTED : DECLARED;
  return [id, `${method} \`${path}\``, armPermission(id).name, status, armVersionSpan(apiVersions)];
});

const pathsCell = (paths: readonly string[]): string =>
  paths.map((path) => `\`${path.replace(/^properties\./, "")}\``).join(", ") || "none";

const fateRows = Object.entries(PROPERTY_FATES).map(([type, { actedOn, kept, refused }]) => [
  type,
  pathsCell(actedOn),
  pathsCell(kept),
  pathsCell(refused),
]);

const tourRows = managementTours().map(({ client, calls, otherwise }) => [
  client,
  String(calls),
  Object.entries(otherwise)
    .map(([call, outcome]) => `\`${call}\` ${outcome}`)
    .join(", "),
]);

const graphFateRows = Object.entries(GRAPH_PROPERTY_FATES).map(
  ([type, { actedOn, kept, refused, readOnly }]) => [
    type,
    pathsCell(actedOn),
    pathsCell(kept),
    pathsCell(refused),
    pathsCell(readOnly),
  ],
);

/** The lists are long, and every provider's refusals name them. */
function armVersionSpan(versions: readonly string[]): string {
  return versions.length < 4
    ? versions.join(", ")
    : `${versions[0]} to ${versions.at(-1)} (${versions.length})`;
}

const graphRows = (Object.keys(graphOperations) as GraphOperationId[]).map((id) => {
  const { method, path, access } = graphOperations[id];
  const status = graphOperationHandlers.has(id) ? IMPLEMENTED : DECLARED;
  return [id, `${method} \`${path}\``, access.name, status];
});

/** Sentences of refusals, as cells. */
const blobRows = [
  ...Object.values(BLOB_OPERATIONS)
    .flatMap((level) => Object.values(level))
    .flatMap(({ name, unbuilt }) => (unbuilt === undefined ? [] : [[name, unbuilt]])),
  ...Object.entries({ ...UNBUILT_HEADERS, ...UNBUILT_PARAMETERS }).map(([name, why]) => [`\`${name}\``, why]),
];

const graphAccessKinds: readonly GraphAccess[] = [
  ...new Set(Object.values(graphOperations).map(({ access }) => access)),
];

const graphAccessRows = graphAccessKinds.map(({ name, appRoles, scopes, users }) => [
  name,
  appRoles.length === 0 ? "none" : appRoles.join(", "),
  scopes.join(", "),
  users === "member" ? "every user" : users.map(({ displayName }) => displayName).join(", "),
]);

function readOnlyOf(model: string): string[] {
  const properties: Readonly<Record<string, string>> = (batchModels as Readonly<Record<string, object>>)[
    model
  ] as never;
  return Object.entries(properties).flatMap(([name, words]) =>
    words.split(" ").includes("ro") ? [name] : [],
  );
}

function versionSpan(since: number, until: number): string {
  const newest = batchApiVersions.length - 1;
  const first = batchApiVersions[since]?.version;
  const last = batchApiVersions[until]?.version;
  if (since === 0) return until === newest ? "all" : `until ${last}`;
  return until === newest ? `from ${first}` : `${first} to ${last}`;
}

const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");

const builtOf = (rows: readonly (readonly string[])[]): string =>
  `${rows.filter(([, , , status]) => status === IMPLEMENTED).length} of ${rows.length} implemented.`;

const imdsRows = [
  ["GET `/metadata/identity/oauth2/token`", `${IMPLEMENTED}, since ${IDENTITY_API_VERSIONS[0]}`],
  ["GET `/metadata/identity/info`", IMPLEMENTED],
  ["GET `/metadata/instance` and all paths below, `format=json` and `format=text`", IMPLEMENTED],
  ["GET `/metadata/versions`", IMPLEMENTED],
  ...["attested", "loadbalancer", "scheduledevents"].map((name) => [`\`/metadata/${name}\``, "declared 501"]),
];

const page = `<!-- Generated by tools/generate-compatibility.ts. Do not edit. -->

# Compatibility

What of Azure's APIs this version of Batchyard answers. A *declared 501* is authenticated and authorized like any other operation, and
then answered with \`501 NotImplemented\` in its API's own error shape.

## Batch data plane: api-versions

A version newer than the newest of these is answered as that one, which a line in the log says; with \`--strict-versions\` it is refused. Any
other value is answered with \`400 InvalidQueryParameterValue\`, which names the nearest one. A version marked *derived* has no description of
its own here: it is put together from its neighbours' descriptions, the published list of changes between versions, and the models of the
official clients that send it. Properties that older versions have under another name are read and shown by it.

${table(
  ["api-version", "description"],
  batchApiVersions.map(({ version, described }) => [version, described ? "own description" : "derived"]),
)}

## Batch data plane: operations

${builtOf(batchRows)} Besides its own permission,
\`Microsoft.Batch/batchAccounts/listKeys/action\` allows every operation and \`Microsoft.Batch/batchAccounts/read\` every one that reads.

${table(["operation", "method and path", "permission", "status", "api-versions"], batchRows)}

## Clients

Releases of the vendor's libraries, unmodified, each through every operation that it has, by a test that holds this table: what is to be had of
Python, JavaScript, Java and Go. What did not pass came back as said here: a declared 501; what the service itself answers in such a case (usage
metrics that it has given up, links and perimeters of an account that has none); or numbers that the service writes as texts, which Go's first
library does not read.

${table(
  ["client", "api-version", "operations tried", "passed", "otherwise"],
  readClientTours().map(({ client, apiVersion, tried, passed, failed }) => [
    client,
    apiVersion,
    String(tried),
    String(passed),
    Object.entries(failed)
      .map(([operation, outcome]) => `\`${operation}\` ${outcome}`)
      .join(", "),
  ]),
)}

## Microsoft's own live tests

As the source distributions on PyPI and the repository Azure/azure-sdk-for-node have them, unmodified, against this service, each with the library of its
version. \`tools/live-tests/bring\` fetches them, \`tools/live-tests/run.ts\` runs them and holds this table. Their recording library, which is in no package,
has a stand-in that records nothing; their waits for Azure's machines are shortened; nodes have a small \`cmd\` and \`ping\`. Those for Node.js are run as
they were recorded: job schedules as in June 2020, for they begin in that December, and files of nodes on a new pool.

${table(
  ["suite", "tests", "passed", "not passed", "reason"],
  readLiveSuites().flatMap((suite) => {
    const { name, tests, notPassed } = suite;
    const counted = [name, String(tests), String(tests - notPassedCount(suite))];
    return (notPassed.length > 0 ? notPassed : [{ reason: "", tests: [] }]).map((group, at) => [
      ...(at === 0 ? counted : ["", "", ""]),
      group.tests.map((test) => test.replace(/^test_\w+\.py: /, "")).join(", "),
      group.reason,
    ]);
  }),
)}

## Batch data plane: properties

A request body that gives one of these a value is answered with \`501 NotImplemented\`, which names it: nothing is taken and then left undone.
${[...UNBUILT_PROPERTIES].map((name) => `\`${name}\``).join(", ")}.
So is \`sshPrivateKey\` of a user account in a pool whose nodes communicate (elsewhere Azure ignores it, too), and \`loginMode\` in a Windows pool.
Of \`extensions\`, Key Vault's (rotation of certificates) is checked and kept with the pool; nothing fetches certificates. \`ipFamilies\` with
IPv6 has endpoints and logins of nodes reached at \`::1\` too, which leads to the node's own IPv6; nothing leads out by it, and a machine
without IPv6 refuses it.

What comes of every property of a request: it is acted on; or kept and shown by choice, for nodes are parts of this machine, to which disks,
images and networks say nothing; or refused by name, with all below it; or read-only, and then no part of a request.

${table(
  ["model", "acted on", "kept and shown", "refused", "read-only"],
  Object.entries(PROPERTY_EFFECTS).map(([model, { acts, keeps, refuses }]) => [
    model,
    ...[acts, keeps, refuses].map((words) => words?.replaceAll(" ", ", ") ?? ""),
    readOnlyOf(model).join(", "),
  ]),
)}

## Azure Resource Manager: operations

${builtOf(armRows)} Besides these, \`/metadata/endpoints\` is answered to everyone. Known api-versions are those of
the resource's type. One that is newer than the newest known is answered as that one, which a line of the log says, unless the service was started
with \`--strict-versions\`; any other is \`400 NoRegisteredProviderFound\`, of Resource Manager's own operations \`400 InvalidApiVersionParameter\`.

${table(["operation", "method and path", "permission", "status", "api-versions"], armRows)}

## Azure Resource Manager: properties of Batch's resources

What becomes of each property that a request may carry; an entry stands for all below it. What is kept describes hardware, networks or licences
that a machine here has not, and comes back as it was sent.

${table(["type", "acted on", "kept and shown", "refused by name"], fateRows)}

## Resource Manager and Microsoft Graph: clients

Libraries, unmodified, call by call, by tests that hold this table; and Terraform's provider for Azure (azurerm of August 2026), which applies, finds
nothing more to change, changes in place and destroys (\`tests/wire/arm/terraform.test.ts\`). Azure's management libraries for JavaScript and Python and
\`az\` have tests of their own. What came otherwise is what Azure answers, too.

${table(["client", "calls", "otherwise"], tourRows)}

## The Azure CLI's commands

What the commands of azure-cli ${azVersion()} end with that touch what is here: ${azCommands().length} calls of ${new Set(azCommands().map(({ name }) => name)).size} commands, unmodified, all in one
test (\`tests/wire/arm/az-commands.test.ts\`), which fails when one ends otherwise. ${azCommands().filter(({ code }) => code === 0).length} calls end with 0; each other one has its reason.

${table(["command", "calls", "exit code", "reason"], azCommandRows())}

The extension \`azure-batch-cli-extensions\` 7.0.0, added to azure-cli 2.45.0 from its wheel, was tried by hand: a pool and a job from templates
(a parametric sweep), \`file upload\` to and \`file download\` from a file group; each ends with 0.

## Instance metadata service: inside nodes

${IMDS_API_VERSIONS.length} api-versions, from ${IMDS_API_VERSIONS[0]} to ${IMDS_API_VERSIONS.at(-1)}; the guide "Managed identities in tasks" tells what their values are.

${table(["path", "status"], imdsRows)}

## Blob service: what is refused

All other operations of the description are done, and of each request what its operation has goes on: the headers and parameters of no other one. A test
holds the description that Azure's client carries against these lists. An operation that is not built is \`501 FeatureNotSupported\`, a header
\`400 UnsupportedHeader\`, a query parameter \`400 UnsupportedQueryParameter\`; each refusal says why.

${table(["what", "why"], blobRows)}

## Microsoft Graph: operations

${builtOf(graphRows)} Paths stand below \`/v1.0\` and, alike, \`/beta\`. Lists take \`$filter\` (\`eq\`, \`ne\`, \`in\`, \`and\`, \`or\`, \`not\`, \`startswith\`, \`any\`),
\`$select\`, \`$top\`, \`$count\`; any other \`$\` parameter is \`400 BadRequest\`. A body's property that is not built is \`501 NotImplemented\` and named.

${table(["operation", "method and path", "who", "status"], graphRows)}

## Microsoft Graph: properties

What becomes of each property that a request may give a directory object; any other is \`400 Request_BadRequest\`, and so is one that is read-only.
What is refused is \`501 NotImplemented\` where its value would mean something.

${table(["type", "acted on", "kept and shown", "refused by name", "read-only"], graphFateRows)}

## Microsoft Graph: who may do what

An application that acts as itself needs one of the app roles. One that acts for a user needs one of the delegated permissions, and its
user one of the directory roles. The command lines \`az\` and Azure PowerShell hold \`Directory.AccessAsUser.All\` beforehand.

${table(["what", "app role", "delegated permission", "directory role"], graphAccessRows)}
`;

deliver("generate-compatibility", new Map([["docs/compatibility.md", page]]), process.argv.slice(2));
