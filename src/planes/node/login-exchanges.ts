/** Questions about who logs in to nodes that await an agent's answer, on one connection. */
import type { NodeLogin } from "../../app/ports/agent-gateway.ts";
import { Fault } from "../../core/fault.ts";
import type { FromAgent, NodeUserSpec, ToAgent } from "../../wire/agent/messages.ts";
import { AwaitedAnswers } from "./awaited-answers.ts";

type LoginMessage = Extract<FromAgent, { t: "login.open" | "login.refused" }>;

export class LoginExchanges {
  readonly #send: (message: ToAgent) => void;
  readonly #answers = new AwaitedAnswers<NodeLogin>();

  constructor(send: (message: ToAgent) => void) {
    this.#send = send;
  }

  ask(nodeKey: string, users: readonly NodeUserSpec[] | undefined): Promise<NodeLogin> {
    return this.#answers.ask((id) => this.#send({ t: "login.ask", id, nodeKey, ...(users && { users }) }));
  }

  receive(message: LoginMessage): void {
    if (message.t === "login.open") this.#answers.answer(message.id, message);
    else this.#answers.refuse(message.id, new Fault("OperationNotValidOnNode", message.message));
  }

  /** The connection is gone: nobody will answer. */
  close(): void {
    this.#answers.close();
  }
}
