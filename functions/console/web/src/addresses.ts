// Conversion of a token's allowed addresses between the API and the form, and their validation.
import { ALL, parseValues } from "./permissions";
import type { FieldValue } from "./values";

/** Returns what the form shows for the addresses of a record, where `null` means any address. */
export const addressesOf = (allowedIps: readonly string[] | null): FieldValue => ({
  values: [...(allowedIps ?? [ALL])],
  typed: "",
});

/** Returns the addresses as the API accepts them, with those that are still being typed. */
export function toAllowedIps({ values, typed }: FieldValue): string[] | null {
  const addresses = [...values, ...parseValues(typed, values)];
  return addresses[0] === ALL ? null : addresses;
}

/** Returns an error message for addresses that cannot be sent, or null. The server validates more strictly. */
export function addressesError(addresses: FieldValue): string | null {
  return toAllowedIps(addresses)?.length === 0 ? "Enter one or more addresses, or select “Any address”" : null;
}
