/** Questions that await one answer of an agent each, by number, on one connection. */
import { Fault } from "../../core/fault.ts";

/** Milliseconds. */
const ANSWER_MS = 120_000;

interface Pending<Answer> {
  readonly resolve: (answer: Answer) => void;
  readonly reject: (fault: Fault) => void;
}

export class AwaitedAnswers<Answer> {
  readonly #pending = new Map<number, Pending<Answer>>();
  #last = 0;

  /** @param say sends the question of this number. @throws Fault OperationTimedOut, those of `refuse` and of `close` */
  ask(say: (id: number) => void): Promise<Answer> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const patience = setTimeout(
        () => this.refuse(id, new Fault("OperationTimedOut", "The node did not answer in time.")),
        ANSWER_MS,
      ).unref();
      const done = () => clearTimeout(patience);
      this.#pending.set(id, {
        resolve: (answer) => {
          done();
          resolve(answer);
        },
        reject: (fault) => {
          done();
          reject(fault);
        },
      });
      say(id);
    });
  }

  /** Of a question that nobody waits for any more it is passed over, as in `refuse`. */
  answer(id: number, answer: Answer): void {
    this.#take(id)?.resolve(answer);
  }

  refuse(id: number, fault: Fault): void {
    this.#take(id)?.reject(fault);
  }

  /** The connection is gone: nobody will answer. */
  close(): void {
    for (const id of [...this.#pending.keys()])
      this.refuse(id, new Fault("OperationInvalidForCurrentState", "The node's connection was lost."));
  }

  #take(id: number): Pending<Answer> | undefined {
    const pending = this.#pending.get(id);
    this.#pending.delete(id);
    return pending;
  }
}
