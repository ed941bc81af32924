/**
 * One process, one engine: loads the policy set, answers the questions, prints decisions per CPU-second and how many were allowed.
 *
 *   node decision-engines.ts ENGINE FOLDER ASSIGNMENTS QUESTIONS     FOLDER: where the peers' packages are installed
 */
import { createRequire } from "node:module";
import { join } from "node:path";
import { compilePolicy } from "../../src/core/access/policy.ts";
import { compilePrincipal } from "../../src/core/access/principal-access.ts";
import { type DecisionPolicy, decisionPolicy, type Question } from "./decision-policy.ts";

type Decide = (question: Question) => boolean;
type Load = (policy: DecisionPolicy, peers: NodeJS.Require) => Promise<Decide> | Decide;

const engines: Readonly<Record<string, Load>> = { batchyard, casbin, cedar };

const [engine = "", folder = "", assignments, questions] = process.argv.slice(2);
const policy = decisionPolicy(Number(assignments), Number(questions));
const decide = await engines[engine]?.(policy, createRequire(join(folder, "package.json")));
if (decide === undefined) throw new Error(`no engine ${engine}`);
for (const question of policy.questions.slice(0, policy.questions.length / 10)) decide(question);
let allowed = 0;
const started = process.cpuUsage();
for (const question of policy.questions) if (decide(question)) allowed++;
const { user, system } = process.cpuUsage(started);
const seconds = (user + system) / 1e6;
console.log(`${policy.questions.length / seconds} ${allowed}`);

function batchyard({ roles, assignments }: DecisionPolicy): Decide {
  const compiled = compilePolicy({ assignments, definitions: roles });
  const ids = new Set(assignments.map(({ principalId }) => principalId));
  const principals = new Map([...ids].map((id) => [id, compilePrincipal([id], compiled)]));
  return ({ principalId, permission, scope }) =>
    principals.get(principalId)?.decide(permission, scope).allowed === true;
}

/** Role-based access with domains, a domain being a scope; `keyMatch` for the stars. */
async function casbin({ roles, assignments }: DecisionPolicy, peers: NodeJS.Require): Promise<Decide> {
  const { newEnforcer, newModelFromString } = peers("casbin");
  const enforcer = await newEnforcer(
    newModelFromString(`
[request_definition]
r = sub, dom, act, kind
[policy_definition]
p = sub, act, kind
[role_definition]
g = _, _, _
[policy_effect]
e = some(where (p.eft == allow))
[matchers]
m = r.kind == p.kind && keyMatch(r.act, p.act) && g(r.sub, p.sub, r.dom)
`),
  );
  await enforcer.addNamedDomainMatchingFunc(
    "g",
    (scope: string, held: string) => scope === held || scope.startsWith(`${held}/`),
  );
  await enforcer.addPolicies(
    roles.flatMap(({ name, permissions }) =>
      permissions.flatMap(({ actions, dataActions }) => [
        ...actions.map((action) => [name, action, "action"]),
        ...dataActions.map((action) => [name, action, "dataAction"]),
      ]),
    ),
  );
  await enforcer.addGroupingPolicies(
    assignments.map(({ principalId, roleDefinitionId, scope }) => [principalId, roleDefinitionId, scope]),
  );
  return ({ principalId, permission, scope }) =>
    enforcer.enforceSync(principalId, scope, permission.name, permission.kind);
}

/** A template per role, linked once per assignment; policies parsed beforehand. A request brings the scopes above its resource. */
function cedar({ roles, assignments, questions }: DecisionPolicy, peers: NodeJS.Require): Decide {
  const { preparsePolicySet, statefulIsAuthorized } = peers("@cedar-policy/cedar-wasm/nodejs");
  // Cedar has no wildcards in names: a role's template lists those of the questions that it grants.
  const names = [...new Set(questions.map(({ permission }) => permission.name))];
  const templates = Object.fromEntries(
    roles.map(({ name, permissions }) => {
      const granted = permissions.flatMap(({ actions, dataActions }) => [...actions, ...dataActions]);
      const actions = names
        .filter((action) => granted.includes(action))
        .map((action) => `Action::"${action}"`);
      return [
        name,
        `permit(principal == ?principal, action in [${actions.join(", ")}], resource in ?resource);`,
      ];
    }),
  );
  const templateLinks = assignments.map(({ id, principalId, roleDefinitionId, scope }) => ({
    templateId: roleDefinitionId,
    newId: id,
    values: { "?principal": { type: "User", id: principalId }, "?resource": { type: "Scope", id: scope } },
  }));
  const parsed = preparsePolicySet("tenant", { staticPolicies: {}, templates, templateLinks });
  if (parsed.type !== "success") throw new Error(JSON.stringify(parsed.errors).slice(0, 500));
  return ({ principalId, permission, scope }) => {
    const account = scope.slice(0, scope.lastIndexOf("/pools/"));
    const answer = statefulIsAuthorized({
      principal: { type: "User", id: principalId },
      action: { type: "Action", id: permission.name },
      resource: { type: "Scope", id: scope },
      context: {},
      preparsedPolicySetId: "tenant",
      validateRequest: false,
      entities: [{ uid: { type: "Scope", id: scope }, attrs: {}, parents: [{ type: "Scope", id: account }] }],
    });
    return answer.response.decision === "allow";
  };
}
