/** Nodes of a pool have numbers, by which the ports that lead to them are told apart. */
import type { Migration } from "./migration.ts";

export const nodeNumbers: Migration = () => ["alter table node add column number integer not null default 0"];
