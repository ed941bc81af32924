/** Applies the rule of api-versions (`served-version.ts`) for the planes, and says in the log which newer ones were asked for. */
import { type ServedVersion, servedVersion } from "./served-version.ts";

/** Of the log's lines: a peer decides what it asks for. */
const LINES_MAX = 100;

export class VersionDoor {
  readonly #isStrict: boolean;
  readonly #log: (line: string) => void;
  readonly #said = new Set<string>();

  /** @param isStrict newer versions than the newest known are refused */
  constructor(isStrict: boolean, log: (line: string) => void) {
    this.#isStrict = isStrict;
    this.#log = log;
  }

  /**
   * @param service whose versions these are, for the log: `Microsoft.Batch`, say
   * @param known oldest first
   */
  serve(service: string, asked: string, known: readonly string[]): ServedVersion {
    const served = servedVersion(asked, known, this.#isStrict);
    if ("version" in served && served.isNewer) this.#say(service, asked, served.version);
    return served;
  }

  #say(service: string, asked: string, version: string): void {
    const key = `${service} ${asked}`;
    if (this.#said.has(key) || this.#said.size >= LINES_MAX) return;
    this.#said.add(key);
    this.#log(
      `${service}: api-version ${asked} is newer than all that are known here, and answered as ${version} (--strict-versions refuses it)`,
    );
  }
}
