import { useEffect, useRef, useState } from "preact/hooks";
import type { IssuedRecord } from "./api";
import { describeExpiration } from "./expiration";
import { Dialog, Notice, copy } from "./ui";

/** The token, this once. Cannot be closed before it was copied, or the person says that it is stored. */
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
        <strong>Copy the token now. It is shown this once</strong>, and nobody can show it again: only a hash of it is stored.
      </Notice>
      <div class="token">
        <input ref={field} readOnly value={issued.token} aria-label="The token" spellcheck={false} onFocus={(event) => event.currentTarget.select()} />
        <button type="button" class="primary" onClick={() => void copyIt(issued.token)}>
          {copied === "yes" ? "Copied ✓" : "Copy token"}
        </button>
      </div>
      <p role="status" class="quiet">
        {copied === "yes" && "The token is in the clipboard."}
        {copied === "failed" && "The browser did not let the page copy. The token is selected: copy it by hand."}
      </p>
      <details>
        <summary>Use it with curl</summary>
        <pre tabIndex={0}>{curl}</pre>
        <button type="button" onClick={() => void copyIt(curl)}>
          Copy the line
        </button>
      </details>
      <p class="quiet">{describeExpiration(issued.expiresAt)}.</p>
      {copied !== "yes" && (
        <label class="tick">
          <input type="checkbox" checked={stored} onChange={(event) => setStored(event.currentTarget.checked)} />I have stored it by other means
        </label>
      )}
      {closeAttempted && !safe && (
        <p class="error" role="alert">
          Copy the token first, or say that it is stored: once this is closed, it is gone.
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
