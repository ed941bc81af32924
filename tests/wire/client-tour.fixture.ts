/**
 * A client library on a tour: a program in its language (`programs/tours`) that calls its methods as it is told to, one after the other, and
 * the outcome of each operation. Knows how libraries name an operation's method; not what to call.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";

/** `ok`, the status and code of an error, or what went wrong before there was a reply. */
export type Outcome = "ok" | readonly [number, string | null] | string;

export interface TourOptions {
  readonly environment: NodeJS.ProcessEnv;
  /** What the library calls an operation, where that is not its id in another spelling. */
  readonly nameOf?: (operation: string) => string | undefined;
}

/** Methods that are called for one more reason than to be tried. */
interface Call {
  /** Begins an operation without waiting for its end. */
  readonly leaves?: boolean;
}

export class ClientTour {
  /** By operation: the first outcome that was not `ok`, else `ok`. */
  readonly seen = new Map<string, Outcome>();
  readonly #child: ChildProcess;
  readonly #lines: AsyncIterator<string>;
  readonly #methods: ReadonlyMap<string, string>;
  readonly #nameOf: TourOptions["nameOf"];
  readonly #tried = new Set<string>();

  private constructor(
    child: ChildProcess,
    lines: AsyncIterator<string>,
    methods: readonly string[],
    nameOf: TourOptions["nameOf"],
  ) {
    this.#child = child;
    this.#lines = lines;
    this.#methods = new Map(methods.map((name) => [folded(name), name]));
    this.#nameOf = nameOf;
  }

  /** @throws when the program ends before it has told its methods */
  static async open(
    [program = "", ...words]: readonly string[],
    { environment, nameOf }: TourOptions,
  ): Promise<ClientTour> {
    const child = spawn(program, words, { env: environment, stdio: ["pipe", "pipe", "inherit"] });
    const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
    const { value } = await lines.next();
    if (value === undefined) throw new Error(`${program} ${words.join(" ")} told no methods`);
    return new ClientTour(child, lines, JSON.parse(value), nameOf);
  }

  has(operation: string): boolean {
    return this.#method(operation) !== undefined;
  }

  /** Nothing where the library has no method for it. */
  async call(
    operation: string,
    path: readonly string[] = [],
    body?: object,
    { leaves = false }: Call = {},
  ): Promise<void> {
    const method = this.#method(operation);
    if (method === undefined) return;
    this.#tried.add(method);
    this.#child.stdin?.write(
      `${JSON.stringify({ method, path, ...(body && { body }), ...(leaves && { leaves }) })}\n`,
    );
    const { value } = await this.#lines.next();
    if (value === undefined) throw new Error(`the program ended at ${method}`);
    if ((this.seen.get(operation) ?? "ok") === "ok") this.seen.set(operation, JSON.parse(value));
  }

  untried(): readonly string[] {
    return [...this.#methods.values()].filter((name) => !this.#tried.has(name));
  }

  async close(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    this.#child.stdin?.end();
    await once(this.#child, "exit");
  }

  #method(operation: string): string | undefined {
    const name = this.#nameOf?.(operation);
    return this.#methods.get(folded(name ?? operation));
  }
}

/** `PoolClient.Add`, `pools.add`, `pool.add` and `Pool_Add` are one; so are `begin_create`, `beginCreateAndWait` and `create`. */
function folded(name: string): string {
  const at = name.search(/\.|(?<=^[A-Z][A-Za-z]*)_/);
  const plain = (text: string) => text.replaceAll("_", "").toLowerCase();
  const verb = plain(name.slice(at + 1)).replace(/^begin(?=[a-z])|andwait$|(?<=^delete)method$/g, "");
  const group = plain(name.slice(0, Math.max(at, 0))).replace(/client$|s$/, "");
  return `${group.replace(/operation$/, "")}.${verb}`;
}
