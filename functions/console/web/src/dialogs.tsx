// Dialogs that ask for confirmation before actions with serious consequences, and parts of such dialogs. The most dangerous
// actions require typing the token's name.
import type { ComponentChildren } from "preact";
import { useState } from "preact/hooks";
import { type Api, type ApiError, type Entry, isReadable, type TokenRecord } from "./api";
import { Dialog } from "./dialog";
import { LastSuperAdminWarning } from "./last-super-admin";
import { whenEffective } from "./settings";
import { type Action, ErrorNotice, Field, Notice, RelativeTime, SubmitButton, useAction } from "./ui";
import { isInUse, lastUseOf } from "./usage";

export function TypedName(props: { name: string; typed: string; onType: (typed: string) => void }) {
  return (
    <Field label={`Type ${props.name} to confirm`}>
      {(control) => (
        <input
          {...control}
          value={props.typed}
          required
          autocomplete="off"
          spellcheck={false}
          autocapitalize="none"
          onInput={(event) => props.onType(event.currentTarget.value)}
        />
      )}
    </Field>
  );
}

/** Warns before a token that was used in the last day stops working. */
export function InUseWarning({ record }: { record: TokenRecord }) {
  const used = lastUseOf(record);
  if (used === null || !isInUse(record)) return null;
  return (
    <Notice kind="warning">
      <p>
        This token is in use: it was last used <RelativeTime at={used} />
        {record.lastUsed?.at === used && record.lastUsed.sourceIp && ` from ${record.lastUsed.sourceIp}`}.
      </p>
    </Notice>
  );
}

/** The buttons of a dialog. While its action runs, the second one stops waiting, and the dialog reports the outcome. */
export function DialogButtons(props: {
  action: Action;
  label: string;
  busyLabel: string;
  disabled: boolean;
  onClose: () => void;
}) {
  const { busy, stop } = props.action;
  return (
    <div class="actions">
      <SubmitButton
        class="danger solid"
        label={props.label}
        busyLabel={props.busyLabel}
        busy={busy}
        disabled={props.disabled}
      />
      <button type="button" onClick={busy ? stop : props.onClose}>
        {busy ? "Stop waiting" : "Cancel"}
      </button>
    </div>
  );
}

/** Requires the user to tick a checkbox before an action with serious consequences. */
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
        <input
          type="checkbox"
          required
          checked={consented}
          onChange={(event) => setConsented(event.currentTarget.checked)}
        />
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

/** Confirms that the session's own token loses the super-admin permission, or is limited to addresses. */
export function ConfirmOwnReduction(props: {
  api: Api;
  record: TokenRecord;
  isLimit: boolean;
  onConfirm: () => void;
  onClose: () => void;
}) {
  const name = <strong>{props.record.name}</strong>;
  return (
    <ConfirmDialog
      {...props}
      title={props.isLimit ? "Limit your own token?" : "Give up your super-admin permission?"}
      consent={props.isLimit ? "Limit my own token to these addresses" : "Sign me out and reduce this token"}
      action={props.isLimit ? "Save" : "Save and sign out"}
    >
      {props.isLimit ? (
        <p>
          You are signed in with {name}. If your own address is not among the allowed ones, you are signed out, and
          can’t undo this from your address.
        </p>
      ) : (
        <p>You are signed in with {name}. After saving, it can no longer manage tokens, and you are signed out.</p>
      )}
      <LastSuperAdminWarning api={props.api} id={props.record.id} />
    </ConfirmDialog>
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
  const action = useAction();
  const { error } = action;
  const version = isReadable(entry) ? entry.version : null;
  const submit = () =>
    action.run(async (signal) => {
      if (entry.id === null) return;
      await props.api.delete(entry.id, version, signal);
      props.onDeleted();
    });
  return (
    <Dialog title={`Delete ${entry.name}`} onClose={action.busy ? action.stop : props.onClose}>
      <p>
        The token stops working {whenEffective} in every program that uses it. <strong>You can’t undo this.</strong> The
        name becomes available again.
      </p>
      {isReadable(entry) && entry.description && <p class="quoted">{entry.description}</p>}
      {isReadable(entry) && <InUseWarning record={entry} />}
      {props.isOwn && <Notice kind="warning">You are signed in with this token. Deleting it signs you out.</Notice>}
      {props.isOwn && entry.id !== null && <LastSuperAdminWarning api={props.api} id={entry.id} />}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          void submit();
        }}
      >
        <TypedName name={entry.name} typed={typed} onType={setTyped} />
        {error && <DeleteError error={error} />}
        <DialogButtons
          action={action}
          label="Delete token"
          busyLabel="Deleting…"
          disabled={typed !== entry.name}
          onClose={props.onClose}
        />
      </form>
    </Dialog>
  );
}

function DeleteError({ error }: { error: ApiError }) {
  if (error.status !== 412 && !error.isOutcomeUnknown) return <ErrorNotice error={error} />;
  return (
    <Notice kind="danger" role="alert">
      {error.isOutcomeUnknown
        ? "We don’t know whether the token was deleted. Delete it again: this does no harm if it was."
        : "Someone else changed this token. Nothing was deleted. Close this dialog and review the token first."}
    </Notice>
  );
}
