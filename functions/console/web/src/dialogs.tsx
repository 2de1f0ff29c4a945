// Dialogs that confirm what cannot be undone. The most dangerous actions require typing the token's name.
import { useState } from "preact/hooks";
import type { Api, Entry, IssuedRecord, TokenRecord } from "./api";
import { isReadable } from "./api";
import { ExpirationForm, defaultChoice, describeExpiration, expirationError, toExpiration } from "./expiration";
import { Dialog, ErrorNotice, Field, Notice, useAction } from "./ui";

function TypedName(props: { name: string; typed: string; onType: (typed: string) => void }) {
  return (
    <Field label={`Type ${props.name} to confirm`}>
      {(control) => (
        <input {...control} value={props.typed} autocomplete="off" spellcheck={false} autocapitalize="none" onInput={(event) => props.onType(event.currentTarget.value)} />
      )}
    </Field>
  );
}

export function ConfirmSuperAdmin(props: { name: string; onConfirm: () => void; onClose: () => void }) {
  const [sure, setSure] = useState(false);
  return (
    <Dialog title="Generate a super-admin token?" onClose={props.onClose}>
      <Notice kind="warning">
        Anyone with <strong>{props.name}</strong> can call every route, and generate, change and delete all tokens, including yours.
      </Notice>
      <label class="tick">
        <input type="checkbox" checked={sure} onChange={(event) => setSure(event.currentTarget.checked)} />Give this token full access
      </label>
      <div class="actions">
        <button type="button" class="primary" disabled={!sure} onClick={props.onConfirm}>
          Generate super-admin token
        </button>
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}

export function RegenerateDialog(props: { api: Api; record: TokenRecord; own: boolean; maxLifetimeDays: number; onIssued: (issued: IssuedRecord) => void; onStale: () => void; onClose: () => void }) {
  const { record } = props;
  const [choice, setChoice] = useState(() => defaultChoice(props.maxLifetimeDays));
  const [typed, setTyped] = useState("");
  const { busy, error, run } = useAction();
  const mustType = record.permissions.type === "superAdmin";
  const wrong = expirationError(choice, props.maxLifetimeDays);
  const violation = error?.violations[0]?.detail;
  const submit = () =>
    run(async () => {
      props.onIssued(await props.api.regenerate(record.id, record.version, toExpiration(choice)));
    });
  const stale = error?.status === 412;
  return (
    <Dialog title={`Regenerate ${record.name}`} onClose={props.onClose}>
      <p>
        The token gets a new secret and a new expiration. <strong>The current secret stops working immediately</strong>, so update every program that uses
        it. The name, description and permissions stay the same.
      </p>
      <p class="quiet">Current expiration: {describeExpiration(record.expiresAt)}.</p>
      {props.own && <Notice kind="warning">You are signed in with this token. You stay signed in, but save the new secret for your next visit.</Notice>}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <ExpirationForm choice={choice} maxLifetimeDays={props.maxLifetimeDays} error={wrong ?? violation} onChange={setChoice} />
        {mustType && <TypedName name={record.name} typed={typed} onType={setTyped} />}
        {stale && (
          <Notice kind="danger" role="alert">
            <p>Someone else changed this token. Nothing was regenerated.</p>
            <button type="button" onClick={props.onStale}>
              Show the current version
            </button>
          </Notice>
        )}
        {error && !violation && !stale && <ErrorNotice error={error} />}
        <div class="actions">
          <button type="submit" class="danger solid" disabled={busy || wrong !== null || (mustType && typed !== record.name)}>
            {busy ? "Regenerating…" : "Regenerate token"}
          </button>
          <button type="button" onClick={props.onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function DeleteDialog(props: { api: Api; entry: Entry; own: boolean; onDeleted: () => void; onClose: () => void }) {
  const { entry } = props;
  const [typed, setTyped] = useState("");
  const { busy, error, run } = useAction();
  const version = isReadable(entry) ? entry.version : null;
  const submit = () =>
    run(async () => {
      if (entry.id === null) return;
      try {
        await props.api.delete(entry.id, version);
      } catch (cause) {
        // Someone else has deleted it already.
        if ((cause as { status?: number }).status !== 404) throw cause;
      }
      props.onDeleted();
    });
  return (
    <Dialog title={`Delete ${entry.name}`} onClose={props.onClose}>
      <p>
        The token stops working immediately in every program that uses it. <strong>You can’t undo this.</strong> The name becomes available again.
      </p>
      {isReadable(entry) && entry.description && <p class="quoted">{entry.description}</p>}
      {props.own && <Notice kind="warning">You are signed in with this token. Deleting it signs you out.</Notice>}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TypedName name={entry.name} typed={typed} onType={setTyped} />
        {error?.status === 412 ? (
          <Notice kind="danger" role="alert">
            Someone else changed this token. Nothing was deleted. Close this dialog and review the token first.
          </Notice>
        ) : (
          error && <ErrorNotice error={error} />
        )}
        <div class="actions">
          <button type="submit" class="danger solid" disabled={busy || typed !== entry.name}>
            {busy ? "Deleting…" : "Delete token"}
          </button>
          <button type="button" onClick={props.onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
