import { useEffect, useRef, useState } from "preact/hooks";
import { type Api, type ApiError, type IssuedRecord, NO_VIOLATIONS, type TokenRecord } from "./api";
import { Conflict } from "./conflict";
import { ConfirmOwnReduction, ConfirmSuperAdmin, DeleteDialog } from "./dialogs";
import { rowKeys } from "./draft";
import { changeOf, type Edited, editedOf, formError } from "./edited";
import { focusFirstError } from "./fields";
import { History } from "./history";
import { useLeaveConfirmation } from "./navigation";
import { PreviousSecret } from "./previous-secret";
import { RegenerateDialog } from "./regenerate";
import { whenEffective } from "./settings";
import { stateOf } from "./time";
import { showToast } from "./toast";
import { TokenFields } from "./token-fields";
import { duplicateOf, Facts, RiskyActions, SaveError } from "./token-parts";
import { Badge, ErrorNotice, Heading, Notice, SubmitButton, toApiError, useAction } from "./ui";

interface Props {
  api: Api;
  id: string;
  ownId: string;
  listAddress: string;
  onIssued: (issued: IssuedRecord) => void;
  onDeleted: (name: string) => void;
  /** Called with each record that was read or saved. */
  onRecord: (record: TokenRecord) => void;
  /** Called after the user has saved that the session's own token is no longer a super admin. */
  onOwnSuperAdminRemoved: (name: string) => void;
}

export function TokenPage(props: Props) {
  const [record, setRecord] = useState<TokenRecord | null>(null);
  const [error, setError] = useState<ApiError | null>(null);
  const load = async () => {
    setError(null);
    try {
      setRecord(await props.api.get(props.id));
    } catch (cause) {
      setError(toApiError(cause));
    }
  };
  useEffect(() => {
    scrollTo(0, 0);
    void load();
  }, [props.id]);
  return (
    <main class="middle">
      <p>
        <a href={props.listAddress}>← All tokens</a>
      </p>
      {error?.status === 404 && (
        <>
          <Heading>Token not found</Heading>
          <p>The token was deleted, or removed some time after it had expired.</p>
          <History api={props.api} id={props.id} />
        </>
      )}
      {error && error.status !== 404 && <ErrorNotice error={error} retry={() => void load()} />}
      {record === null && error === null && <p class="quiet">Loading…</p>}
      {record && (
        <TokenForm
          {...props}
          record={record}
          onRecord={(fresh) => {
            setRecord(fresh);
            props.onRecord(fresh);
          }}
        />
      )}
    </main>
  );
}

/** Shows the record and the form that changes it. */
function TokenForm(props: Props & { record: TokenRecord }) {
  const { api, record } = props;
  const isOwn = record.id === props.ownId;
  const isSuperAdmin = record.permissions.type === "superAdmin";
  const [edited, setEdited] = useState(() => editedOf(record));
  /** What is in the form now. An action that began earlier still has the earlier `edited`. */
  const latest = useRef(edited);
  latest.current = edited;
  /** Increased to render the form anew, so that it shows the permissions as when the page was opened. */
  const [resets, setResets] = useState(0);
  /** The keys of the rows of grants when the user last tried to save; null before. */
  const [attempted, setAttempted] = useState<ReadonlySet<number> | null>(null);
  /** The dialog that is open. */
  const [asking, setAsking] = useState<"promote" | "reduce" | "limit" | "regenerate" | "delete" | null>(null);
  /** The current record, if saving failed because someone else had changed it. */
  const [theirs, setTheirs] = useState<TokenRecord | null>(null);
  const { busy, error, run, stop, clear } = useAction();
  const { draft } = edited;
  const violations = error?.violations ?? NO_VIOLATIONS;
  const change = changeOf(record, edited);
  const isChanged = Object.keys(change).length > 0;
  useLeaveConfirmation(isChanged ? `Your changes to ${record.name} are not saved. They are lost if you leave.` : null);
  useEffect(() => {
    if (error !== null) focusFirstError();
  }, [error]);

  const edit = (changed: Edited) => {
    setEdited(changed);
    clear();
  };
  const afterRead = () => {
    setTheirs(null);
    setAttempted(null);
    clear();
  };
  /** Shows a record as it is stored, without unsaved changes. */
  const resetTo = (fresh: TokenRecord) => {
    props.onRecord(fresh);
    setEdited(editedOf(fresh));
    setResets((count) => count + 1);
    afterRead();
  };
  /** Shows the record that was saved, and keeps what was typed since `sent` was sent. */
  const keepTyping = (fresh: TokenRecord, sent: Edited) => {
    const now = latest.current;
    const typed = Object.entries(now).filter(([member, value]) => value !== sent[member as keyof Edited]);
    props.onRecord(fresh);
    // The server may have normalized what was sent, but not the permissions, whose rows stay as they are.
    setEdited({ ...editedOf(fresh), ...Object.fromEntries(typed), draft: now.draft });
    afterRead();
  };
  const save = (version: number) =>
    run(async (signal) => {
      const sent = edited;
      try {
        const saved = await api.update(record.id, version, change, signal);
        if (removesOwnSuperAdmin) return props.onOwnSuperAdminRemoved(record.name);
        keepTyping(saved, sent);
        showToast(change.permissions ? `Saved. New permissions apply ${whenEffective}.` : "Saved.");
      } catch (cause) {
        if (toApiError(cause).status !== 412) throw cause;
        setTheirs(await api.get(record.id, signal));
      }
    });
  /** Finds out whether a change was saved although no response arrived. */
  const check = () =>
    run(async (signal) => {
      const fresh = await api.get(record.id, signal);
      if (fresh.version === record.version) return showToast("Nothing was saved. Your changes are still here.");
      if (Object.keys(changeOf(fresh, latest.current)).length > 0) return setTheirs(fresh);
      resetTo(fresh);
      showToast("Your changes were saved.");
    });
  /** Whether saving removes the super-admin permission of the session's own token. */
  const removesOwnSuperAdmin = isOwn && isSuperAdmin && !draft.superAdmin;
  const submit = () => {
    setAttempted(rowKeys(draft));
    if (formError(edited)) focusFirstError();
    else if (draft.superAdmin && !isSuperAdmin) setAsking("promote");
    else if (removesOwnSuperAdmin) setAsking("reduce");
    else if (isOwn && change.allowedIps) setAsking("limit");
    else closeDialogAndSave();
  };
  const closeDialogAndSave = () => {
    setAsking(null);
    void save((theirs ?? record).version);
  };
  const state = stateOf(record);
  return (
    <>
      <div class="top">
        <Heading>{record.name}</Heading>
        <Badge state={state} />
        {isOwn && <span class="badge own">You</span>}
        <a class="button" href={duplicateOf(record)}>
          Duplicate
        </a>
      </div>
      {state === "expired" && (
        <Notice kind="danger">
          <p>This token has expired. Regenerate it to use it again.</p>
          <button type="button" onClick={() => setAsking("regenerate")}>
            Regenerate…
          </button>
        </Notice>
      )}
      <Facts record={record} />
      {isOwn && (
        <Notice kind="warning">
          You are signed in with this token. If it is no longer a super admin, you are signed out.
        </Notice>
      )}
      <form
        noValidate
        onSubmit={(event) => {
          event.preventDefault();
          submit();
        }}
      >
        <TokenFields
          key={resets}
          api={api}
          edited={edited}
          violations={violations}
          attempted={attempted}
          onChange={edit}
        />
        {draft.superAdmin && !isSuperAdmin && (
          <Notice kind="danger" role="status">
            Saving makes <strong>{record.name}</strong> a super admin with full access.
          </Notice>
        )}
        {theirs && (
          <Conflict
            record={record}
            theirs={theirs}
            change={change}
            onMine={closeDialogAndSave}
            onTheirs={() => resetTo(theirs)}
          />
        )}
        {error && violations.length === 0 && <SaveError error={error} onCheck={() => void check()} />}
        <div class="actions sticky">
          <SubmitButton
            class="primary"
            label="Save changes"
            busyLabel="Saving…"
            busy={busy}
            disabled={theirs !== null || !isChanged}
          />
          {busy ? (
            <button type="button" onClick={stop}>
              Stop waiting
            </button>
          ) : (
            <button type="button" aria-disabled={!isChanged} onClick={() => isChanged && resetTo(record)}>
              Discard changes
            </button>
          )}
        </div>
      </form>
      <PreviousSecret api={api} record={record} isOwn={isOwn} onRecord={props.onRecord} onRead={resetTo} />
      <History key={record.version} api={api} id={record.id} />
      <RiskyActions onRegenerate={() => setAsking("regenerate")} onDelete={() => setAsking("delete")} />
      {asking === "promote" && (
        <ConfirmSuperAdmin
          name={record.name}
          isNew={false}
          onConfirm={closeDialogAndSave}
          onClose={() => setAsking(null)}
        />
      )}
      {(asking === "reduce" || asking === "limit") && (
        <ConfirmOwnReduction
          api={api}
          record={record}
          isLimit={asking === "limit"}
          onConfirm={closeDialogAndSave}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === "regenerate" && (
        <RegenerateDialog
          api={api}
          record={record}
          isOwn={isOwn}
          onClose={() => setAsking(null)}
          onStale={() => {
            setAsking(null);
            void run(async (signal) => resetTo(await api.get(record.id, signal)));
          }}
          onIssued={(issued) => {
            setAsking(null);
            const { token, ...fresh } = issued;
            props.onRecord(fresh);
            props.onIssued({ ...fresh, token });
          }}
        />
      )}
      {asking === "delete" && (
        <DeleteDialog
          api={api}
          entry={record}
          isOwn={isOwn}
          onClose={() => setAsking(null)}
          onDeleted={() => props.onDeleted(record.name)}
        />
      )}
    </>
  );
}
