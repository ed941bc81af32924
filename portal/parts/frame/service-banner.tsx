/** Says when the service does not answer, and when the session has ended. What is on the page stays there meanwhile. */
import { useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { Button } from "react-aria-components/Button";
import { Unreachable } from "../../api/service-request.ts";
import { SessionEnded, signInAgain } from "../../api/session.ts";

export function ServiceBanner() {
  const cache = useQueryClient().getQueryCache();
  const trouble = useSyncExternalStore(
    (changed) => cache.subscribe(changed),
    () => {
      const errors = cache
        .getAll()
        .filter((query) => query.isActive())
        .map(({ state }) => state.error);
      if (errors.some((error) => error instanceof SessionEnded)) return "ended";
      return errors.some((error) => error instanceof Unreachable) ? "unreachable" : "none";
    },
  );
  if (trouble === "none") return null;
  return (
    <div className="banner" role="alert">
      {trouble === "ended" ? (
        <>
          Your session has ended. What you have typed stays here until you leave the page.{" "}
          <Button className="button" onPress={() => void signInAgain()}>
            Sign in again
          </Button>
        </>
      ) : (
        new Unreachable().message
      )}
    </div>
  );
}
