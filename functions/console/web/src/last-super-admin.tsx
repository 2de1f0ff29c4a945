import { useEffect, useState } from "preact/hooks";
import { type Api, isReadable } from "./api";
import { EMPTY_LISTING, loadPages } from "./listing";
import { stateOf } from "./time";
import { Notice } from "./ui";

/** Returns whether no other active token is a super admin. */
async function isLastSuperAdmin(api: Api, id: string, signal: AbortSignal): Promise<boolean> {
  const fetchPage = (cursor: string | null) => api.list({ limit: 100, cursor, status: "active" }, signal);
  for await (const { entries } of loadPages(fetchPage, EMPTY_LISTING, Number.POSITIVE_INFINITY)) {
    const hasOther = entries.some(
      (entry) =>
        entry.id !== id && isReadable(entry) && entry.permissions.type === "superAdmin" && stateOf(entry) !== "expired",
    );
    if (hasOther) return false;
  }
  return true;
}

/** Warns if the token with this id is the last super admin. */
export function LastSuperAdminWarning({ api, id }: { api: Api; id: string }) {
  const [isLast, setIsLast] = useState<boolean | null>(null);
  useEffect(() => {
    const controller = new AbortController();
    isLastSuperAdmin(api, id, controller.signal).then(setIsLast, () => setIsLast(null));
    return () => controller.abort();
  }, [id]);
  if (isLast !== true) return null;
  return (
    <Notice kind="danger" role="alert">
      <strong>This is the last super admin.</strong> Without it, nobody can manage tokens here. Only someone who may
      invoke the functions directly can then generate another one.
    </Notice>
  );
}
