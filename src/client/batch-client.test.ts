/** The client before a server that misbehaves on purpose. What a real service makes of it: tests/wire/client-library.test.ts. */
import { afterEach, describe, expect, test } from "vitest";
import { type FakeReply, type FakeRequest, type FakeService, fakeService } from "./fake-service.fixture.ts";
import {
  BatchClient,
  type BatchClientOptions,
  BatchError,
  BatchSharedKeyCredentials,
  BatchTokenCredentials,
  type TokenCredential,
} from "./index.ts";
import { realTiming } from "./timing.ts";

const NOW = Date.parse("2030-01-01T00:00:00Z");
const OK: FakeReply = { status: 200, body: { id: "j" } };

let service: FakeService | undefined;
afterEach(async () => {
  await service?.close();
  service = undefined;
});

/** A client, and the milliseconds that it slept between tries. */
async function facing(
  answer: (request: FakeRequest, index: number) => FakeReply,
  options: BatchClientOptions & { provider?: TokenCredential | (() => Promise<string>) } = {},
) {
  service = await fakeService(answer);
  const { provider = async () => "t", ...rest } = options;
  const slept: number[] = [];
  const client = BatchClient.open(new BatchTokenCredentials(service.url, provider), {
    allowInsecureConnection: true,
    clock: () => NOW,
    sleep: async (milliseconds) => void slept.push(milliseconds),
    ...rest,
  });
  return { client, slept, requests: service.requests };
}

const inTurn =
  (...replies: readonly FakeReply[]) =>
  (_: FakeRequest, index: number): FakeReply =>
    replies[index] ?? OK;

describe("a retry", () => {
  test.each([
    ["seconds", "7", 7_000],
    ["a date", new Date(NOW + 90_000).toUTCString(), 90_000],
    ["a date of the past", new Date(NOW - 90_000).toUTCString(), 0],
  ])("waits for as long as Retry-After says in %s", async (_, value, milliseconds) => {
    const reply = { status: 429, headers: { "retry-after": value } };
    const { client, slept } = await facing(inTurn(reply));
    expect(await client.jobs.get("j")).toEqual({ id: "j" });
    expect(slept).toEqual([milliseconds]);
  });

  test("backs off by itself, twice as long each time and by chance up to half less", async () => {
    const { client, slept } = await facing(inTurn({ status: 500 }, { status: 503 }, "cut"));
    await client.jobs.get("j");
    expect(slept.map((milliseconds, retries) => milliseconds / (1_000 * 2 ** retries))).toEqual(
      [0, 1, 2].map(() => expect.toSatisfy((share: number) => share >= 0.5 && share <= 1)),
    );
  });

  test("ends after as many as allowed, with the last reply's error", async () => {
    const body = { code: "ServerBusy", message: { lang: "en-US", value: "Busy." } };
    const options = { retryOptions: { maxRetries: 2 } };
    const { client, requests } = await facing(() => ({ status: 503, body }), options);
    await expect(client.jobs.get("j")).rejects.toMatchObject({ status: 503, code: "ServerBusy" });
    expect(requests).toHaveLength(3);
  });

  test.each([400, 401, 403, 404, 409, 412, 501])("never follows a %i", async (status) => {
    const { client, requests } = await facing(() => ({ status }));
    await expect(client.jobs.get("j")).rejects.toMatchObject({ status });
    expect(requests).toHaveLength(1);
  });

  test("asks for a token again and sends the body again", async () => {
    let tokens = 0;
    const provider = async () => `token-${++tokens}`;
    const { client, requests } = await facing(inTurn({ status: 500 }, { status: 201 }), { provider });
    await client.jobs.add({ id: "j", poolInfo: { poolId: "p" } });
    expect(requests.map(({ headers, body }) => [headers.authorization, body])).toEqual([
      ["Bearer token-1", { id: "j", poolInfo: { poolId: "p" } }],
      ["Bearer token-2", { id: "j", poolInfo: { poolId: "p" } }],
    ]);
  });
});

describe("an error", () => {
  test("tells what the service said", async () => {
    const { client } = await facing(() => ({
      status: 404,
      headers: { "request-id": "r-1" },
      body: {
        code: "JobNotFound",
        message: { lang: "en-US", value: "No such job." },
        values: [{ key: "JobId", value: "j" }],
      },
    }));
    const error = await client.jobs.get("j").catch((error: unknown) => error);
    expect(error).toBeInstanceOf(BatchError);
    expect(error).toMatchObject({
      name: "BatchError",
      status: 404,
      code: "JobNotFound",
      message: "No such job.",
      values: [{ key: "JobId", value: "j" }],
      requestId: "r-1",
    });
  });

  test("of something between client and service still has its status", async () => {
    const { client } = await facing(() => ({ status: 407, body: "Proxy" }));
    await expect(client.jobs.get("j")).rejects.toMatchObject({ status: 407, code: undefined, values: [] });
  });

  test("without a reply has the connection's code", async () => {
    const { client } = await facing(() => "cut", { retryOptions: { maxRetries: 0 } });
    await expect(client.jobs.get("j")).rejects.toMatchObject({
      name: "BatchError",
      status: 0,
      code: "ECONNRESET",
    });
  });

  test("never shows a token or a key", async () => {
    const { client } = await facing(() => "cut", {
      retryOptions: { maxRetries: 0 },
      provider: async () => "very-secret",
    });
    const error = await client.jobs.get("j").catch((error: unknown) => error);
    expect(JSON.stringify(error)).not.toContain("very-secret");
    const credentials = new BatchSharedKeyCredentials("https://a", "a", "c2VjcmV0");
    expect(JSON.stringify(credentials)).toBe('{"accountUrl":"https://a","account":"a"}');
  });
});

describe("a signal", () => {
  test("ends a request that waits for its reply", async () => {
    const controller = new AbortController();
    const { client } = await facing(() => {
      controller.abort();
      return "hang";
    });
    const get = client.jobs.get("j", { abortSignal: controller.signal });
    await expect(get).rejects.toMatchObject({ name: "AbortError" });
  });

  test("ends the pause between two tries", async () => {
    const controller = new AbortController();
    const { client, requests } = await facing(() => ({ status: 503, headers: { "retry-after": "3600" } }), {
      sleep: (milliseconds, signal) => {
        const pause = realTiming.sleep(milliseconds, signal);
        controller.abort();
        return pause;
      },
    });
    const get = client.jobs.get("j", { abortSignal: controller.signal });
    await expect(get).rejects.toMatchObject({ name: "AbortError" });
    expect(requests).toHaveLength(1);
  });
});

describe("a list", () => {
  test("follows each link letter by letter, with a token of its own", async () => {
    const next = "/jobs?%24skiptoken=a%2Fb+c&api-version=x";
    const { client, requests } = await facing(({ headers }, index) => ({
      status: 200,
      body: {
        value: index === 1 ? [] : [{ id: `j${index}` }],
        ...(index < 2 && { "odata.nextLink": `http://${headers.host}${next}` }),
      },
    }));
    const pages: unknown[] = [];
    for await (const page of client.jobs.list({ filter: "state eq 'active'" }).byPage()) pages.push(page);
    expect(pages).toEqual([[{ id: "j0" }], [], [{ id: "j2" }]]);
    expect(requests[0]?.url).toBe("/jobs?api-version=2024-07-01.20.0&$filter=state%20eq%20%27active%27");
    expect(requests.slice(1).map(({ url, headers }) => [url, headers.authorization])).toEqual([
      [next, "Bearer t"],
      [next, "Bearer t"],
    ]);
  });

  test("asks for no page that nobody wants", async () => {
    const { client, requests } = await facing(({ headers }) => ({
      status: 200,
      body: { value: [{ id: "j" }], "odata.nextLink": `http://${headers.host}/jobs?next` },
    }));
    const list = client.jobs.list();
    expect(requests).toHaveLength(0);
    for await (const { id } of list) if (id === "j") break;
    expect(requests).toHaveLength(1);
  });

  test("does not carry the token to another host", async () => {
    const { client, requests } = await facing(() => ({
      status: 200,
      body: { value: [], "odata.nextLink": "https://elsewhere.example/jobs" },
    }));
    await expect(client.jobs.list().toArray()).rejects.toThrow("https://elsewhere.example");
    expect(requests).toHaveLength(1);
  });

  test("neither does a redirection", async () => {
    const { client, requests } = await facing(({ headers }) => ({
      status: 307,
      headers: { location: `http://${headers.host}/elsewhere` },
    }));
    await expect(client.jobs.get("j")).rejects.toMatchObject({ status: 307 });
    expect(requests).toHaveLength(1);
  });
});

describe("a credential", () => {
  test("is asked for the Batch audience, once for requests that start together, and again before the token expires", async () => {
    const scopes: string[] = [];
    let now = NOW;
    const provider: TokenCredential = {
      getToken: async (scope) => {
        scopes.push(scope);
        return { token: `token-${scopes.length}`, expiresOnTimestamp: now + 3_600_000 };
      },
    };
    const { client, requests } = await facing(() => OK, { provider, clock: () => now });
    await Promise.all([client.jobs.get("a"), client.jobs.get("b")]);
    now += 3_300_000;
    await client.jobs.get("c");
    now += 200_000;
    await client.jobs.get("d");
    expect(scopes).toEqual(Array(2).fill("https://batch.core.windows.net//.default"));
    expect(requests.map(({ headers }) => headers.authorization)).toEqual(
      [1, 1, 1, 2].map((index) => `Bearer token-${index}`),
    );
  });

  test("that fails fails the request, and is asked anew by the next", async () => {
    let calls = 0;
    const provider: TokenCredential = {
      getToken: async () => {
        if (++calls === 1) throw new Error("not signed in");
        return { token: "t", expiresOnTimestamp: NOW + 3_600_000 };
      },
    };
    const { client, requests } = await facing(() => OK, { provider });
    await expect(client.jobs.get("j")).rejects.toThrow("not signed in");
    expect(requests).toHaveLength(0);
    await client.jobs.get("j");
  });

  test("does not travel over plain HTTP unless that was allowed", async () => {
    const { client, requests } = await facing(() => OK, { allowInsecureConnection: false });
    await expect(client.jobs.get("j")).rejects.toThrow("allowInsecureConnection");
    expect(requests).toHaveLength(0);
  });
});

describe("a collection of tasks", () => {
  const tasks = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ id: `t${index}`, commandLine: "true" }));
  const sent = ({ body }: FakeRequest) => (body as { value: { id: string }[] }).value;
  const added = (request: FakeRequest): FakeReply => ({
    status: 200,
    body: {
      value: sent(request)
        .map(({ id }) => ({ status: "success", taskId: id }))
        .reverse(),
    },
  });
  const tooLarge: FakeReply = { status: 413, body: { code: "RequestBodyTooLarge" } };

  test("goes a hundred at a time, and its results come in the tasks' order", async () => {
    const { client, requests } = await facing(added);
    const results = await client.tasks.addCollection("j", tasks(250));
    expect(requests.map((request) => sent(request).length)).toEqual([100, 100, 50]);
    expect(results.map(({ taskId }) => taskId)).toEqual(tasks(250).map(({ id }) => id));
  });

  test("is halved until it fits", async () => {
    const { client, requests } = await facing((request) =>
      sent(request).length > 30 ? tooLarge : added(request),
    );
    expect(await client.tasks.addCollection("j", tasks(110))).toHaveLength(110);
    expect(requests.map((request) => sent(request).length)).toEqual([100, 50, 25, 25, 25, 25, 10]);
  });

  test("with one task that alone is too large fails", async () => {
    const { client, requests } = await facing(() => tooLarge);
    const adding = client.tasks.addCollection("j", tasks(3));
    await expect(adding).rejects.toMatchObject({ code: "RequestBodyTooLarge" });
    expect(requests.map((request) => sent(request).length)).toEqual([3, 2, 1]);
  });

  test("that is empty asks nothing", async () => {
    const { client, requests } = await facing(added);
    expect(await client.tasks.addCollection("j", [])).toEqual([]);
    expect(requests).toHaveLength(0);
  });
});

test.each(["", ".", ".."])("%j, which would name another resource, is no id", async (id) => {
  const { client, requests } = await facing(() => OK);
  expect(() => client.tasks.list(id)).toThrow(TypeError);
  await expect(async () => client.files.deleteFromTask("j", "t", id)).rejects.toThrow(TypeError);
  expect(requests).toHaveLength(0);
});

test("options become the documented parameters and headers", async () => {
  const { client, requests } = await facing(() => OK);
  const at = new Date("2024-05-06T07:08:09Z");
  await client.jobs.delete("j", {
    ifMatch: '"0x1"',
    ifUnmodifiedSince: at,
    force: true,
    timeoutSeconds: 9,
    clientRequestId: "mine",
  });
  expect(requests[0]).toMatchObject({
    method: "DELETE",
    url: "/jobs/j?api-version=2024-07-01.20.0&force=true&timeout=9",
    headers: {
      "if-match": '"0x1"',
      "if-unmodified-since": "Mon, 06 May 2024 07:08:09 GMT",
      "client-request-id": "mine",
      "return-client-request-id": "true",
    },
  });
});

test("numbers of 64 bits, texts on the wire, come as numbers", async () => {
  const files = [{ name: "out", properties: { contentLength: "12", lastModified: "x" } }];
  const { client } = await facing(() => ({ status: 200, body: { value: files } }));
  const [file] = await client.files.listFromTask("j", "t").toArray();
  expect(file?.properties?.contentLength).toBe(12);
});
