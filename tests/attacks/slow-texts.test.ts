/** What would be won: a service that stands still for everybody while it reads one header or one filter of somebody whom it need not even know. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { AZURE_CLI_APP_ID } from "../../src/wire/entra/first-party.ts";
import { postForm, send } from "../wire/raw-request.fixture.ts";
import { type RunningService, runningService } from "../wire/running-service.fixture.ts";
import { LoopStalls } from "./loop-stalls.ts";

/** Of the loop's own thread. What was quadratic took seconds, a whole request takes some two. */
const STALL_MS = 100;
/** A request's headers have 32 KiB. */
const LENGTH = 31_000;
/** Of what percent-encoding does not make three times as long. */
const FILTER_LENGTH = 28_000;

let service: RunningService;
beforeAll(async () => {
  service = await runningService();
});
afterAll(() => service?.close());

const door = () => ({ main: { port: Number(new URL(service.ready.management).port) }, ca: service.ca });
const account = () => new URL(service.ready.batch);

/** Each begins well, goes on as long as it can, and ends as no pattern expects it to. */
const TEXTS = [" ", "\t ", ", ", '"', "a=", "W/"].map(
  (piece) => `Bearer a${piece.repeat(LENGTH / piece.length)}\\`,
);
const HEADERS = "authorization connection content-type cookie if-match range x-ms-date".split(" ");
const PLACES = [
  ["login.microsoftonline.com", "/organizations/v2.0/.well-known/openid-configuration"],
  ["management.azure.com", "/subscriptions?api-version=2021-01-01"],
  ["graph.microsoft.com", "/v1.0/users"],
  ["mystorageaccount.blob.core.windows.net", "/?comp=list"],
  ["", "/jobs?api-version=2024-07-01.20.0"],
] as const;

/** A blank becomes a plus sign. */
const encodedLength = (text: string) =>
  encodeURIComponent(text.replaceAll(" ", "+")).replaceAll("%2B", "+").length;

/** @returns what took too long */
async function slow(
  requests: Iterable<readonly [what: string, ask: () => Promise<unknown>]>,
): Promise<string[]> {
  const found: string[] = [];
  for (const [what, ask] of requests) {
    const stalls = new LoopStalls();
    await ask();
    // A stall is seen by the first timer after it.
    await new Promise((resolve) => setTimeout(resolve, 0));
    stalls.stop();
    if (stalls.longest > STALL_MS) found.push(`${what}: ${stalls.longest.toFixed()} ms`);
  }
  return found;
}

test("a header that is full of one thing keeps everybody waiting, and takes no credentials", {
  timeout: 120_000,
}, async () => {
  const requests = PLACES.flatMap(([named, path]) =>
    HEADERS.flatMap((name) =>
      TEXTS.map((text) => {
        const ask = () => {
          const host = named || account().host;
          return send(
            { ...door(), ...(named === "" && { main: { port: Number(account().port) } }) },
            { host, path, headers: { [name]: text } },
          );
        };
        return [`${named} ${name} ${text.slice(8, 14)}`, ask] as const;
      }),
    ),
  );
  expect(await slow(requests)).toEqual([]);
});

test("a filter that is full of one thing keeps everybody waiting", { timeout: 120_000 }, async () => {
  const { username, password, subscriptionId, tenantId } = service.ready;
  const form = {
    grant_type: "password",
    client_id: AZURE_CLI_APP_ID,
    username: username ?? "",
    password: password ?? "",
  };
  const tokenFor = async (resource: string) =>
    (await postForm(door(), `/${tenantId}/oauth2/token`, { ...form, resource })).json.access_token as string;
  const [management, graph] = [
    await tokenFor("https://management.azure.com/"),
    await tokenFor("https://graph.microsoft.com"),
  ];
  const rbac = `/subscriptions/${subscriptionId}/providers/Microsoft.Authorization`;
  const places = [
    ["management.azure.com", `${rbac}/roleAssignments?api-version=2022-04-01&$filter=`, management],
    ["management.azure.com", `${rbac}/roleDefinitions?api-version=2022-04-01&$filter=`, management],
    [
      "management.azure.com",
      `/subscriptions/${subscriptionId}/resources?api-version=2021-04-01&$filter=`,
      management,
    ],
    ["graph.microsoft.com", "/v1.0/users?$filter=", graph],
    ["graph.microsoft.com", "/v1.0/users?$search=", graph],
  ] as const;
  const begins = ["", "principalId eq '", "startswith(displayName,'"];
  const requests = places.flatMap(([host, path, token]) =>
    begins.flatMap((begin) =>
      [" ", "'", "(", " and "].map((piece) => {
        const text = `${begin}${piece.repeat(FILTER_LENGTH / encodedLength(piece))}x`;
        const whole = encodeURIComponent(text).replaceAll("%20", "+");
        const ask = () =>
          send(door(), { host, path: path + whole, headers: { authorization: `Bearer ${token}` } });
        return [`${host} ${path.slice(-40)} ${begin}${piece}`, ask] as const;
      }),
    ),
  );
  expect(await slow(requests)).toEqual([]);
});
