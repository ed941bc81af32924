/** Findings 1 to 6: roles, consent, tokens, assertions, and who sees them. */
import type { Wall } from "./wall.ts";

const ROLES = "src/app/access/role-definitions.ts";
const EXCHANGE = "src/planes/entra/grants/on-behalf-of.ts";
const ACCESS = "src/app/access/access.ts";
const ASSERTION = "src/app/sign-in/client-assertion.ts";
const CLIENT = "src/planes/entra/request/client-authenticate.ts";
const SIGN_INS = "src/app/access/sign-in-log.ts";

const DISMISSED = "a dismissed user";
const DISABLED = "a disabled or deleted service principal";
const THROWN_OUT = "an application that was thrown out goes on";

const assignmentsLookedAt = {
  file: ROLES,
  from: "if (before !== undefined) await checkStillAssignable(c, author.tenantId, definition);",
  to: "",
};
const oldScopesAsked = { file: ROLES, from: "...(before?.assignableScopes ?? []), ", to: "" };

export const AUTHORIZATION: readonly Wall[] = [
  {
    finding: 1,
    without: "the right at a role's old scopes, and a look at what is assigned there",
    edits: [
      oldScopesAsked,
      assignmentsLookedAt,
      {
        file: "src/core/access/policy.ts",
        from: "if (!isAssignableAt(definition, scope, policy.managementGroupsOf)) return undefined;",
        to: "",
      },
    ],
    attacks: "tests/attacks/custom-roles.test.ts",
    wins: [
      "a resource group's owner redefines a role of the subscription",
      "a resource group's owner redefines a role of two groups",
    ],
  },
  {
    finding: 1,
    without: "the right at all scopes when a role is deleted",
    edits: [{ file: ROLES, from: 'checkRights("delete", definition.assignableScopes, rightAt);', to: "" }],
    attacks: "tests/attacks/custom-roles.test.ts",
    wins: ["a resource group's owner deletes"],
  },
  {
    finding: 1,
    without: "a look at what is assigned under a scope that is dropped",
    edits: [assignmentsLookedAt],
    attacks: "tests/attacks/custom-roles.test.ts",
    wins: ["a scope is dropped from a role"],
  },
  {
    finding: 2,
    without: "the Global Administrator's word for Microsoft Graph's own roles",
    edits: [
      {
        file: "src/core/access/graph-access.ts",
        from: 'caller.kind === "ServicePrincipal" || resourceAppId !== GRAPH_APP_ID || isGlobalAdministrator(caller)',
        to: "true",
      },
    ],
    attacks: "tests/attacks/consent.test.ts",
    wins: ["an Application Administrator consents", "a registration that grows"],
  },
  {
    finding: 3,
    without: "the sign-in's instant in an exchange",
    edits: [{ file: EXCHANGE, from: "const { authAt } = presented;", to: "const authAt = clock();" }],
    attacks: "tests/attacks/tokens-from-tokens.test.ts",
    wins: [
      "an access token from before revokeSignInSessions",
      "an access token from before a password reset",
    ],
  },
  {
    finding: 3,
    without: "a look at the user when a code or a device's approval is redeemed",
    edits: [
      {
        file: "src/planes/entra/request/user-client.ts",
        from: "if (authAt < user.sessionsValidFrom) throw aadsts(50173);",
        to: "",
      },
    ],
    attacks: "tests/attacks/tokens-from-tokens.test.ts",
    wins: ["a refresh token bought on behalf", "a code, a session and a device's approval"],
  },
  {
    finding: 3,
    without: "a look at the application whose token is exchanged",
    edits: [
      {
        file: EXCHANGE,
        from: 'if ((await applicationState(directory.read, tenant.id, presented.appId)) !== "active")',
        to: "if (tenant === undefined)",
      },
    ],
    attacks: "tests/attacks/tokens-from-tokens.test.ts",
    wins: ["an application that was thrown out lends"],
  },
  {
    finding: 4,
    without: "Resource Manager's question whether the bearer may still act",
    edits: [
      {
        file: "src/planes/arm/request/authenticate.ts",
        from: "const state = await access.stateOf(verdict.principal);",
        to: 'const state: string = access && "active";',
      },
    ],
    attacks: "tests/attacks/gone-principals.test.ts",
    wins: [DISMISSED, DISABLED],
  },
  {
    finding: 4,
    without: "Batch's question whether the bearer may still act",
    edits: [
      {
        file: "src/planes/batch/request/authenticate.ts",
        from: "const state = access.stateOf(principal);",
        to: 'const state = access && ("active" as PrincipalState | Promise<PrincipalState>);',
      },
    ],
    attacks: "tests/attacks/gone-principals.test.ts",
    wins: [DISMISSED, DISABLED, THROWN_OUT],
  },
  {
    finding: 4,
    without: "the blobs' question whether the bearer may still act",
    edits: [
      {
        file: "src/planes/blob/authenticate.ts",
        from: 'if ((await access.stateOf(verdict.principal)) !== "active") {',
        to: "if (access === undefined) {",
      },
    ],
    attacks: "tests/attacks/gone-principals.test.ts",
    wins: [DISMISSED, DISABLED],
  },
  {
    finding: 4,
    without: "the question about the application that a user's token was issued to",
    edits: [
      {
        file: ACCESS,
        from: 'if (state === "active" && kind === "User") state = await applicationState(read, tenantId, appId);',
        to: "",
      },
    ],
    attacks: "tests/attacks/gone-principals.test.ts",
    wins: [THROWN_OUT],
  },
  {
    finding: 4,
    without: "nothing allowed to whom the directory has no more",
    edits: [{ file: ACCESS, from: 'if ((await state) !== "active") return NOTHING_ALLOWED;', to: "" }],
    attacks: "tests/attacks/gone-principals.test.ts",
    wins: ["a deleted principal's delegation SAS"],
  },
  {
    finding: 4,
    without: "forgetting with each change of the directory",
    edits: [{ file: ACCESS, from: "directory.whenChanged(() => this.#forgetStates());", to: "" }],
    attacks: "tests/attacks/gone-principals.test.ts",
    wins: [DISMISSED, DISABLED],
  },
  {
    finding: 5,
    without: "a Map for the algorithms' names",
    edits: [
      {
        file: ASSERTION,
        from: "SIGNATURES.get(header.alg)",
        to: "(Object.fromEntries(SIGNATURES) as Record<string, object>)[header.alg as string]",
      },
    ],
    attacks: "tests/attacks/client-assertions.test.ts",
    wins: ["an algorithm that is a word of JavaScript"],
  },
  {
    finding: 5,
    without: "an end within a day",
    edits: [{ file: ASSERTION, from: " && until <= latestStart + LIFETIME_MAX_SECONDS", to: "" }],
    attacks: "tests/attacks/client-assertions.test.ts",
    wins: ["one assertion is good for ever"],
  },
  {
    finding: 5,
    without: "a look at when it begins",
    edits: [
      {
        file: ASSERTION,
        from: "const hasBegun = from <= latestStart && issued <= latestStart;",
        to: "const hasBegun = true;",
      },
    ],
    attacks: "tests/attacks/client-assertions.test.ts",
    wins: ["an assertion is made today for a day to come"],
  },
  {
    finding: 5,
    without: "a memory of the assertions' names",
    edits: [{ file: ASSERTION, from: 'if (jti !== "" && !memory', to: 'if (jti === "" && !memory' }],
    attacks: "tests/attacks/client-assertions.test.ts",
    wins: ["another assertion goes by the name"],
  },
  {
    finding: 5,
    without: "decimal digits only",
    edits: [
      {
        file: ASSERTION,
        from: 'typeof value === "string" && DECIMAL.test(value) ? Number(value) : Number.NaN',
        to: "Number(value)",
      },
    ],
    attacks: "tests/attacks/client-assertions.test.ts",
    wins: ["times as text"],
  },
  {
    finding: 5,
    without: "a look at an audience's host",
    edits: [
      {
        file: CLIENT,
        from: 'if (host === "" || !(AZURE_AUTHORITIES.test(host) || isOwnAuthority(host.toLowerCase()))) return false;',
        to: "if (isOwnAuthority(host) && !host) return false;",
      },
    ],
    attacks: "tests/attacks/client-assertions.test.ts",
    wins: ["an audience that only looks like ours"],
  },
  {
    finding: 5,
    without: "a look at an audience's tenant",
    edits: [
      {
        file: CLIENT,
        from: "return names.includes(name.toLowerCase());",
        to: 'return names.length > 0 && name !== "";',
      },
    ],
    attacks: "tests/attacks/client-assertions.test.ts",
    wins: ["an audience that only looks like ours"],
  },
  {
    finding: 5,
    without: "a look at the signature",
    edits: [
      {
        file: ASSERTION,
        from: 'if (!verify("sha256", signed, { key, ...form }, signature))',
        to: "if (!verify && signed && key && signature)",
      },
    ],
    attacks: "tests/attacks/client-assertions.test.ts",
    wins: ["a key that the assertion brings along"],
  },
  {
    finding: 5,
    without: "a look at what another issuer publishes as keys",
    edits: [
      {
        file: ASSERTION,
        from: 'filter((each): each is JsonWebKey => typeof each === "object" && each !== null)',
        to: "filter((each): each is JsonWebKey => true)",
      },
    ],
    attacks: "src/app/sign-in/client-assertion.test.ts",
    wins: ["an issuer that publishes"],
  },
  {
    finding: 6,
    without: "lines about sign-ins",
    edits: [
      {
        file: SIGN_INS,
        from: "this.#repeated.note(kindOf(event), () => this.#entryOf(event));",
        to: "",
      },
    ],
    attacks: "tests/attacks/unseen-sign-ins.test.ts",
    wins: ["a stolen secret is tried", "passwords are guessed until the account locks"],
  },
  {
    finding: 6,
    without: "counting what comes again and again",
    edits: [
      {
        file: SIGN_INS,
        from: "this.#repeated.note(kindOf(event), () => this.#entryOf(event));",
        to: "this.#append(this.#entryOf(event));",
      },
    ],
    attacks: "tests/attacks/unseen-sign-ins.test.ts",
    wins: ["a flood of refused secrets"],
  },
];
