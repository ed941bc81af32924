/** What the NAT pools of a pool must be. Pure. Source: Azure Batch REST, "InboundNATPool", "NetworkSecurityGroupRule". */
import { INBOUND_NAT_POOLS_MAX, NETWORK_SECURITY_GROUP_RULES_MAX } from "../../wire/batch/limits.ts";
import type { InboundNATPool, NetworkSecurityGroupRule } from "../../wire/batch/models-types.gen.ts";
import { PropertyProblem } from "../model/property-problem.ts";
import { isSource, portRange } from "./endpoint-rules.ts";

const NAME = /^[A-Za-z\d](?:[\w.-]*\w)?$/;
/** The description names 22 and 3389 too. The service takes both for nodes with Linux: Terraform's acceptance tests and Microsoft's live tests have them. */
const RESERVED_BACKEND: ReadonlySet<number> = new Set([29_876, 29_877]);
const RESERVED_FRONTEND = [50_000, 55_000] as const;
const RANGE_MIN = 40;

type Range = readonly [first: number, last: number];

/** @param pools of the right types and each number within its limits; the first problem is told */
export function natPoolsProblem(pools: readonly InboundNATPool[]): PropertyProblem | null {
  const rules = pools.reduce((sum, pool) => sum + (pool.networkSecurityGroupRules?.length ?? 0), 0);
  if (pools.length > INBOUND_NAT_POOLS_MAX)
    return invalid(`may have at most ${INBOUND_NAT_POOLS_MAX} entries`, pools.length);
  if (rules > NETWORK_SECURITY_GROUP_RULES_MAX)
    return invalid(
      `may have at most ${NETWORK_SECURITY_GROUP_RULES_MAX} rules in all its entries together`,
      rules,
    );
  const before: InboundNATPool[] = [];
  const priorities = new Set<number>();
  for (const [at, pool] of pools.entries()) {
    const problem = problemOf(pool, before) ?? rulesProblem(pool.networkSecurityGroupRules, priorities);
    if (problem) return problem.within(`[${at}]`);
    before.push(pool);
  }
  return null;
}

function problemOf(pool: InboundNATPool, before: readonly InboundNATPool[]): PropertyProblem | null {
  const { name, backendPort, frontendPortRangeStart: first, frontendPortRangeEnd: last } = pool;
  if (!NAME.test(name))
    return invalid(
      "must be letters, digits, underscores, periods and hyphens, and begin and end with none of . and -",
      name,
    ).within("name");
  if (before.some((other) => other.name === name)) return invalid("must be unique", name).within("name");
  if (RESERVED_BACKEND.has(backendPort)) return invalid("is reserved", backendPort).within("backendPort");
  if (before.some((other) => other.backendPort === backendPort))
    return invalid("must be unique", backendPort).within("backendPort");
  if (last - first + 1 < RANGE_MIN)
    return invalid(`must leave at least ${RANGE_MIN} ports`, last).within("frontendPortRangeEnd");
  const range: Range = [first, last];
  if (overlaps(range, RESERVED_FRONTEND))
    return invalid("must not hold the reserved ports from 50000 to 55000", first).within(
      "frontendPortRangeStart",
    );
  if (before.some((other) => overlaps(range, [other.frontendPortRangeStart, other.frontendPortRangeEnd])))
    return invalid("must not overlap another range", first).within("frontendPortRangeStart");
  return null;
}

function rulesProblem(
  rules: readonly NetworkSecurityGroupRule[] | undefined,
  priorities: Set<number>,
): PropertyProblem | null {
  for (const [at, rule] of (rules ?? []).entries()) {
    const problem = ruleProblem(rule, priorities);
    if (problem) return problem.within(`[${at}]`).within("networkSecurityGroupRules");
    priorities.add(rule.priority);
  }
  return null;
}

function ruleProblem(
  rule: NetworkSecurityGroupRule,
  priorities: ReadonlySet<number>,
): PropertyProblem | null {
  const { priority, sourceAddressPrefix, sourcePortRanges = [] } = rule;
  if (priorities.has(priority)) return invalid("must be unique", priority).within("priority");
  if (!isSource(sourceAddressPrefix))
    return invalid("must be an address, a subnet, a tag or *", sourceAddressPrefix).within(
      "sourceAddressPrefix",
    );
  const ranges: Range[] = [];
  for (const [at, text] of sourcePortRanges.entries()) {
    const range = portRange(text);
    if (!range || ranges.some((other) => overlaps(range, other)))
      return invalid("must be a port, a range or *, and overlap no other", text)
        .within(`[${at}]`)
        .within("sourcePortRanges");
    ranges.push(range);
  }
  return null;
}

function overlaps([first, last]: Range, [otherFirst, otherLast]: Range): boolean {
  return first <= otherLast && otherFirst <= last;
}

function invalid(reason: string, value: unknown): PropertyProblem {
  return new PropertyProblem("InvalidPropertyValue", reason, value);
}
