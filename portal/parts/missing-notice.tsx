/** In the place of what the user may not see: what they lack, and which role would help. No error: they only came here. */
import { type Missing, missingReason } from "./may.ts";

interface Props {
  /** What is not shown. */
  readonly what: string;
  readonly missing: NonNullable<Missing>;
}

export function MissingNotice({ what, missing }: Props) {
  return (
    <div className="empty-table" role="note">
      <p>You may not see {what}.</p>
      <p className="nothing">
        {missingReason(missing)} Whoever administers this can assign it to you under Access control (IAM).
      </p>
    </div>
  );
}
