/** Jobs whose pool could not be made say why. */
import type { Migration } from "./migration.ts";

export const schedulingErrors: Migration = () => ["alter table job add column scheduling_error text"];
