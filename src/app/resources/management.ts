/** What the use cases of management may use. */
import type { Store } from "../../store/store.ts";
import type { Sealing } from "../directory/sealing.ts";

export interface Management {
  readonly store: Store;
  /** Opens the accounts' keys. */
  readonly sealing: Sealing;
}
