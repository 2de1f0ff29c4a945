import { useEffect, useRef, useState } from "preact/hooks";
import type { IssuedRecord } from "./api";
import { describeExpiration } from "./expiration";
import { Dialog, Notice, copy } from "./ui";

/** Shows a new token, once. It can be closed only after copying the token or confirming that it is saved. */
export function RevealDialog(props: { issued: IssuedRecord; header: string; regenerated: boolean; onClose: () => void }) {
  const { issued } = props;
  const [copied, setCopied] = useState<"no" | "yes" | "failed">("no");
  const [stored, setStored] = useState(false);
  const [closeAttempted, setCloseAttempted] = useState(false);
  const field = useRef<HTMLInputElement>(null);
  const safe = copied === "yes" || stored;
  const isBearer = props.header.toLowerCase() === "authorization";
  const route = new URL("your-route", document.baseURI);
  const curl = `curl ${route} -H '${props.header}: ${isBearer ? "Bearer " : ""}${issued.token}'`;

  useEffect(() => {
    if (safe) return;
    const hold = (event: BeforeUnloadEvent) => event.preventDefault();
    addEventListener("beforeunload", hold);
    return () => removeEventListener("beforeunload", hold);
  }, [safe]);

  const copyIt = async (text: string) => {
    const done = await copy(text);
    setCopied(done ? "yes" : "failed");
    if (!done) field.current?.select();
  };
  return (
    <Dialog title={props.regenerated ? `${issued.name} has a new token` : `${issued.name} is ready`} onClose={props.onClose} locked={!safe} onLocked={() => setCloseAttempted(true)}>
      <Notice kind="warning">
        <strong>Copy the token now.</strong> You can’t see it again, because only a hash of it is stored.
      </Notice>
      <div class="token">
        <input ref={field} readOnly value={issued.token} aria-label="The token" spellcheck={false} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="primary" onClick={() => void copyIt(issued.token)}>
          {copied === "yes" ? "Copied ✓" : "Copy token"}
        </button>
      </div>
      <p role="status" class="quiet">
        {copied === "yes" && "Token copied."}
        {copied === "failed" && "Your browser blocked copying. The token is selected: copy it yourself."}
      </p>
      <details>
        <summary>Use it with curl</summary>
        <pre tabIndex={0}>{curl}</pre>
        <button type="button" onClick={() => void copyIt(curl)}>
          Copy command
        </button>
      </details>
      <p class="quiet">{describeExpiration(issued.expiresAt)}.</p>
      {copied !== "yes" && (
        <label class="tick">
          <input type="checkbox" checked={stored} onChange={(event) => setStored(event.currentTarget.checked)} />I’ve saved it another way
        </label>
      )}
      {closeAttempted && !safe && (
        <p class="error" role="alert">
          Copy the token, or confirm that you saved it. It’s gone once you close this dialog.
        </p>
      )}
      <div class="actions">
        <button type="button" disabled={!safe} onClick={props.onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}
