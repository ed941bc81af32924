/** What somebody may do at a scope, and why. */
import { useMutation } from "@tanstack/react-query";
import { useRouter } from "@tanstack/react-router";
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { Form } from "react-aria-components/Form";
import { BATCH_PERMISSIONS, type BatchPermission } from "../../../src/wire/rbac/batch-permissions.ts";
import { type AccessCheck, accessCheck } from "../../api/access.ts";
import { Choice } from "../../parts/choice.tsx";
import { RefusalNotice } from "../../parts/refusal-notice.tsx";
import { TextBox } from "../../parts/text-box.tsx";
import { Considered } from "./considered.tsx";

const PERMISSIONS = Object.keys(BATCH_PERMISSIONS).map((name) => [name, name] as const);

export function CheckAccess({ scope }: { readonly scope: string }) {
  const { user } = useRouter().options.context;
  const [principal, setPrincipal] = useState(user.username);
  const [permission, setPermission] = useState<string>("jobs/write");
  const checking = useMutation({
    mutationFn: () => accessCheck(principal, BATCH_PERMISSIONS[permission as BatchPermission], scope),
  });
  const check = checking.data;
  return (
    <section className="section" aria-label="Check access">
      <Form
        className="form"
        onSubmit={(event) => {
          event.preventDefault();
          checking.mutate();
        }}
      >
        <TextBox
          label="Who"
          value={principal}
          onChange={setPrincipal}
          description="User name, application ID or object ID"
        />
        <Choice
          label="Microsoft.Batch/batchAccounts/…"
          value={permission}
          options={PERMISSIONS}
          onChange={setPermission}
        />
        <div>
          <Button type="submit" className="button primary" isDisabled={checking.isPending}>
            Check access
          </Button>
        </div>
      </Form>
      <RefusalNotice error={checking.error} />
      {check && (
        <div className="card" role="status">
          <Answer check={check} />
        </div>
      )}
    </section>
  );
}

function Answer({ check }: { readonly check: AccessCheck }) {
  const { principal, allowed, operations, by } = check;
  const isAllowed = allowed || operations?.allowed === true;
  const grants = by ? [by] : (operations?.by ?? []);
  return (
    <>
      <h3>
        {principal.displayName}: {isAllowed ? "allowed" : "not allowed"}
      </h3>
      {isAllowed && !allowed && (
        <p>Not by this permission itself: the service also lets those in who may read the account's keys.</p>
      )}
      {isAllowed &&
        grants.map(({ roleName, scope, pattern }) => (
          <p key={`${roleName} ${scope}`}>
            By the role {roleName} at {scope}, whose entry <code>{pattern}</code> grants it.
          </p>
        ))}
      {!isAllowed && <Considered {...check} />}
    </>
  );
}
