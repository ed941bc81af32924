/**
 * Looks for secrets where none may stand: the log and the data folder of a service that has ended, its database column by column. Finds
 * those that this process has seen, everything that looks like a token or a private key, and whatever a stored hash is the hash of: codes, sessions, refresh
 * tokens and applications' secrets are found without being known.
 *
 * Not searched: `credentials.json`, which is there to hold them; what tasks wrote (`nodes`) and users uploaded (`storage`), and the
 * copy of this machine's own configuration that nodes see (`sandboxes`, `machine`), whose words a test may have taken for a password. The
 * authority's and the seal's key are files of their own, readable by the owner alone.
 */
import { hash } from "node:crypto";
import {
  appendFileSync,
  copyFileSync,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, relative } from "node:path";
import { DatabaseSync } from "node:sqlite";
import { removeDataFolder } from "../../src/cli/service/data-folder.ts";
import { seenSecrets } from "./seen-secrets.fixture.ts";

const EXEMPT_FILES = new Set(["credentials.json", "ca-key.pem", "seal.key"]);
const EXEMPT_FOLDERS = new Set(["nodes", "storage", "sandboxes", "machine"]);
const DATABASE = "state.db";
/** Of a table, so many rows are taken apart; the file's bytes are searched as a whole. */
const MAX_ROWS = 10_000;

const SHAPES: readonly (readonly [what: string, RegExp])[] = [
  ["a token", /eyJ[\w-]{8,}\.eyJ[\w-]{8,}\.[\w-]{16,}/],
  ["a private key", /-----BEGIN [A-Z ]*PRIVATE KEY/],
];
/** As `newSecretToken` and `generateSecret` make them, and device codes' users type them. */
const OPAQUE = /(?<![\w-])(?:[\w-]{43}|[B-DF-HJ-NP-TV-Z2-9]{9})(?![\w-])/g;
const HASH = /^(?:[\w-]{43}|[0-9a-f]{64})$/;

/**
 * @param folder a data folder; undefined for a log alone
 * @throws Error telling what stands where, never the secret itself
 */
export function searchForLeaks(folder: string | undefined, log: string): void {
  const start = performance.now();
  const leaks = [...leaksIn("the log", log, Buffer.from(log))];
  const files = folder === undefined || !existsSync(folder) ? [] : searchedFiles(folder);
  let bytes = log.length;
  for (const file of files) {
    const content = readFileSync(file);
    bytes += content.length;
    leaks.push(...leaksIn(relative(folder ?? "", file), content.toString("latin1"), content));
  }
  const database = files.find((file) => file.endsWith(`/${DATABASE}`));
  if (database !== undefined) leaks.push(...hashedLeaks(database, log));
  record({ folder, bytes, secrets: seenSecrets.size, leaks, milliseconds: performance.now() - start });
  if (leaks.length > 0) throw new Error(`secrets in the clear: ${[...new Set(leaks)].join("; ")}`);
}

/** Searches, and removes the data folder or the one that holds it, whatever was found. */
export async function removeSearched(
  dataFolder: string,
  log: readonly string[],
  holder = dataFolder,
): Promise<void> {
  try {
    searchForLeaks(dataFolder, log.join("\n"));
  } finally {
    await removeDataFolder(holder, join(dataFolder, "agent"));
  }
}

/** All data folders at or below a folder. */
export function searchFoldersForLeaks(parent: string): void {
  for (const entry of readdirSync(parent, { withFileTypes: true })) {
    if (entry.isFile() && entry.name === DATABASE) searchForLeaks(parent, "");
    if (entry.isDirectory() && !EXEMPT_FOLDERS.has(entry.name))
      searchFoldersForLeaks(join(parent, entry.name));
  }
}

function searchedFiles(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return EXEMPT_FOLDERS.has(entry.name) ? [] : searchedFiles(path);
    return entry.isFile() && !EXEMPT_FILES.has(entry.name) ? [path] : [];
  });
}

function* leaksIn(where: string, text: string, bytes: Buffer): Generator<string> {
  for (const [what, shape] of SHAPES) if (shape.test(text)) yield `${what} in ${where}`;
  for (const [secret, what] of seenSecrets) if (bytes.includes(secret)) yield `${what} in ${where}`;
}

/** On a copy: a service that was killed left a log of writes beside the database, which opening it takes in. */
function hashedLeaks(database: string, log: string): string[] {
  const copies = mkdtempSync(join(tmpdir(), "leak-search-"));
  try {
    for (const suffix of ["", "-wal"])
      if (existsSync(database + suffix)) copyFileSync(database + suffix, join(copies, DATABASE + suffix));
    const opened = new DatabaseSync(join(copies, DATABASE));
    try {
      const candidates = new Map([...candidatesIn(log)].map((one) => [one, "the log"]));
      const hashes = new Set<string>();
      for (const [where, value] of textsOf(opened)) {
        if (HASH.test(value)) hashes.add(value);
        for (const one of candidatesIn(value)) candidates.set(one, where);
      }
      return [...candidates]
        .filter(([one]) => hashes.has(hash("sha256", one, "base64url")) || hashes.has(hash("sha256", one)))
        .map(([, where]) => `what a stored hash is of in ${where}`);
    } finally {
      opened.close();
    }
  } finally {
    rmSync(copies, { recursive: true });
  }
}

function* textsOf(database: DatabaseSync): Generator<readonly [where: string, value: string]> {
  const tables = database.prepare("select name from sqlite_master where type = 'table'").all();
  for (const { name: table } of tables)
    for (const row of database.prepare(`select * from "${table}" limit ${MAX_ROWS}`).iterate())
      for (const [column, value] of Object.entries(row))
        if (typeof value === "string") yield [`${table}.${column}`, value];
}

const candidatesIn = (text: string): Iterable<string> => text.match(OPAQUE) ?? [];

/** For the run's summary. */
export interface LeakSearch {
  readonly folder: string | undefined;
  readonly bytes: number;
  readonly secrets: number;
  readonly leaks: readonly string[];
  readonly milliseconds: number;
}

function record(search: LeakSearch): void {
  const file = process.env.BATCHYARD_LEAK_SEARCHES;
  if (file !== undefined) appendFileSync(file, `${JSON.stringify(search)}\n`);
}
