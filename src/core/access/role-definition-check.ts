/**
 * Reads the body of a request that creates or updates a custom role, and says what is wrong with it. Pure: whether its scopes
 * exist, and whether its name is free, is for the use case to find out. Source: "Azure custom roles".
 */
import type { RoleDefinition, RolePermissions } from "../../wire/rbac/role-definition.ts";
import { Fault } from "../fault.ts";
import { parseScope } from "./scope.ts";

const ROLE_NAME_MAX_CHARACTERS = 512;
const DESCRIPTION_MAX_CHARACTERS = 2_048;
/** All four lists of all entries together. Ours: a role of every permission there is stays far below. */
const PATTERNS_MAX = 2_000;
const ASSIGNABLE_SCOPES_MAX = 2_000;
const PATTERN_MAX_CHARACTERS = 512;

const FIELDS = ["actions", "notActions", "dataActions", "notDataActions"] as const;

/** A star alone, or segments that each say something; a star may stand in any of them, but not beside another. */
const PATTERN = /^(\*|(?!.*(\*\*|\.\.))[\w.*-]+(\/[\w.*-]+)+)$/;

const ASSIGNABLE_SCOPE =
  /^(\/subscriptions\/[0-9a-f-]{36}(\/.*)?|\/providers\/Microsoft\.Management\/managementGroups\/[^/]+)$/i;

type Json = Readonly<Record<string, unknown>>;

/**
 * @param name the GUID that the path names
 * @param body parsed JSON: `{ properties: { roleName, description, type, permissions, assignableScopes } }`
 * @throws Fault naming the property: BadRequestFormat, InvalidActionOrNotAction, InvalidDataActionOrNotDataAction,
 * InvalidAssignableScope
 */
export function roleDefinitionOf(name: string, body: unknown): RoleDefinition {
  const properties = object(object(body, "the body").properties, "properties");
  const { roleName, description = "", type = "CustomRole", permissions, assignableScopes } = properties;
  if (type !== null && type !== "CustomRole") throw bad("properties.type", "must be 'CustomRole'");
  return {
    name,
    roleName: text(roleName, "properties.roleName", ROLE_NAME_MAX_CHARACTERS).trim(),
    type: "CustomRole",
    description:
      description === null || description === ""
        ? ""
        : text(description, "properties.description", DESCRIPTION_MAX_CHARACTERS),
    assignableScopes: scopesOf(assignableScopes),
    permissions: permissionsOf(permissions),
  };
}

function permissionsOf(value: unknown): RolePermissions[] {
  const entries = list(value, "properties.permissions").map((entry, index) => {
    const at = `properties.permissions[${index}]`;
    const given = object(entry, at);
    for (const refused of ["condition", "conditionVersion"]) {
      if ((given[refused] ?? null) !== null)
        throw bad(`${at}.${refused}`, "is not supported: roles have no conditions here");
    }
    const [actions, notActions, dataActions, notDataActions] = FIELDS.map((field) =>
      patternsOf(given[field], `${at}.${field}`, field),
    ) as [string[], string[], string[], string[]];
    return { actions, notActions, dataActions, notDataActions };
  });
  const patterns = entries.flatMap((entry) => FIELDS.flatMap((field) => entry[field]));
  if (patterns.length === 0)
    throw bad("properties.permissions", "must name at least one action or data action");
  if (patterns.length > PATTERNS_MAX)
    throw bad("properties.permissions", `may hold ${PATTERNS_MAX} actions and data actions together`);
  return entries;
}

function patternsOf(value: unknown, at: string, field: (typeof FIELDS)[number]): string[] {
  if (value === undefined || value === null) return [];
  return list(value, at).map((pattern) => {
    const written = text(pattern, at, PATTERN_MAX_CHARACTERS);
    if (PATTERN.test(written)) return written;
    const code = /data/i.test(field) ? "InvalidDataActionOrNotDataAction" : "InvalidActionOrNotAction";
    throw new Fault(
      code,
      `'${written}' in ${at} is no action: expected '{Company}.{Provider}/{type}/{action}', where '*' stands for any characters.`,
      { status: 400 },
    );
  });
}

function scopesOf(value: unknown): string[] {
  const at = "properties.assignableScopes";
  const scopes = list(value, at).map((scope) => text(scope, at, 2_048));
  if (scopes.length === 0) throw bad(at, "must name at least one scope");
  if (scopes.length > ASSIGNABLE_SCOPES_MAX) throw bad(at, `may hold ${ASSIGNABLE_SCOPES_MAX} scopes`);
  const wrong = scopes.find(
    (scope) => parseScope(scope) === undefined || scope.includes("*") || !ASSIGNABLE_SCOPE.test(scope),
  );
  if (wrong !== undefined) {
    throw new Fault(
      "InvalidAssignableScope",
      `'${wrong}' in ${at} must be a management group, a subscription, a resource group or a resource, without wildcards.`,
      { status: 400 },
    );
  }
  return scopes;
}

function object(value: unknown, at: string): Json {
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Json;
  throw bad(at, "must be an object");
}

function list(value: unknown, at: string): readonly unknown[] {
  if (Array.isArray(value)) return value;
  throw bad(at, "must be a list");
}

function text(value: unknown, at: string, max: number): string {
  if (typeof value !== "string" || value.trim() === "") throw bad(at, "must be a text that is not empty");
  if (value.length > max) throw bad(at, `may be ${max} characters long`);
  return value;
}

function bad(at: string, what: string): Fault {
  return new Fault("BadRequestFormat", `${at} ${what}.`, { status: 400 });
}
