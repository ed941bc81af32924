import { expect, test } from "vitest";
import { BATCH_PERMISSIONS } from "../../wire/rbac/batch-permissions.ts";
import { OWNER, READER } from "../../wire/rbac/built-in-roles.ts";
import type { Permission } from "../../wire/rbac/permission.ts";
import { ACCOUNT, ALICE, assign, customRole, GROUP, policyOf, SUBSCRIPTION } from "./policy.fixture.ts";
import { compilePolicy, type Policy, type RoleAssignment } from "./policy.ts";
import { CONSIDERED_MAX, compilePrincipal } from "./principal-access.ts";

test("what holds nearest to the resource decides", () => {
  const assignments = [
    assign(READER, SUBSCRIPTION),
    assign(READER, "/"),
    assign(READER),
    assign(READER, GROUP),
  ];
  const access = compilePrincipal([ALICE], compilePolicy(policyOf(assignments)));
  const byScope = (scope: string) => {
    const decision = access.decide(BATCH_PERMISSIONS.read, scope);
    return decision.allowed && decision.by.scope;
  };
  expect(byScope(`${ACCOUNT}/pools/p`)).toBe(ACCOUNT);
  expect(byScope(`${ACCOUNT}2`)).toBe(GROUP);
  expect(byScope(`${GROUP}2`)).toBe(SUBSCRIPTION);
  expect(byScope("/subscriptions/other")).toBe("/");
});

test("a denial lists a bounded number of assignments", () => {
  const elsewhere = Array.from({ length: 1_000 }, (_, i) => assign(OWNER, `${GROUP}${i}`));
  const access = compilePrincipal([ALICE], compilePolicy(policyOf([...elsewhere, assign(READER)])));
  const considered = access.explain(BATCH_PERMISSIONS["pools/write"], ACCOUNT);
  expect(considered).toHaveLength(CONSIDERED_MAX);
  expect(considered[0]?.why).toBe("not-granted");
});

test("a policy compiles no role that nobody asked about", () => {
  const broken = new Proxy(customRole("broken", {}), {
    get(target, key) {
      if (key === "permissions") throw new Error("compiled");
      return Reflect.get(target, key);
    },
  });
  const policy = compilePolicy(policyOf([assign(READER), assign(broken, ACCOUNT, "someone")], [broken]));
  expect(compilePrincipal([ALICE], policy).decide(BATCH_PERMISSIONS.read, ACCOUNT).allowed).toBe(true);
  expect(() => compilePrincipal(["someone"], policy)).toThrow("compiled");
});

test("compiled decisions agree with a plain reading of any policy", () => {
  const random = sequence(7);
  const scopes = ["/", SUBSCRIPTION, GROUP, ACCOUNT, `${ACCOUNT}2`, `${ACCOUNT}/pools/p`];
  const patterns = ["*", "*/read", "Microsoft.Batch/*", "Microsoft.Batch/batchAccounts/pools/*", "*/write"];
  const permissions = Object.values(BATCH_PERMISSIONS);
  const some = <T>(options: readonly T[]) => options.filter(() => random() < 0.3);
  const one = <T>(options: readonly T[]) => options[Math.floor(random() * options.length)] as T;

  let allowed = 0;
  for (let round = 0; round < 300; round++) {
    const roles = ["a", "b", "c"].map((name) => ({
      ...customRole(name, {
        actions: some(patterns),
        notActions: some(patterns),
        dataActions: some(patterns),
        notDataActions: some(patterns),
      }),
      assignableScopes: random() < 0.7 ? ["/"] : some(scopes),
    }));
    const assignments = roles.map((role) => assign(role, one(scopes), one([ALICE, "other"])));
    const policy = policyOf(assignments, roles);
    const access = compilePrincipal([ALICE], compilePolicy(policy));
    for (let question = 0; question < 10; question++) {
      const [permission, scope] = [one(permissions), one(scopes)];
      const decision = access.decide(permission, scope);
      expect(decision.allowed).toBe(plainly(policy, permission, scope));
      if (decision.allowed) allowed++;
    }
  }
  expect(allowed).toBeGreaterThan(100);
});

function plainly(policy: Policy, { name, kind }: Permission, scope: string): boolean {
  const [granted, subtracted] =
    kind === "action" ? (["actions", "notActions"] as const) : (["dataActions", "notDataActions"] as const);
  const has = (patterns: readonly string[]) =>
    patterns.some((pattern) => new RegExp(`^${pattern.replaceAll("*", ".*")}$`, "i").test(name));
  const contains = (outer: string, inner: string) =>
    `${inner}/`.startsWith(outer === "/" ? "/" : `${outer}/`);
  const holds = (assignment: RoleAssignment) =>
    assignment.principalId === ALICE && contains(assignment.scope, scope);
  const definitions = [...policy.definitions];
  return [...policy.assignments].filter(holds).some((assignment) =>
    definitions
      .filter((role) => assignment.roleDefinitionId.endsWith(`/${role.name}`))
      .filter((role) => role.assignableScopes.some((outer) => contains(outer, assignment.scope)))
      .some((role) => role.permissions.some((entry) => has(entry[granted]) && !has(entry[subtracted]))),
  );
}

function sequence(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}
