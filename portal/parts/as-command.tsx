/** The same from a terminal: the command line, and the request that it makes. */
import { Button } from "react-aria-components/Button";
import { Disclosure, DisclosurePanel } from "react-aria-components/Disclosure";
import { Heading } from "react-aria-components/Heading";
import { CopyButton } from "./copy-button.tsx";

export interface Commands {
  readonly lines: readonly string[];
  /** Method and address. */
  readonly request: string;
}

export function AsCommand({ lines, request }: Commands) {
  return (
    <Disclosure className="as-command">
      <Heading level={2}>
        <Button slot="trigger" className="disclosure-button">
          As command
        </Button>
      </Heading>
      <DisclosurePanel>
        {[...lines, request].map((line) => (
          <div key={line} className="command-line">
            <code>{line}</code>
            <CopyButton value={line} name="the command" />
          </div>
        ))}
      </DisclosurePanel>
    </Disclosure>
  );
}
