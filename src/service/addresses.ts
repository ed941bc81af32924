/**
 * Where this service answers: known only once its listeners are open, yet asked for by parts that are made before them. Made first,
 * filled once; who asks too early is told so. Also tells when an account or a storage account has come or gone.
 */
import type { Listeners } from "./listeners.ts";

export class Addresses {
  /** Whether only this machine reaches the ports. */
  readonly isOnLoopback: boolean;
  readonly #localNames: readonly string[];
  readonly #onChange: (() => void)[] = [];
  #listeners: Listeners | undefined;

  /** @param localNames names and addresses of this machine, none in brackets */
  constructor(isOnLoopback: boolean, localNames: readonly string[]) {
    this.isOnLoopback = isOnLoopback;
    this.#localNames = localNames;
  }

  fill(listeners: Listeners): void {
    if (this.#listeners) throw new Error("the addresses are known already");
    this.#listeners = listeners;
  }

  /** @throws Error before they are open */
  get listeners(): Listeners {
    if (!this.#listeners) throw new Error("no port is open yet");
    return this.#listeners;
  }

  /** Undefined before it is open. */
  get blobPort(): number | undefined {
    return this.#listeners?.blob.port;
  }

  /** The port of a Batch account; undefined while it has none. */
  accountPort(accountKey: number): number | undefined {
    return this.#listeners?.accounts.of(accountKey);
  }

  /** Whether a URL is one of the main port's, by any of this machine's names. */
  isOwnUrl(url: string): boolean {
    const match = /^https:\/\/(localhost|127\.0\.0\.1|\[::1\]):(\d{1,5})\/?$/i.exec(url);
    return match !== null && Number(match[2]) === this.listeners.main.port;
  }

  /** The origin of pages without a certificate's warning; undefined where others than this machine would read them in the clear. */
  get pagesOrigin(): string | undefined {
    return this.isOnLoopback ? `http://localhost:${this.listeners.plain.port}` : undefined;
  }

  /** Where pages of the token service answer. */
  get pagePorts(): readonly number[] {
    const { main, plain } = this.listeners;
    return this.isOnLoopback ? [plain.port, main.port] : [main.port];
  }

  /** The portal's address for a user of this machine. */
  get portal(): string {
    return this.pagesOrigin
      ? `${this.pagesOrigin}/`
      : `https://localhost:${this.listeners.main.port}/portal/`;
  }

  /** The portal's origins as a browser writes them; in clear only where nobody but this machine reaches it. */
  get portalOrigins(): readonly string[] {
    const { main, plain } = this.listeners;
    const at = (scheme: string, port: number) =>
      this.#localNames.map((name) => `${scheme}://${name.includes(":") ? `[${name}]` : name}:${port}`);
    const inClear = this.isOnLoopback ? at("http", plain.port) : [];
    return [...inClear, ...at("https", main.port), "https://portal.azure.com"];
  }

  whenChanged(listener: () => void): void {
    this.#onChange.push(listener);
  }

  /** An account, or a storage account, has come or gone. */
  changed(): void {
    for (const listener of this.#onChange) listener();
  }
}
