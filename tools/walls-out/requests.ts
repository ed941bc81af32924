/** Findings 7 to 11: the seam to the storage backend, and inputs that cost everybody's time. */
import type { Wall } from "./wall.ts";

const FORWARDED = "src/planes/blob/forwarded.ts";
const BLOB_REQUEST = "src/planes/blob/blob-request.ts";
const AZURITE_PROCESS = "src/compute/azurite-process.ts";
const DEPENDENCIES = "src/app/tasks/task-dependencies-add.ts";
const PASSWORDS = "src/app/sign-in/password-check.ts";

const everyHeader = {
  file: FORWARDED,
  from: "(COMMON_HEADERS.includes(name) || isOf(operation, name))",
  to: '(!["authorization", "host", "connection"].includes(name))',
};
const smuggled = "an operation of the table";

export const REQUESTS: readonly Wall[] = [
  {
    finding: 7,
    without: "a refusal of X-HTTP-Method, and the operation's own headers alone",
    edits: [
      everyHeader,
      {
        file: BLOB_REQUEST,
        from: "if (headers[name] !== undefined) throw blobFault",
        to: "if (headers[name] === why) throw blobFault",
      },
    ],
    attacks: "tests/attacks/storage-operations.test.ts",
    wins: ["X-HTTP-Method makes a deletion"],
  },
  {
    finding: 7,
    without: "the operation's own headers alone",
    edits: [everyHeader],
    attacks: "tests/attacks/storage-operations.test.ts",
    wins: [smuggled],
  },
  {
    finding: 7,
    without: "the operation's own parameters alone",
    edits: [
      {
        file: FORWARDED,
        from: "return [...COMMON_PARAMETERS, ...operation.query]",
        to: "return query.names()",
      },
    ],
    attacks: "tests/attacks/storage-operations.test.ts",
    wins: [smuggled],
  },
  {
    finding: 7,
    without: "a bound for the parameters, and one spelling of their names",
    edits: [
      {
        file: BLOB_REQUEST,
        from: "if (names.length > PARAMETERS_MAX) {",
        to: "if (names.length > 100_000) {",
      },
      {
        file: BLOB_REQUEST,
        from: "const odd = query.duplicated() ?? names.find((name) => !PARAMETER_NAME.test(name));",
        to: "const odd = undefined as string | undefined;",
      },
    ],
    attacks: "tests/attacks/storage-operations.test.ts",
    wins: ["a thousand parameters before comp"],
  },
  {
    finding: 8,
    without: "the secret that Azurite asks for",
    edits: [
      {
        file: AZURITE_PROCESS,
        from: "if (given.length === expected.length && timingSafeEqual(given, expected)) next();",
        to: "if (given.length >= 0 && expected) next();",
      },
    ],
    attacks: "tests/e2e/storage/azurite.test.ts",
    wins: ["it listens on no port"],
  },
  {
    finding: 9,
    without: "an Authorization header that is read by index: the guard",
    edits: [
      {
        file: "src/planes/blob/authenticate.ts",
        from: "const value = header.slice(blank + 1).trim();",
        to: 'const value = /^(\\S+) +(\\S.*?) *$/.exec(header)?.[2] ?? "";',
      },
    ],
    attacks: "tests/guards/linear-patterns.test.ts",
    wins: ["no pattern can go quadratic"],
  },
  {
    finding: 9,
    without: "an Authorization header that is read by index: the request",
    edits: [
      {
        file: "src/planes/blob/authenticate.ts",
        from: "const value = header.slice(blank + 1).trim();",
        to: 'const value = /^(\\S+) +(\\S.*?) *$/.exec(header)?.[2] ?? "";',
      },
    ],
    attacks: "tests/attacks/slow-texts.test.ts",
    wins: ["a header that is full of one thing"],
  },
  {
    finding: 9,
    without: "a filter that is read word by word, and its bound",
    edits: [
      {
        file: "src/planes/arm/request/rbac-filter.ts",
        from: "for (const part of clausesOf(text)) {",
        to: "for (const part of text.split(/\\s+and\\s+/i)) {",
      },
      {
        file: "src/planes/arm/request/rbac-filter.ts",
        from: "if (text.length > CHARACTERS_MAX) {",
        to: "if (text.length > 1e9 * CHARACTERS_MAX) {",
      },
    ],
    attacks: "tests/attacks/slow-texts.test.ts",
    wins: ["a filter that is full of one thing"],
  },
  {
    finding: 9,
    without: "one look at each piece of a container's listing",
    edits: [
      {
        file: "src/core/transfer/container-listing.ts",
        from: "  readXml(xml, ({ path, text, attributes }) => {",
        to: "  for (const _ of xml.slice(0, 150_000).matchAll(/<Blob>[^]*?<\\/Blob>/g)) length = 0;\n  readXml(xml, ({ path, text, attributes }) => {",
      },
    ],
    attacks: "src/core/transfer/container-listing.test.ts",
    wins: ["a hostile listing takes no longer"],
  },
  {
    finding: 10,
    without: "a bound for ranges of ids",
    edits: [
      {
        file: DEPENDENCIES,
        from: 'if (written > TASK_DEPENDENCY_RANGES_MAX_CHARACTERS) throw new Fault("TaskDependencyRangesTooLong");',
        to: "if (written > 1e9 * TASK_DEPENDENCY_RANGES_MAX_CHARACTERS) throw new Fault();",
      },
    ],
    attacks: "tests/attacks/task-dependencies.test.ts",
    wins: ["24,000 ranges of ids"],
  },
  {
    finding: 10,
    without: "a bound for ids",
    edits: [
      {
        file: DEPENDENCIES,
        from: 'if (characters > TASK_DEPENDENCY_IDS_MAX_CHARACTERS) throw new Fault("TaskDependencyListTooLong");',
        to: "if (characters > 1e9 * TASK_DEPENDENCY_IDS_MAX_CHARACTERS) throw new Fault();",
      },
    ],
    attacks: "tests/attacks/task-dependencies.test.ts",
    wins: ["50,000 ids of tasks"],
  },
  {
    finding: 10,
    without: "collections that are written in slices",
    edits: [
      {
        file: "src/app/tasks/task-add.ts",
        from: "rows + own > ROWS_PER_WRITE",
        to: "rows + own > 1e9 * ROWS_PER_WRITE",
      },
    ],
    attacks: "tests/attacks/task-dependencies.test.ts",
    wins: ["a collection full of ranges that do not meet"],
  },
  {
    finding: 10,
    without: "an end of a write's loops: jobs",
    edits: [
      {
        file: "src/app/write-slice.ts",
        from: "return performance.now() > this.#end;",
        to: "return this.#end < 0;",
      },
    ],
    attacks: "src/app/jobs/jobs-advance.test.ts",
    wins: ["thousands of running tasks", "thousands of tasks with many dependencies"],
  },
  {
    finding: 10,
    without: "an end of a write's loops: nodes",
    edits: [
      {
        file: "src/app/node-life/agent-connected.ts",
        from: "const NODES_PER_WRITE = 200;",
        to: "const NODES_PER_WRITE = 200_000;",
      },
      {
        file: "src/app/write-slice.ts",
        from: "return performance.now() > this.#end;",
        to: "return this.#end < 0;",
      },
    ],
    attacks: "src/app/node-life/agent-connected.test.ts",
    wins: ["all nodes of an agent that has died"],
  },
  {
    finding: 11,
    without: "turns among sources and accounts",
    edits: [
      {
        file: "src/app/sign-in/fair-turns.ts",
        from: 'this.#lanes[turn.isQuiet ? "quiet" : "other"].add',
        to: "this.#lanes.other.add",
      },
      {
        file: "src/app/sign-in/fair-turns.ts",
        from: "own.length >= WAITING_PER_ACCOUNT_AND_SOURCE",
        to: "own.length >= 1e9",
      },
      {
        file: "src/app/sign-in/fair-turns.ts",
        from: "if (this.#waiting.length > WAITING_MAX) this.#refuseGreediest();",
        to: "if (this.#waiting.length > WAITING_MAX) this.#waiting.pop()?.refuse();",
      },
      {
        file: "src/app/sign-in/fair-turns.ts",
        from: "last(a.source) - last(b.source) || last(accountKey(a)) - last(accountKey(b));",
        to: "Number(last(a.source) + last(accountKey(b)) < 0);",
      },
    ],
    attacks: "tests/attacks/password-guessing.test.ts",
    wins: ["88 wrong passwords for one account", "dozens of names that nobody has"],
  },
  {
    finding: 11,
    without: "places from which a user has signed in",
    edits: [
      {
        file: "src/app/sign-in/familiar-sources.ts",
        from: "return known === undefined || known.since < validFrom ? undefined : known;",
        to: "return known === undefined || known.since !== validFrom ? undefined : known;",
      },
    ],
    attacks: "tests/attacks/password-guessing.test.ts",
    wins: ["a stranger's ten wrong passwords"],
  },
  {
    finding: 11,
    without: "a hash for a name that nobody has",
    edits: [
      {
        file: PASSWORDS,
        from: "await verifyPassword(password.slice(0, MAX_PASSWORD), await this.#nobodysPassword());",
        to: "await this.#nobodysPassword();",
      },
    ],
    attacks: "tests/attacks/password-guessing.test.ts",
    wins: ["how long an answer takes"],
  },
];
