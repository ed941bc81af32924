/** Filled and emptied to make free pages inside the database: whoever fills the disk cannot take what is not free there. */
import type { Migration } from "./migration.ts";

export const diskReserve: Migration = () => ["create table disk_reserve (room blob not null)"];
