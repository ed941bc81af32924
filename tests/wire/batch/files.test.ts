/** Files of tasks and of nodes: lists, properties, content, ranges, deletion, and paths that try to leave their folder. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { jobBody, poolBody, taskBody } from "../batch-bodies.fixture.ts";
import { BatchClient, type Json } from "../batch-client.fixture.ts";
import { type RunningService, runningService } from "../running-service.fixture.ts";

const FILES = "/jobs/files/tasks/t/files";
const BIG = 3_000_000;

let service: RunningService;
let batch: BatchClient;
let nodeFiles: string;

beforeAll(async () => {
  service = await runningService();
  batch = await BatchClient.connect(service);
  await batch.post("/pools", poolBody("files"));
  await batch.post("/jobs", jobBody("files", "files"));
  const script = [
    "printf 0123456789 > digits",
    "mkdir -p sub/deep empty",
    "echo x > sub/deep/x",
    'echo odd > "we ird (x) é.txt"; echo hash > "a#b?c%20d&e"',
    "ln -s /etc/passwd link",
    `head -c ${BIG} /dev/zero > big`,
    "echo out",
  ].join("; ");
  await batch.post("/jobs/files/tasks", taskBody("t", script));
  const done = await batch.until("/jobs/files/tasks/t", ({ state }) => state === "completed");
  expect(done.executionInfo.exitCode).toBe(0);
  nodeFiles = `/pools/files/nodes/${done.nodeInfo.nodeId}/files`;
});
afterAll(async () => {
  batch?.close();
  await service?.close();
});

describe("lists", () => {
  test("show the task's folder, and all below it when asked to", async () => {
    const top = await batch.list(FILES);
    expect(top.map(({ name, isDirectory }) => [name, isDirectory])).toEqual([
      ["stderr.txt", false],
      ["stdout.txt", false],
      ["wd", true],
    ]);
    expect(top[1]).toMatchObject({
      url: `${batch.url}${FILES}/stdout.txt`,
      properties: { contentLength: "4", contentType: "text/plain" },
    });
    const all = await batch.list(`${FILES}?recursive=true`);
    expect(all.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["wd/digits", "wd/empty", "wd/sub/deep/x", "wd/we ird (x) é.txt", "stdout.txt"]),
    );
  });

  test("go on page by page without loss or repetition", async () => {
    const names = (await batch.list(`${FILES}?recursive=true`)).map(({ name }) => name);
    const paged = await batch.list(`${FILES}?recursive=true&maxresults=2`);
    expect(paged.map(({ name }) => name)).toEqual(names);
  });

  test("filter by the start of a name", async () => {
    const filter = encodeURIComponent("startswith(name, 'wd/sub')");
    const found = await batch.list(`${FILES}?recursive=true&$filter=${filter}`);
    expect(found.map(({ name }) => name)).toEqual(["wd/sub", "wd/sub/deep", "wd/sub/deep/x"]);
  });

  test("give each file a URL that leads to it", async () => {
    for (const { url, isDirectory, properties } of await batch.list(`${FILES}?recursive=true`)) {
      if (isDirectory || url.endsWith("/link")) continue;
      const { headers } = await batch.must("HEAD", url.slice(batch.url.length));
      expect(headers["content-length"]).toBe(properties.contentLength);
      expect(headers["ocp-batch-file-url"]).toBe(url);
    }
  });

  test("of a node begin at its root", async () => {
    const names = (await batch.list(`${nodeFiles}?recursive=true`)).map(({ name }) => name);
    expect(names).toEqual(
      expect.arrayContaining([
        "shared",
        "startup",
        "workitems/files/job-1/t/stdout.txt",
        "workitems/files/job-1/t/wd",
      ]),
    );
  });
});

describe("content", () => {
  test("comes with its properties in headers, which HEAD gives alone", async () => {
    const got = await batch.must("GET", `${FILES}/wd/digits`);
    expect(got.text).toBe("0123456789");
    const head = await batch.must("HEAD", `${FILES}/wd/digits`);
    expect(head.text).toBe("");
    for (const { headers } of [got, head]) {
      expect(headers).toMatchObject({
        "content-length": "10",
        "content-type": "application/octet-stream",
        "ocp-batch-file-isdirectory": "false",
        "ocp-batch-file-url": `${batch.url}${FILES}/wd/digits`,
        "ocp-batch-file-mode": expect.stringMatching(/^0o100\d{3}$/),
        "ocp-creation-time": expect.stringMatching(/GMT$/),
        "last-modified": expect.stringMatching(/GMT$/),
      });
    }
    const folder = await batch.must("HEAD", `${FILES}/wd`);
    expect(folder.headers["ocp-batch-file-isdirectory"]).toBe("true");
  });

  test("larger than any buffer arrives whole", async () => {
    const { text, headers } = await batch.must("GET", `${FILES}/wd/big`);
    expect(headers["content-length"]).toBe(String(BIG));
    expect(text.length).toBe(BIG);
  });

  test.each([
    ["bytes=0-3", "0123"],
    ["bytes=4-", "456789"],
    ["bytes=8-1000", "89"],
    ["bytes=9-9", "9"],
  ])("in the range %s is %s", async (range, expected) => {
    const part = await batch.must("GET", `${FILES}/wd/digits`, { headers: { "ocp-range": range } });
    expect(part.text).toBe(expected);
    expect(part.headers["content-length"]).toBe(String(expected.length));
  });

  test.each(["bytes=5-2", "bytes=a-b", "0-3", "bytes=-5", "bytes=0-1,3-4"])(
    "in the range %s is refused",
    async (range) => {
      const refused = await batch.send("GET", `${FILES}/wd/digits`, { headers: { "ocp-range": range } });
      expect(refused).toMatchObject({ status: 400, json: { code: "InvalidHeaderValue" } });
      expect(refused.json.values).toContainEqual({ key: "HeaderName", value: "ocp-range" });
    },
  );

  test("beyond the end is no range of it", async () => {
    const refused = await batch.send("GET", `${FILES}/wd/digits`, { headers: { "ocp-range": "bytes=10-" } });
    expect(refused).toMatchObject({ status: 416, json: { code: "InvalidRange" } });
  });

  test("is found by odd names, however they are encoded", async () => {
    for (const name of ["we%20ird%20%28x%29%20%C3%A9.txt", "we%20ird%20(x)%20%C3%A9.txt"]) {
      expect((await batch.must("GET", `${FILES}/wd/${name}`)).text).toBe("odd\n");
    }
    // Some clients encode the slashes of a path too.
    expect((await batch.must("GET", `${FILES}/wd%2Fdigits`)).text).toBe("0123456789");
  });

  test("that has not changed since is not sent again", async () => {
    const { headers } = await batch.must("GET", `${FILES}/wd/digits`);
    const since = headers["last-modified"] ?? "";
    const again = (name: string, value: string) =>
      batch.send("GET", `${FILES}/wd/digits`, { headers: { [name]: value } });
    expect((await again("if-modified-since", since)).status).toBe(304);
    expect((await again("if-unmodified-since", since)).status).toBe(200);
    const long = "Thu, 01 Jan 1970 00:00:00 GMT";
    expect((await again("if-unmodified-since", long)).status).toBe(412);
    expect((await again("if-modified-since", long)).status).toBe(200);
  });

  test("of what is not there, and of a folder, is an error of its own", async () => {
    expect(await batch.send("GET", `${FILES}/wd/absent`)).toMatchObject({
      status: 404,
      json: { code: "FileNotFound" },
    });
    expect((await batch.send("HEAD", `${FILES}/wd/absent`)).status).toBe(404);
    expect((await batch.send("GET", `${FILES}/wd/sub`)).status).toBe(409);
    expect((await batch.send("GET", "/jobs/files/tasks/absent/files/stdout.txt")).json.code).toBe(
      "TaskNotFound",
    );
    expect((await batch.send("GET", "/jobs/absent/tasks/t/files/stdout.txt")).json.code).toBe("JobNotFound");
  });
});

describe("paths that would leave", () => {
  const secret = "root:";

  test.each([
    "../../../../../../../etc/passwd",
    "%2e%2e%2f%2e%2e%2f%2e%2e%2f%2e%2e%2fetc%2fpasswd",
    "..%2f..%2fstdout.txt",
    "wd/../../../../../../etc/passwd",
    "wd/%2e%2e/stdout.txt",
    "%2fetc%2fpasswd",
    "/etc/passwd",
    "wd//digits",
    "./stdout.txt",
    "wd/..",
    "..",
    "wd%00/digits",
    "..%5c..%5cstdout.txt",
  ])("%s names no file of the task, nor of the node", async (path) => {
    for (const files of [FILES, nodeFiles]) {
      for (const method of ["GET", "HEAD", "DELETE"]) {
        const reply = await batch.send(method, `${files}/${path}`);
        expect([400, 404], `${method} ${files}`).toContain(reply.status);
        expect(reply.text).not.toContain(secret);
      }
    }
  });

  test("a symbolic link leads to nothing outside the node", async () => {
    const reply = await batch.send("GET", `${FILES}/wd/link`);
    expect([403, 404]).toContain(reply.status);
    expect(reply.text).not.toContain(secret);
  });
});

describe("deletion", () => {
  const names = async () => (await batch.list(`${FILES}?recursive=true`)).map(({ name }: Json) => name);

  test("takes a file, and a folder only with all that is in it", async () => {
    expect((await batch.send("DELETE", `${FILES}/wd/we%20ird%20(x)%20%C3%A9.txt`)).status).toBe(200);
    expect(await names()).not.toContain("wd/we ird (x) é.txt");
    const refused = await batch.send("DELETE", `${FILES}/wd/sub`);
    expect(refused.status).toBe(409);
    expect(await names()).toContain("wd/sub/deep/x");
    expect((await batch.send("DELETE", `${FILES}/wd/sub?recursive=true`)).status).toBe(200);
    expect(await names()).not.toContain("wd/sub");
    expect((await batch.send("DELETE", `${FILES}/wd/sub?recursive=true`)).status).toBe(404);
  });

  test("of a link takes the link alone", async () => {
    expect((await batch.send("DELETE", `${FILES}/wd/link`)).status).toBe(200);
    expect(await names()).not.toContain("wd/link");
  });

  test("by the node's path is the same file", async () => {
    expect((await batch.send("DELETE", `${nodeFiles}/workitems/files/job-1/t/wd/digits`)).status).toBe(200);
    expect(await names()).not.toContain("wd/digits");
  });
});

test("a task that never ran has no files", async () => {
  await batch.post("/jobs", jobBody("elsewhere", "absent-pool"));
  await batch.post("/jobs/elsewhere/tasks", taskBody("t", ":"));
  expect((await batch.send("GET", "/jobs/elsewhere/tasks/t/files")).status).toBe(404);
});
