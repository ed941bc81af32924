/** What the service fills in where a request left it out, by `SHOWN_DEFAULTS`. Pure, and the same in every api-version. */
import { batchApiVersions } from "../../wire/batch/api-versions.gen.ts";
import type { BatchModelName } from "../../wire/batch/models.gen.ts";
import { SHOWN_DEFAULTS } from "../../wire/batch/shown-defaults.ts";
import { isModelName, modelProperties } from "./model-table.ts";

type Values = Readonly<Record<string, unknown>>;

const NEWEST = batchApiVersions.length - 1;

/** The object's own properties; what lies within them stays as it is. */
export function withDefaults(model: BatchModelName, value: Values): Values {
  const left = Object.entries(SHOWN_DEFAULTS[model] ?? {}).filter(
    ([name, { beside }]) =>
      value[name] === undefined && (beside === undefined || value[beside] !== undefined),
  );
  return { ...value, ...Object.fromEntries(left.map(([name, { value: filled }]) => [name, filled])) };
}

/** All that lies within, too: two descriptions that mean the same are equal then. */
export function withAllDefaults(model: BatchModelName, value: Values): Values {
  const whole: Record<string, unknown> = { ...withDefaults(model, value) };
  for (const { name, type } of modelProperties(model, NEWEST).known) {
    const member = whole[name];
    if (!isModelName(type) || typeof member !== "object" || member === null) continue;
    whole[name] = Array.isArray(member)
      ? member.map((one: Values) => withAllDefaults(type, one))
      : withAllDefaults(type, member as Values);
  }
  return whole;
}
