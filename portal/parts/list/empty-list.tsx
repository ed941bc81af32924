/** What stands where a list has nothing yet: what it is for, and the command after which it has something. */
import { CopyButton } from "../copy-button.tsx";

export interface EmptyText {
  readonly text: string;
  /** A line for a terminal; words in capitals are to be replaced. */
  readonly command: string;
}

export function EmptyList({ text, command }: EmptyText) {
  return (
    <div className="empty-list">
      <p className="nothing">{text}</p>
      <span className="command-line">
        <code>{command}</code>
        <CopyButton value={command} name="the command" />
      </span>
    </div>
  );
}
