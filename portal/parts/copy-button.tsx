/** Copies an id, key or address, and says so. */
import { useState } from "react";
import { Button } from "react-aria-components/Button";
import { Icon } from "./icon.tsx";

const SAID_MS = 1_500;

export function CopyButton({ value, name }: { readonly value: string; readonly name: string }) {
  const [isCopied, setCopied] = useState(false);
  const copy = async () => {
    await navigator.clipboard.writeText(value);
    setCopied(true);
    setTimeout(() => setCopied(false), SAID_MS);
  };
  return (
    <Button className="copy-button" aria-label={`Copy ${name}`} onPress={() => void copy()}>
      <Icon name={isCopied ? "done" : "copy"} />
      <span className="visually-hidden" aria-live="polite">
        {isCopied ? "Copied" : ""}
      </span>
    </Button>
  );
}
