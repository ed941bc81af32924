/** Nothing of a directory object is taken and then left undone: each property that a request may carry does what the compatibility page says. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { User } from "../../../src/app/directory/user.ts";
import { userView } from "../../../src/planes/graph/users/user-view.ts";
import {
  APPLICATION_KEPT,
  type KeptProperties,
  type KeptType,
  SERVICE_PRINCIPAL_KEPT,
  SERVICE_PRINCIPAL_OWN,
  USER_KEPT,
} from "../../../src/wire/graph/kept-properties.ts";
import { GRAPH_PROPERTY_FATES, type GraphPropertyFates } from "../../../tools/graph/property-fates.ts";
import { type Graph, type GraphClient, openGraph } from "./graph.fixture.ts";

let graph: Graph;
let client: GraphClient;
/** Addresses of one object of each type. */
const addresses = new Map<string, string>();

beforeAll(async () => {
  graph = await openGraph();
  client = graph.as(graph.tokens.admin);
  const make = async (type: string, collection: string, body: object) => {
    const made = await client.post(`/${collection}`, body);
    expect(made.status, made.text).toBe(201);
    addresses.set(type, `/${collection}/${made.json.id}`);
    return made.json;
  };
  const { appId } = await make("application", "applications", {
    displayName: "Fates",
    web: { redirectUris: ["https://fates.example/"] },
  });
  await make("servicePrincipal", "servicePrincipals", { appId });
  const names = { displayName: "Fates", mailNickname: "fates" };
  await make("group", "groups", { ...names, mailEnabled: false, securityEnabled: true });
  await make("user", "users", {
    ...names,
    accountEnabled: true,
    userPrincipalName: `fates@${graph.domain}`,
    passwordProfile: { password: "correct horse" },
  });
});
afterAll(() => graph?.close());

function sampleOf(type: KeptType): unknown {
  if (type === "flag") return true;
  if (type === "instant") return "2026-01-02T03:04:05Z";
  if ("words" in type) return type.words.at(-1);
  if ("members" in type) return samplesOf(type.members);
  return "texts" in type ? ["kept"] : "k".repeat(Math.min(type.text, 12));
}
const samplesOf = (properties: KeptProperties): object =>
  Object.fromEntries(Object.entries(properties).map(([name, type]) => [name, sampleOf(type)]));

/** Kept: what is sent, and comes back. */
const KEPT: Readonly<Record<string, object>> = {
  application: {
    ...samplesOf(APPLICATION_KEPT),
    description: "kept",
    notes: "kept",
    tags: ["kept"],
    web: {
      redirectUris: ["https://fates.example/"],
      homePageUrl: "https://fates.example/home",
      redirectUriSettings: [{ uri: "https://fates.example/", index: null }],
    },
  },
  servicePrincipal: samplesOf({ ...SERVICE_PRINCIPAL_KEPT, ...SERVICE_PRINCIPAL_OWN }),
  user: samplesOf(USER_KEPT),
  group: { description: "kept" },
};

const nested = (path: string, value: unknown): object =>
  path.split(".").reduceRight<unknown>((inner, name) => ({ [name]: inner }), value) as object;
const paths = (value: object, prefix = ""): string[] =>
  Object.entries(value).flatMap(([name, inner]) =>
    typeof inner === "object" && inner !== null && !Array.isArray(inner)
      ? paths(inner, `${prefix}${name}.`)
      : [prefix + name],
  );
const tops = (list: readonly string[]) => new Set(list.map((path) => path.split(".")[0] ?? ""));
/** Never shown. */
const SECRET = new Set(["passwordProfile"]);
/** Collections of Graph's, and not properties of a body here. */
const RELATED = /@odata|^members$|^owners$/;

describe.each(Object.entries(GRAPH_PROPERTY_FATES))("%s", (type, fates: GraphPropertyFates) => {
  const address = () => addresses.get(type) ?? "";
  const all = [...fates.actedOn, ...fates.kept, ...fates.refused, ...fates.readOnly];
  const shownAll = () =>
    client.get(`${address()}?$select=${[...tops(all)].filter((name) => !SECRET.has(name))}`);

  test("each property stands on one list, and what is shown on one of them", async () => {
    expect(all.filter((path, index) => all.indexOf(path) !== index)).toEqual([]);
    const view =
      type === "user" ? userView({ profile: {}, userPrincipalName: "a@b", createdAt: 0 } as User) : undefined;
    const shown = Object.keys(view ?? (await client.get(address())).json);
    expect(shown.filter((name) => !tops(all).has(name) && !RELATED.test(name))).toEqual([]);
    const described = [...tops([...fates.actedOn, ...fates.kept, ...fates.readOnly])];
    expect(described.filter((name) => !shown.includes(name) && !SECRET.has(name))).toEqual([]);
  });

  test("what is kept comes back, and goes when it is taken back", async () => {
    const sample = KEPT[type] ?? {};
    const sent = paths(sample).filter((path) => fates.kept.includes(path));
    expect(sent.sort()).toEqual([...fates.kept].sort());
    const kept = await client.patch(address(), sample);
    expect(kept.status, kept.text).toBe(204);
    expect((await shownAll()).json).toMatchObject(sample);
    // Without a word of their own these say what the registration says.
    const own = Object.keys(SERVICE_PRINCIPAL_OWN);
    const texts = paths(sample).filter((path) => !path.includes(".") && !own.includes(path));
    const emptied = Object.fromEntries(
      texts.map((name) => [name, Array.isArray((sample as Record<string, unknown>)[name]) ? [] : null]),
    );
    expect((await client.patch(address(), emptied)).status).toBe(204);
    expect((await shownAll()).json).toMatchObject(emptied);
  });

  test.each(fates.refused)("%s is refused by its name", async (path) => {
    const before = (await shownAll()).text;
    const refused = await client.patch(address(), nested(path, ["x"]));
    expect([refused.status, refused.json?.error?.code], refused.text).toEqual([501, "NotImplemented"]);
    expect(refused.json.error.message).toContain(`'${path}'`);
    expect((await shownAll()).text).toBe(before);
  });

  test.each(fates.readOnly)("%s cannot be set", async (path) => {
    const refused = await client.patch(address(), nested(path, "x"));
    expect([refused.status, refused.json?.error?.code], refused.text).toEqual([400, "Request_BadRequest"]);
    expect(refused.json.error.message).toContain(path);
  });
});

test("what is kept has its measure, and a name that is none is refused", async () => {
  const user = addresses.get("user") ?? "";
  const outcome = async (body: object) => {
    const { status, json } = await client.patch(user, body);
    return `${status} ${json?.error?.message ?? ""}`;
  };
  expect(await outcome({ city: "x".repeat(129) })).toContain("400 Invalid value specified: property 'city'");
  expect(await outcome({ businessPhones: ["1", "2"] })).toContain("at most 1 elements");
  expect(await outcome({ ageGroup: "Old" })).toContain("'ageGroup' must be one of");
  expect(await outcome({ employeeHireDate: "tomorrow" })).toContain("'employeeHireDate' must be a date");
  expect(await outcome({ [randomUUID()]: 1 })).toContain("is no property that can be set here");
});

test("an object with members keeps those that a change does not speak of", async () => {
  const application = addresses.get("application") ?? "";
  await client.patch(application, {
    info: { supportUrl: "https://s.example", marketingUrl: "https://m.example" },
  });
  await client.patch(application, { info: { supportUrl: null } });
  expect((await client.get(application)).json.info).toMatchObject({
    supportUrl: null,
    marketingUrl: "https://m.example",
  });
});
