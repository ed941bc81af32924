/**
 * Calls methods of a Batch client library as it is told to, one a line of stdin, and says what came of each. Knows nothing of Batchyard. The
 * lines are those of caller.py.
 *
 *     node caller.cjs PACKAGE FOLDER    as installed in the folder
 */
"use strict";
const { createRequire } = require("node:module");
const { join } = require("node:path");
const { createInterface } = require("node:readline");

const [, , name = "", folder = ""] = process.argv;
const fromFolder = createRequire(join(folder, "caller.cjs"));
const library = fromFolder(name);
const env = process.env;
/** Halves of methods: one page of a list, the reply before it is read, an operation that is begun and not waited for. */
const OTHERS = /^constructor$|^_|WithHttpOperationResponse$|Next$|Paging(Page|All)$|^begin(?!.*AndWait$)/;

function openClient() {
  if (library.BatchManagementClient !== undefined && name.startsWith("@")) {
    const credential = {
      getToken: async () => ({ token: env.TOUR_TOKEN, expiresOnTimestamp: 1e15 }),
    };
    return new library.BatchManagementClient(credential, env.AZURE_SUBSCRIPTION_ID, {
      endpoint: env.TOUR_MANAGEMENT,
    });
  }
  if (name === "azure-arm-batch") {
    const { TokenCredentials } = fromFolder("ms-rest");
    const Client = library.BatchManagementClient ?? library;
    const credentials = new TokenCredentials(env.TOUR_TOKEN);
    const soon = { longRunningOperationRetryTimeout: 0 };
    return new Client(credentials, env.AZURE_SUBSCRIPTION_ID, env.TOUR_MANAGEMENT, soon);
  }
  const [account, key, url] = [env.AZURE_BATCH_ACCOUNT, env.AZURE_BATCH_ACCESS_KEY, env.AZURE_BATCH_ENDPOINT];
  if (name.startsWith("@")) {
    const { BatchSharedKeyCredentials } = library;
    return new library.BatchServiceClient(new BatchSharedKeyCredentials(account, key), url);
  }
  return new library.ServiceClient(new library.SharedKeyCredentials(account, key), url);
}

function methodNames(client) {
  return Object.entries(client).flatMap(([group, operations]) => {
    if (typeof operations !== "object" || operations === null || operations === client) return [];
    const prototype = Object.getPrototypeOf(operations);
    if (prototype === Object.prototype || prototype === null) return [];
    if (!("client" in operations) && !("_client" in operations)) return [];
    return Object.getOwnPropertyNames(prototype)
      .filter((method) => typeof operations[method] === "function" && !OTHERS.test(method))
      .map((method) => `${group}.${method}`);
  });
}

const parameterNames = (method) =>
  /\(([^)]*)\)/
    .exec(method.toString())[1]
    .split(",")
    .map((word) => word.trim());

/** What follows the path: the body, which may be the options, or the one member of it that is asked for. */
function afterPath(method, count, body) {
  if (body === undefined) return [];
  const [next = ""] = parameterNames(method).slice(count);
  return [next in body ? body[next] : body];
}

/** The first libraries take spans of time as objects of moment's. */
function spans(value) {
  if (typeof value === "string" && /^P(\d+D)?(T\d+[HMS])?$/.test(value))
    return fromFolder("moment").duration(value);
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(spans);
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [key, spans(member)]));
}

async function call(client, { method, path, body, leaves = false }) {
  const [group, operation] = method.split(".");
  const operations = client[group];
  // Management's libraries take what is in `properties` beside the rest.
  const flat = body?.properties === undefined ? body : { ...body, ...body.properties };
  const sent = name.startsWith("@") ? flat : spans(flat);
  const result = await operations[operation](...path, ...afterPath(operations[operation], path.length, sent));
  if (leaves) return;
  if (typeof result?.[Symbol.asyncIterator] === "function") for await (const _ of result);
  else if (typeof result?.pollUntilFinished === "function") await result.pollUntilFinished();
  else if (typeof result?.pollUntilDone === "function") await result.pollUntilDone();
}

function outcomeOf(error) {
  const status = error.statusCode ?? error.response?.status;
  const code = error.body?.code ?? error.code ?? error.details?.error?.code;
  return status === undefined ? `${error.name}: ${error.message}`.slice(0, 200) : [status, code ?? null];
}

async function main() {
  const client = openClient();
  console.log(JSON.stringify(methodNames(client)));
  for await (const line of createInterface({ input: process.stdin })) {
    const outcome = await call(client, JSON.parse(line)).then(() => "ok", outcomeOf);
    console.log(JSON.stringify(outcome));
  }
}

main();
