/** Every role assignment that was looked at, why it did not help, and the roles that would. */
import type { ExplainedDenial } from "../../api/access.ts";

const WHY: Readonly<Record<string, string>> = {
  "not-granted": "the role does not name it",
  "other-field": "named in the role's other field, where it does not count",
  subtracted: "the role's own not… list takes it away",
  scope: "assigned elsewhere",
  "no-role": "the role does not exist any more",
};

type Props = Pick<ExplainedDenial, "considered" | "builtInRoles"> & { readonly unlisted?: number };

export function Considered({ considered, builtInRoles, unlisted = 0 }: Props) {
  return (
    <>
      {considered.length === 0 ? (
        <p>There is no role assignment that could have helped.</p>
      ) : (
        <>
          <p>Role assignments considered:</p>
          <ul>
            {considered.map(({ roleName, scope, why }) => (
              <li key={`${roleName} ${scope} ${why}`}>
                <strong>{roleName}</strong> at {scope}: {WHY[why] ?? why}
              </li>
            ))}
            {unlisted > 0 && <li>and {unlisted} more</li>}
          </ul>
        </>
      )}
      <p>
        {builtInRoles.length === 0
          ? "No built-in role would do; a custom role that names the permission would."
          : `Any of these roles would do, the smallest first: ${builtInRoles.join(", ")}.`}
      </p>
    </>
  );
}
