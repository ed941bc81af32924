/** What the command of a task, or of a start task, finds: its environment and its files, one row each. */
import type { Filled } from "./body-fields.tsx";
import { BodyRows } from "./body-rows.tsx";

interface Props {
  readonly form: Filled;
  readonly path: string;
  readonly label: string;
}

export function EnvironmentRows(props: Props) {
  return (
    <BodyRows
      {...props}
      entry="setting"
      columns={[
        { path: "name", label: "Name" },
        { path: "value", label: "Value" },
      ]}
    />
  );
}

export function ResourceFileRows(props: Props) {
  return (
    <BodyRows
      {...props}
      entry="file"
      columns={[
        { path: "httpUrl", label: "URL" },
        { path: "filePath", label: "Path on the node" },
      ]}
    />
  );
}
