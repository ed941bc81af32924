/**
 * `/providers/Batchyard.Access/…`: questions about access, for `batchyard access` and the portal. No part of Azure's API, so it is in no
 * generated table and has one version of its own.
 *
 *     GET    denials/{request id}
 *     GET    principals/{name}       the name is an object id, an application id or a user name
 *     POST   checkAccess             { principal, action | dataAction, scope }
 *     GET    audit                   ?principal= &since= &until= &last=
 *     PUT    recordings/{principal}  { scope, seconds }
 *     GET    recordings/{principal}
 *     DELETE recordings/{principal}  ends it and answers with what it holds
 */

import {
  type AccessQuestions,
  type Asker,
  accessCheck,
  auditRead,
  denialExplain,
  principalNamed,
  recordingRead,
  recordingStart,
  recordingStop,
} from "../../../app/access/access-questions.ts";
import { asciiLowerCase } from "../../../core/access/ascii-lower-case.ts";
import { Fault } from "../../../core/fault.ts";
import type { VersionDoor } from "../../../core/version/version-door.ts";
import type { Exchange } from "../../../http/exchange.ts";
import { ACCESS_API_VERSION } from "../../../wire/access/access-api.ts";
import { supportedApiVersion } from "../request/api-version.ts";
import { armFault } from "../request/arm-fault.ts";
import { readJsonBody } from "../request/json-body.ts";

const API_VERSIONS: readonly string[] = [ACCESS_API_VERSION];
const BODY_MAX_BYTES = 16_384;
const AUDIT_DEFAULT = 100;
const AUDIT_MAX = 10_000;

type Answer = (questions: AccessQuestions, asker: Asker, exchange: Exchange, name: string) => Promise<object>;

const ANSWERS: Readonly<Record<string, Answer>> = {
  "GET denials": (questions, asker, _, name) => denialExplain(questions, asker, name),

  "GET principals": (questions, asker, _, name) => principalNamed(questions, asker, name),

  "POST checkaccess": async (questions, asker, exchange) => {
    const body = await readJsonBody(exchange, BODY_MAX_BYTES);
    const [action, dataAction] = [body.action, body.dataAction];
    if ((action === undefined) === (dataAction === undefined))
      throw bad("Give either 'action' or 'dataAction'.");
    const kind = action === undefined ? "dataAction" : "action";
    const permission = { kind, name: text(body, kind) } as const;
    return accessCheck(questions, asker, {
      principal: text(body, "principal"),
      permission,
      scope: text(body, "scope"),
    });
  },

  "GET audit": async (questions, asker, { query }) => ({
    value: await auditRead(questions, asker, {
      principal: query.get("principal"),
      since: instant(query.get("since"), "since"),
      until: instant(query.get("until"), "until"),
      last: count(query.get("last")),
    }),
  }),

  "PUT recordings": async (questions, asker, exchange, principal) => {
    const body = await readJsonBody(exchange, BODY_MAX_BYTES);
    const { seconds } = body;
    if (typeof seconds !== "number") throw bad("'seconds' must be a number.");
    return recordingStart(questions, asker, {
      principal,
      scope: text(body, "scope"),
      durationMs: seconds * 1_000,
    });
  },
  "GET recordings": (questions, asker, _, name) => recordingRead(questions, asker, name),
  "DELETE recordings": (questions, asker, _, name) => recordingStop(questions, asker, name),
};

const NAMED = ["denials", "principals", "recordings"];

export function isAccessApi({ path }: Exchange): boolean {
  return /^\/providers\/Batchyard\.Access(\/|$)/i.test(path);
}

/** @throws Fault, with ARM's codes where there is one */
export async function answerAccessApi(
  questions: AccessQuestions,
  asker: Asker,
  exchange: Exchange,
  versions: VersionDoor,
): Promise<object> {
  const [, , collection = "", name = "", ...more] = exchange.segments;
  const kind = asciiLowerCase(collection);
  const answer = ANSWERS[`${exchange.method} ${kind}`];
  if (answer === undefined || more.length > 0 || (name !== "") !== NAMED.includes(kind)) {
    throw armFault("InvalidResourceType", "Batchyard.Access has nothing under this method and path.");
  }
  supportedApiVersion(versions, exchange.query, API_VERSIONS, "Batchyard.Access");
  return answer(questions, asker, exchange, name);
}

function text(body: Readonly<Record<string, unknown>>, name: string): string {
  const value = body[name];
  if (typeof value === "string" && value !== "") return value;
  throw bad(`'${name}' must be a text that is not empty.`);
}

function instant(value: string | undefined, name: string): number | undefined {
  if (value === undefined) return undefined;
  const time = Date.parse(value);
  if (Number.isNaN(time)) throw bad(`'${name}' must be a time in ISO 8601.`);
  return time;
}

function count(value: string | undefined): number {
  const number = value === undefined ? AUDIT_DEFAULT : Number(value);
  if (Number.isInteger(number) && number > 0 && number <= AUDIT_MAX) return number;
  throw bad(`'last' must be an integer from 1 to ${AUDIT_MAX}.`);
}

function bad(message: string): Fault {
  return new Fault("BadRequestFormat", message, { status: 400 });
}
