/** Says when the service does not answer, and when the session has ended. What is on the page stays there meanwhile. */
import { useQuery, useQueryClient } from "@tanstack/react-query";
import { useSyncExternalStore } from "react";
import { Button } from "react-aria-components/Button";
import { answering } from "../../api/answering.ts";
import { Unreachable } from "../../api/service-request.ts";
import { SessionEnded, signInAgain } from "../../api/session.ts";

/** Milliseconds between two looks whether the service answers: a page on which somebody types asks for nothing else. */
const HEARTBEAT_MS = 3_000;

export function ServiceBanner() {
  const queries = useQueryClient();
  useQuery({ queryKey: ["answering"], queryFn: answering, refetchInterval: HEARTBEAT_MS });
  const trouble = useSyncExternalStore(
    (changed) => {
      const ends = [
        queries.getQueryCache().subscribe(changed),
        queries.getMutationCache().subscribe(changed),
      ];
      return () => {
        for (const end of ends) end();
      };
    },
    () => {
      const cache = queries.getQueryCache();
      const done = queries.getMutationCache().getAll().at(-1)?.state.error;
      if (done instanceof SessionEnded) return "ended";
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
          Your session has ended. What you have typed is kept until you have signed in again.{" "}
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
