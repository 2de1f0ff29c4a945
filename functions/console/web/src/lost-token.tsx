import { useState } from "preact/hooks";
import { type Api, type Expiration, type IssuedRecord, isReadable, type TokenRecord } from "./api";
import { formatDateTime } from "./time";
import { ErrorNotice, Notice, useAction } from "./ui";

/** Checks whether a token was generated when no response arrived, and offers to regenerate it, because its secret is lost. */
export function LostToken(props: {
  api: Api;
  ownId: string;
  name: string;
  expiration: Expiration;
  onRetry: () => void;
  onRegenerated: (issued: IssuedRecord) => void;
}) {
  const { api, name } = props;
  /** The token of this name; null if none has it or its record is unreadable, and undefined before the check. */
  const [found, setFound] = useState<TokenRecord | null | undefined>(undefined);
  const { busy, error, run } = useAction();
  const check = () =>
    run(async (signal) => {
      // The list is in name order, so a token of exactly this name is first. A page may be empty although there is a next one.
      let cursor: string | null = null;
      do {
        const page = await api.list({ namePrefix: name, limit: 1, cursor }, signal);
        const [first] = page.tokens;
        if (first !== undefined) return setFound(first.name === name && isReadable(first) ? first : null);
        cursor = page.nextCursor;
      } while (cursor !== null);
      setFound(null);
    });
  const regenerate = (record: TokenRecord) =>
    run(async (signal) => {
      props.onRegenerated(await api.regenerate(record.id, record.version, props.expiration, signal));
    });
  /** Whether you generated the found token. */
  const isOwn = found?.createdBy.id === props.ownId;
  return (
    <Notice kind="danger" role="alert">
      {found === undefined && (
        <>
          <p>We don’t know whether {name} was generated, because no response arrived.</p>
          <button type="button" onClick={() => void check()} aria-disabled={busy}>
            Check
          </button>
        </>
      )}
      {found === null && (
        <>
          <p>{name} was not generated.</p>
          <button type="button" onClick={props.onRetry}>
            Try again
          </button>
        </>
      )}
      {found && isOwn && (
        <>
          <p>{name} was generated, but its secret did not arrive here. Regenerate the token to get a new secret.</p>
          <button type="button" onClick={() => void regenerate(found)} aria-disabled={busy}>
            Regenerate {name}
          </button>
        </>
      )}
      {found && !isOwn && (
        <p>
          {name} is the name of a token that {found.createdBy.name} generated on {formatDateTime(found.createdAt)}.
          Choose another name.
        </p>
      )}
      {error && <ErrorNotice error={error} />}
    </Notice>
  );
}
