/** A whole service whose clock the test moves, and a client of its data plane that needs no more than a line per request. */
import { BatchClient, type Json } from "./batch-client.fixture.ts";
import { eventually } from "./eventually.fixture.ts";
import {
  type RunningService,
  type RunningServiceOptions,
  runningService,
} from "./running-service.fixture.ts";

export interface Answer {
  readonly status: number;
  /** Parsed where it is JSON, text otherwise. */
  readonly body: Json;
}

export interface ClockedService {
  /** One request of the account's data plane, as its owner. */
  batch(method: string, path: string, body?: object, version?: string): Promise<Answer>;
  /** Moves the service's clock forward. */
  advance(milliseconds: number): Promise<void>;
  readonly service: RunningService;
  close(): Promise<void>;
}

export async function clockedService(
  isolation?: "namespace" | "process",
  more: RunningServiceOptions = {},
): Promise<ClockedService> {
  let ahead = 0;
  const service = await runningService({
    ...more,
    clock: () => Date.now() + ahead,
    ...(isolation && { isolation }),
  });
  let client = await BatchClient.connect(service);
  return {
    service,
    batch: async (method, path, body, version) => {
      const reply = await client.send(method, path, {
        ...(body !== undefined && { body }),
        ...(version !== undefined && { version }),
      });
      return { status: reply.status, body: reply.json ?? reply.text };
    },
    advance: async (milliseconds) => {
      ahead += milliseconds;
      // The token of before has expired, or will have soon.
      client.close();
      client = await BatchClient.connect(service);
    },
    close: async () => {
      client.close();
      await service.close();
    },
  };
}

/** Asks again until the answer is there. @throws Error naming what never came, with the last answer */
export async function until<T>(
  what: string,
  ask: () => Promise<T>,
  holds: (answer: T) => boolean,
): Promise<T> {
  let last: T | undefined;
  try {
    return await eventually(what, async () => {
      last = await ask();
      return holds(last) ? last : undefined;
    });
  } catch (error) {
    throw new Error(`${(error as Error).message}; at last: ${JSON.stringify(last)?.slice(0, 2_000)}`);
  }
}

export function poolOf(id: string, nodes: number, more: object = {}): object {
  return {
    id,
    vmSize: "standard_d2_v3",
    targetDedicatedNodes: nodes,
    virtualMachineConfiguration: {
      imageReference: { publisher: "debian", offer: "debian-12", sku: "12" },
      nodeAgentSKUId: "batch.node.debian 12",
    },
    ...more,
  };
}
