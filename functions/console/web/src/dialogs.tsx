// Dialogs that confirm what cannot be undone. The most dangerous actions require typing the token's name.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import type { Api, Entry, IssuedRecord, TokenRecord } from "./api";
import { isReadable } from "./api";
import {
  defaultChoice,
  describeExpiration,
  ExpirationForm,
  expirationError,
  lifetimeOf,
  toExpiration,
} from "./expiration";
import { whenEffective } from "./settings";
import { Dialog, ErrorNotice, Field, Notice, SubmitButton, useAction } from "./ui";

function TypedName(props: { name: string; typed: string; onType: (typed: string) => void }) {
  return (
    <Field label={`Type ${props.name} to confirm`}>
      {(control) => (
        <input
          {...control}
          value={props.typed}
          autocomplete="off"
          spellcheck={false}
          autocapitalize="none"
          onInput={(event) => props.onType(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Requires a tick and a click before an action with serious consequences. */
function ConfirmDialog(props: {
  title: string;
  children: ComponentChildren;
  consent: string;
  action: string;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const [consented, setConsented] = useState(false);
  return (
    <Dialog title={props.title} onClose={props.onClose}>
      <Notice kind="warning">{props.children}</Notice>
      <label class="tick">
        <input type="checkbox" checked={consented} onChange={(event) => setConsented(event.currentTarget.checked)} />
        {props.consent}
      </label>
      <div class="actions">
        <button type="button" class="primary" disabled={!consented} onClick={props.onConfirm}>
          {props.action}
        </button>
        <button type="button" onClick={props.onClose}>
          Cancel
        </button>
      </div>
    </Dialog>
  );
}

/** Confirms that a token, new or existing, becomes a super admin. */
export function ConfirmSuperAdmin(props: { name: string; isNew: boolean; onConfirm: () => void; onClose: () => void }) {
  return (
    <ConfirmDialog
      {...props}
      title={props.isNew ? "Generate a super-admin token?" : `Make ${props.name} a super admin?`}
      consent="Give this token full access"
      action={props.isNew ? "Generate super-admin token" : "Save as super admin"}
    >
      Anyone with <strong>{props.name}</strong> can call every route, and generate, change and delete all tokens,
      including yours.
    </ConfirmDialog>
  );
}

/** Confirms that the session's own token loses the super-admin permission. */
export function ConfirmOwnReduction(props: { name: string; onConfirm: () => void; onClose: () => void }) {
  return (
    <ConfirmDialog
      {...props}
      title="Give up your super-admin permission?"
      consent="Sign me out and reduce this token"
      action="Save and sign out"
    >
      You are signed in with <strong>{props.name}</strong>. After saving, it can no longer manage tokens, and you are
      signed out.
    </ConfirmDialog>
  );
}

export function RegenerateDialog(props: {
  api: Api;
  record: TokenRecord;
  isOwn: boolean;
  onIssued: (issued: IssuedRecord) => void;
  onStale: () => void;
  onClose: () => void;
}) {
  const { record } = props;
  const lifetime = lifetimeOf(record);
  const [choice, setChoice] = useState(() => ({ ...defaultChoice(), kind: "same" }));
  const [typed, setTyped] = useState("");
  const { busy, error, run } = useAction();
  const mustType = record.permissions.type === "superAdmin";
  const choiceError = expirationError(choice);
  const violation = error?.violations[0]?.detail;
  const submit = () =>
    run(async () => {
      props.onIssued(await props.api.regenerate(record.id, record.version, toExpiration(choice, lifetime)));
    });
  const isStale = error?.status === 412;
  return (
    <Dialog title={`Regenerate ${record.name}`} onClose={props.onClose}>
      <p>
        The token gets a new secret and a new expiration.{" "}
        <strong>The current secret stops working {whenEffective}</strong>, so update every program that uses it. The
        name, description and permissions stay the same.
      </p>
      <p class="quiet">Current secret: {describeExpiration(record.expiresAt)}.</p>
      {props.isOwn && (
        <Notice kind="warning">
          You are signed in with this token. You stay signed in, but save the new secret for your next visit.
        </Notice>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <ExpirationForm choice={choice} lifetime={lifetime} error={choiceError ?? violation} onChange={setChoice} />
        {mustType && <TypedName name={record.name} typed={typed} onType={setTyped} />}
        {isStale && (
          <Notice kind="danger" role="alert">
            <p>Someone else changed this token. Nothing was regenerated.</p>
            <button type="button" onClick={props.onStale}>
              Show the current version
            </button>
          </Notice>
        )}
        {error && !violation && !isStale && <ErrorNotice error={error} />}
        <div class="actions">
          <SubmitButton
            class="danger solid"
            label="Regenerate token"
            busyLabel="Regenerating…"
            busy={busy}
            disabled={choiceError !== null || (mustType && typed !== record.name)}
          />
          <button type="button" onClick={props.onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}

export function DeleteDialog(props: {
  api: Api;
  entry: Entry;
  isOwn: boolean;
  onDeleted: () => void;
  onClose: () => void;
}) {
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
        The token stops working {whenEffective} in every program that uses it. <strong>You can’t undo this.</strong> The
        name becomes available again.
      </p>
      {isReadable(entry) && entry.description && <p class="quoted">{entry.description}</p>}
      {props.isOwn && <Notice kind="warning">You are signed in with this token. Deleting it signs you out.</Notice>}
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
          <SubmitButton
            class="danger solid"
            label="Delete token"
            busyLabel="Deleting…"
            busy={busy}
            disabled={typed !== entry.name}
          />
          <button type="button" onClick={props.onClose}>
            Cancel
          </button>
        </div>
      </form>
    </Dialog>
  );
}
