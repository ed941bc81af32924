/** Requests for nodes' journals that await an agent's answer, on one connection. */
import { Fault } from "../../core/fault.ts";
import type { FromAgent, NodeLogsAsk, ToAgent } from "../../wire/agent/messages.ts";
import { AwaitedAnswers } from "./awaited-answers.ts";

type LogsMessage = Extract<FromAgent, { t: "logs.sent" | "logs.refused" }>;

/** Of one node at a time; ours. */
const UPLOADS_MAX = 4;

export class LogsExchanges {
  readonly #send: (message: ToAgent) => void;
  readonly #answers = new AwaitedAnswers<number>();
  readonly #underWay = new Map<string, number>();

  constructor(send: (message: ToAgent) => void) {
    this.#send = send;
  }

  /**
   * @returns how many files were sent
   * @throws Fault OperationInvalidForCurrentState; InvalidPropertyValue of `containerUrl` for what the node could not send
   */
  async ask(nodeKey: string, logs: NodeLogsAsk): Promise<number> {
    const others = this.#underWay.get(nodeKey) ?? 0;
    if (others >= UPLOADS_MAX)
      throw new Fault(
        "OperationInvalidForCurrentState",
        `${UPLOADS_MAX} uploads of this node's logs are under way: wait for one to end.`,
      );
    this.#underWay.set(nodeKey, others + 1);
    try {
      return await this.#answers.ask((id) => this.#send({ t: "logs.ask", id, nodeKey, logs }));
    } finally {
      const left = (this.#underWay.get(nodeKey) ?? 1) - 1;
      if (left > 0) this.#underWay.set(nodeKey, left);
      else this.#underWay.delete(nodeKey);
    }
  }

  receive(message: LogsMessage): void {
    if (message.t === "logs.sent") this.#answers.answer(message.id, message.files);
    else this.#answers.refuse(message.id, unsent(message.message));
  }

  /** The connection is gone: nobody will answer. */
  close(): void {
    this.#answers.close();
  }
}

function unsent(reason: string): Fault {
  const values = [
    { key: "PropertyName", value: "containerUrl" },
    { key: "Reason", value: reason },
  ];
  return new Fault("InvalidPropertyValue", "", { values });
}
