/** What every stage of the start is given. */
import type { ServiceOptions } from "./service-options.ts";

/** How to take down what has been opened, in the order of opening; it is done backwards. */
export type Undo = (() => unknown)[];

export interface Stage {
  readonly options: ServiceOptions;
  readonly undo: Undo;
  readonly log: (line: string) => void;
}
