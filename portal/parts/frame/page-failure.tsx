/** A page that could not be shown at all: a fault of the portal, or files of a newer build. */
import type { ErrorComponentProps } from "@tanstack/react-router";
import { Button } from "react-aria-components/Button";

export function PageFailure({ error }: ErrorComponentProps) {
  return (
    <div className="notice" role="alert">
      <h1>This page cannot be shown</h1>
      <p>{error instanceof Error ? error.message : String(error)}</p>
      <Button className="button" onPress={() => location.reload()}>
        Load again
      </Button>
    </div>
  );
}
