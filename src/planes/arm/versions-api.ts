/**
 * `/providers/Batchyard.Versions/…`: what programs use of their api-versions, for `batchyard versions` and `batchyard run --report`. No part of
 * Azure's API, so it is in no generated table and has one version of its own.
 *
 *     POST   recordings       { scope, seconds, principal?, client? } ?to=2025-06-01
 *     GET    recordings/{id}  ?to=2025-06-01
 *     DELETE recordings/{id}  ends it and answers with the report
 *     GET    reports          ?scope=&since=&until=&principal=&client=&to=  from the audit log
 */
import type { Asker } from "../../app/access/access-questions.ts";
import {
  loggedVersions,
  type VersionQuestions,
  versionRecordingRead,
  versionRecordingStart,
  versionRecordingStop,
} from "../../app/versions/version-questions.ts";
import { Fault } from "../../core/fault.ts";
import type { VersionDoor } from "../../core/version/version-door.ts";
import type { Exchange } from "../../http/exchange.ts";
import { VERSIONS_API_VERSION } from "../../wire/versions/versions-api.ts";
import { supportedApiVersion } from "./request/api-version.ts";
import { armFault } from "./request/arm-fault.ts";
import { readJsonBody } from "./request/json-body.ts";

const BODY_MAX_BYTES = 16_384;

export function isVersionsApi({ path }: Exchange): boolean {
  return /^\/providers\/Batchyard\.Versions(\/|$)/i.test(path);
}

/** @throws Fault, with ARM's codes where there is one */
export async function answerVersionsApi(
  questions: VersionQuestions,
  asker: Asker,
  exchange: Exchange,
  versions: VersionDoor,
): Promise<object> {
  const [, , collection = "", id = "", ...more] = exchange.segments;
  const asked = `${exchange.method} ${collection.toLowerCase()}${id === "" ? "" : "/id"}`;
  const to = exchange.query.get("to");
  if (more.length === 0) {
    supportedApiVersion(versions, exchange.query, [VERSIONS_API_VERSION], "Batchyard.Versions");
    if (asked === "POST recordings") return start(questions, asker, exchange, to);
    if (asked === "GET reports") return fromLog(questions, asker, exchange, to);
    if (asked === "GET recordings/id") return versionRecordingRead(questions, asker, id, to);
    if (asked === "DELETE recordings/id") return versionRecordingStop(questions, asker, id, to);
  }
  throw armFault("InvalidResourceType", "Batchyard.Versions has nothing under this method and path.");
}

async function start(
  questions: VersionQuestions,
  asker: Asker,
  exchange: Exchange,
  to: string | undefined,
): Promise<object> {
  const { scope, seconds, principal, client } = await readJsonBody(exchange, BODY_MAX_BYTES);
  if (typeof scope !== "string" || scope === "") throw bad("'scope' must be a text that is not empty.");
  if (typeof seconds !== "number") throw bad("'seconds' must be a number.");
  const wanted = {
    scope,
    durationMs: seconds * 1_000,
    principal: optionalText(principal, "principal"),
    client: optionalText(client, "client"),
  };
  return versionRecordingStart(questions, asker, wanted, to);
}

function fromLog(
  questions: VersionQuestions,
  asker: Asker,
  { query }: Exchange,
  to: string | undefined,
): Promise<object> {
  const time = (name: string) => {
    const text = query.get(name);
    if (text === undefined) return undefined;
    const at = Date.parse(text);
    if (Number.isNaN(at)) throw bad(`'${name}' must be a time in ISO 8601.`);
    return at;
  };
  const [since, until] = [time("since"), time("until")];
  const [principal, client] = [query.get("principal"), query.get("client")];
  return loggedVersions(
    questions,
    asker,
    { scope: query.get("scope") ?? "", since, until, principal, client },
    to,
  );
}

function optionalText(value: unknown, name: string): string | undefined {
  if (value === undefined || typeof value === "string") return value;
  throw bad(`'${name}' must be a text.`);
}

function bad(message: string): Fault {
  return new Fault("BadRequestFormat", message, { status: 400 });
}
