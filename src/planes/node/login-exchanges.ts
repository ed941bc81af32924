/** Questions about who logs in to nodes that await an agent's answer, on one connection. */
import type { NodeLogin } from "../../app/ports/agent-gateway.ts";
import { Fault } from "../../core/fault.ts";
import type { FromAgent, NodeUserSpec, ToAgent } from "../../wire/agent/messages.ts";

type LoginMessage = Extract<FromAgent, { t: "login.open" | "login.refused" }>;

/** Milliseconds. */
const ANSWER_MS = 120_000;

interface Pending {
  readonly resolve: (login: NodeLogin) => void;
  readonly reject: (fault: Fault) => void;
}

export class LoginExchanges {
  readonly #send: (message: ToAgent) => void;
  readonly #pending = new Map<number, Pending>();
  #last = 0;

  constructor(send: (message: ToAgent) => void) {
    this.#send = send;
  }

  ask(nodeKey: string, users: readonly NodeUserSpec[] | undefined): Promise<NodeLogin> {
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const patience = setTimeout(() => {
        this.#pending.delete(id);
        reject(new Fault("OperationTimedOut", "The node did not answer in time."));
      }, ANSWER_MS).unref();
      this.#pending.set(id, {
        resolve: (login) => {
          clearTimeout(patience);
          resolve(login);
        },
        reject: (fault) => {
          clearTimeout(patience);
          reject(fault);
        },
      });
      this.#send({ t: "login.ask", id, nodeKey, ...(users && { users }) });
    });
  }

  receive(message: LoginMessage): void {
    const pending = this.#pending.get(message.id);
    this.#pending.delete(message.id);
    if (message.t === "login.open") pending?.resolve(message);
    else pending?.reject(new Fault("OperationNotValidOnNode", message.message));
  }

  /** The connection is gone: nobody will answer. */
  close(): void {
    for (const { reject } of this.#pending.values())
      reject(new Fault("OperationInvalidForCurrentState", "The node's connection was lost."));
    this.#pending.clear();
  }
}
