import { useRef, useState } from "preact/hooks";
import type { IssuedRecord } from "./api";
import { Dialog } from "./dialog";
import { describeExpiration } from "./expiration";
import { useUnloadWarning } from "./navigation";
import { settings } from "./settings";
import { copy, Notice } from "./ui";

/** Shows a new token, once. The user can close it only after copying the token or confirming that it is saved. */
export function RevealDialog(props: { issued: IssuedRecord; regenerated: boolean; onClose: () => void }) {
  const { issued } = props;
  const [copyResult, setCopyResult] = useState<"token copied" | "command copied" | "failed" | null>(null);
  const [saved, setSaved] = useState<"copied" | "confirmed" | null>(null);
  const [closeAttempted, setCloseAttempted] = useState(false);
  const text = useRef<HTMLElement>(null);
  const command = curl(settings.tokenHeader);

  useUnloadWarning(saved === null);

  const copyToken = async () => {
    const done = await copy(issued.token);
    setCopyResult(done ? "token copied" : "failed");
    if (done) setSaved("copied");
    else text.current?.focus();
  };
  const copyCommand = async () => setCopyResult((await copy(command)) ? "command copied" : "failed");
  return (
    <Dialog
      title={props.regenerated ? `${issued.name} has a new token` : `${issued.name} is ready`}
      onClose={props.onClose}
      locked={saved === null}
      onCloseWhileLocked={() => setCloseAttempted(true)}
    >
      <Notice kind="warning">
        <strong>Copy the token now.</strong> You can’t see it again, because only a hash of it is stored.
      </Notice>
      <div class="token" role="group" aria-label="Token">
        {/* Not a form field: browsers save the values of form fields in the profile, to restore them after a crash. */}
        <code ref={text} tabIndex={0} onFocus={(event) => getSelection()?.selectAllChildren(event.currentTarget)}>
          {issued.token}
        </code>
        <button type="button" class="primary" onClick={() => void copyToken()}>
          Copy token
        </button>
      </div>
      <p role="status" class="quiet">
        {copyResult === "token copied" && "Token copied."}
        {copyResult === "command copied" && "Command copied."}
        {copyResult === "failed" && "Your browser blocked copying. Select the text and copy it yourself."}
      </p>
      <details>
        <summary>Use it with curl</summary>
        <p>
          Run this command, then paste the token and press Enter. This keeps the token out of your shell history and the
          process list.
        </p>
        <pre tabIndex={0}>{command}</pre>
        <button type="button" onClick={() => void copyCommand()}>
          Copy command
        </button>
      </details>
      <p class="quiet">{describeExpiration(issued.expiresAt)}.</p>
      {saved !== "copied" && (
        <label class="tick">
          <input
            type="checkbox"
            checked={saved === "confirmed"}
            onChange={(event) => setSaved(event.currentTarget.checked ? "confirmed" : null)}
          />
          I’ve saved it another way
        </label>
      )}
      {closeAttempted && saved === null && (
        <p class="error" role="alert">
          Copy the token, or confirm that you saved it. You can’t see it again after you close this dialog.
        </p>
      )}
      <div class="actions">
        <button type="button" disabled={saved === null} onClick={props.onClose}>
          Done
        </button>
      </div>
    </Dialog>
  );
}

/** Returns a command for bash and zsh that asks for the token and sends it in the header. */
function curl(header: string): string {
  const url = new URL("your-route", document.baseURI);
  const scheme = header.toLowerCase() === "authorization" ? "Bearer " : "";
  const format = `${header.replaceAll("%", "%%")}: ${scheme}%s\\n`;
  return `read -rs TOKEN && printf ${quoted(format)} "$TOKEN" | curl -H @- ${quoted(String(url))}`;
}

/** Quotes a word for the shell. */
function quoted(word: string): string {
  return `'${word.replaceAll("'", "'\\''")}'`;
}
