/** Refresh tokens may come again until they end: nobody asks any more when one was first used. */
import type { Migration } from "./migration.ts";

export const refreshTokensAgain: Migration = () => ["alter table refresh_token drop column used_at"];
