/** The names under which clients on other machines reach a bound address: they join the allow-list and the local leaf. */
import { hostname, networkInterfaces } from "node:os";

export function isLoopback(bind: string | undefined): boolean {
  return bind === undefined || ["localhost", "127.0.0.1", "::1"].includes(bind);
}

/** Under which name agents on other machines reach it; undefined for loopback, which only those of this machine do. */
export function hostOfBind(bind: string | undefined): string | undefined {
  if (bind === undefined || isLoopback(bind)) return undefined;
  if (bind === "0.0.0.0" || bind === "::") return hostname();
  return bind;
}

/** @param bind absent for loopback alone, which needs no further names */
export function namesOfBind(bind: string | undefined): readonly string[] {
  if (bind === undefined) return [];
  if (bind !== "0.0.0.0" && bind !== "::") return [bind];
  const addresses = Object.values(networkInterfaces()).flatMap((network) => network ?? []);
  // A link-local address means something only together with the interface it is seen from.
  const reachable = addresses.filter(({ address }) => !address.startsWith("fe80:"));
  return [hostname(), ...reachable.map(({ address }) => address)];
}
