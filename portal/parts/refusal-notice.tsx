/** What the service said instead of doing what was asked, with the way to its explanation. */
import { Link } from "@tanstack/react-router";
import { Refusal, Unreachable } from "../api/service-request.ts";
import { SessionEnded } from "../api/session.ts";

export function RefusalNotice({ error }: { readonly error: unknown }) {
  if (error === null || error === undefined) return null;
  // The banner says these, once for the page.
  if (error instanceof Unreachable || error instanceof SessionEnded) return null;
  const refusal = error instanceof Refusal ? error : undefined;
  return (
    <div className="refusal" role="alert">
      {refusal && <strong>{refusal.code}</strong>}
      <p className="said">{error instanceof Error ? error.message : String(error)}</p>
      {refusal?.isForbidden && refusal.requestId && (
        <Link to="/refusals" search={{ selected: refusal.requestId }}>
          Why was this refused?
        </Link>
      )}
    </div>
  );
}
