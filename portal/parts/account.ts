/** The Batch account that the address names. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { batchOf } from "../api/batch.ts";
import { accountsList, type BatchAccount } from "../api/resource-manager.ts";
import { Refusal } from "../api/service-request.ts";
import { type May, useMay } from "./may.ts";

export const useAccounts = () =>
  useQuery({ queryKey: ["accounts"], queryFn: accountsList, staleTime: 10_000 });

export function useAccountName(): string {
  return useParams({ strict: false }).account ?? "";
}

/** Undefined until it is known, and for an account that the user may not read. */
export function useAccount(): BatchAccount | undefined {
  const name = useAccountName().toLowerCase();
  return useAccounts().data?.find((account) => account.name.toLowerCase() === name);
}

/**
 * Whether the account's own pages have anything for the user. Who may not read the account may still hold a role for its jobs or pools
 * alone, which only the Batch service can tell. Undefined until it is known.
 */
export function useIsAccountVisible(): boolean | undefined {
  const name = useAccountName();
  const accounts = useAccounts();
  const isListed = useAccount() !== undefined;
  const isUnlisted = accounts.data !== undefined && !isListed && name !== "";
  const { data } = useQuery({
    queryKey: ["account-is-visible", name],
    queryFn: () => isAnythingReadable(name),
    enabled: isUnlisted,
    staleTime: 10_000,
  });
  return isUnlisted ? data : true;
}

async function isAnythingReadable(account: string): Promise<boolean> {
  const batch = batchOf(account);
  const asked = await Promise.allSettled([batch.jobs({ maxresults: 1 }), batch.pools({ maxresults: 1 })]);
  return !asked.every(
    ({ status, reason }: { status: string; reason?: unknown }) =>
      status === "rejected" && reason instanceof Refusal,
  );
}

export const useMayHere = (): May => useMay(useAccount()?.id);
