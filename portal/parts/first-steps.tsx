/** What to do in a new account, with commands that can be copied. */
import { CopyButton } from "./copy-button.tsx";

const STEPS: readonly (readonly [text: string, command: string])[] = [
  ["See it work: a pool of two nodes and a hundred real tasks", "npm run demo"],
  ["Run a program of yours; its Azure calls come here", "./bin/batchyard.js run -- python3 app.py"],
  ["List the jobs with the Azure CLI", "./bin/batchyard.js run -- az batch job list"],
];

export function FirstSteps({ account }: { readonly account: string }) {
  return (
    <div className="first-steps">
      <p>Nothing runs in {account} yet. Three things to do next:</p>
      <ol>
        {STEPS.map(([text, command]) => (
          <li key={command}>
            {text}
            <span className="command-line">
              <code>{command}</code>
              <CopyButton value={command} name="the command" />
            </span>
          </li>
        ))}
      </ol>
    </div>
  );
}
