/**
 * Hashes passwords of nodes' users. A hash takes some hundredths of a second of the service's own thread, and whoever may write pools can ask for
 * any number: so it is made piece by piece between other work, and accounts take turns, each with one hash at a time.
 */
import { randomBytes } from "node:crypto";
import { setImmediate } from "node:timers/promises";
import { Fault } from "../../core/fault.ts";
import { cryptPieces, cryptSalt } from "../../core/login/crypt-password.ts";
import { FairTurns } from "./fair-turns.ts";

export class NodePasswords {
  readonly #turns = new FairTurns(
    () => new Fault("ServerBusy", "Too many passwords of node users are set just now. Try again later."),
  );

  /**
   * As crypt(5) has it.
   * @param accountKey whose turn it is
   * @throws Fault ServerBusy
   */
  hash(accountKey: number, password: string): Promise<string> {
    const account = String(accountKey);
    return this.#turns.take({ source: account, account, isQuiet: true }, async () => {
      const pieces = cryptPieces(password, cryptSalt(randomBytes(16)));
      for (;;) {
        const { value, done } = pieces.next();
        if (done) return value;
        await setImmediate();
      }
    });
  }
}
