/** The Batch account that the address names. */
import { useQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";
import { accountsList, type BatchAccount } from "../api/resource-manager.ts";
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

export const useMayHere = (): May => useMay(useAccount()?.id);
