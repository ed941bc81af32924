/** What a client was granted is asked at every sign-in of a user; the unique indexes, which are partial, do not answer it. */
import type { Migration } from "./migration.ts";

export const delegatedGrants: Migration = () => [
  "create index delegated_grant_client on delegated_grant (client_id, id)",
];
