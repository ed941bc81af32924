/** What a decision says, and what decided it: enough to explain every grant and every denial. */

import type { Grant } from "../../wire/access/access-api.ts";

/** A denial says nothing by itself: most are never asked about, so why is worked out by `explain`. */
export type Decision = { readonly allowed: true; readonly by: Grant } | { readonly allowed: false };
