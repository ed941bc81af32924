import type { User } from "../directory/user.ts";

/** A user who has proved who it is. */
export interface SignedInUser {
  readonly user: User;
  /** Epoch milliseconds. */
  readonly authAt: number;
  /** The id of the browser's session, as applications are told it; undefined where no browser signed in. */
  readonly sessionId?: string | undefined;
}
