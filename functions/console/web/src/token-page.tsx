import { useEffect, useState } from "preact/hooks";
import type { Api, ApiError, IssuedRecord, TokenRecord } from "./api";
import { ConfirmOwnReduction, ConfirmSuperAdmin, DeleteDialog, RegenerateDialog } from "./dialogs";
import { type Draft, draftError, toDraft, toPermissions } from "./draft";
import { Description, descriptionError, focusFirstError } from "./fields";
import { describeGrant, describePermissions } from "./permissions";
import { PermissionsForm } from "./permissions-form";
import { whenEffective } from "./settings";
import { stateOf } from "./time";
import { Badge, ErrorNotice, Heading, Notice, SubmitButton, Timestamp, toApiError, useAction } from "./ui";

interface Props {
  api: Api;
  id: string;
  ownId: string;
  onIssued: (issued: IssuedRecord) => void;
  onDeleted: (name: string) => void;
  onSaved: (message: string) => void;
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
  useEffect(() => void load(), [props.id]);
  return (
    <main class="middle">
      <p>
        <a href="#/">← All tokens</a>
      </p>
      {error?.status === 404 && (
        <>
          <Heading>Token not found</Heading>
          <p>The token was deleted, or removed some time after it had expired.</p>
        </>
      )}
      {error && error.status !== 404 && <ErrorNotice error={error} retry={() => void load()} />}
      {record === null && error === null && <p class="quiet">Loading…</p>}
      {record && <Form {...props} record={record} onRecord={setRecord} />}
    </main>
  );
}

/** Shows the record and the form that changes it. */
function Form(props: Props & { record: TokenRecord; onRecord: (record: TokenRecord) => void }) {
  const { api, record, onRecord } = props;
  const isOwn = record.id === props.ownId;
  const isSuperAdmin = record.permissions.type === "superAdmin";
  const [description, setDescription] = useState(record.description ?? "");
  const [draft, setDraft] = useState<Draft>(() => toDraft(record.permissions));
  const [showErrors, setShowErrors] = useState(false);
  const [asking, setAsking] = useState<"promote" | "reduce" | "regenerate" | "delete" | null>(null);
  /** The current record, if saving failed because someone else had changed it. */
  const [theirs, setTheirs] = useState<TokenRecord | null>(null);
  const { busy, error, run, clear } = useAction();
  const violations = error?.violations ?? [];
  const descriptionChanged = description !== (record.description ?? "");
  const permissionsChanged =
    JSON.stringify(toPermissions(draft)) !== JSON.stringify(toPermissions(toDraft(record.permissions)));
  /** Whether saving removes the super-admin permission of the session's own token. */
  const removesOwnSuperAdmin = isOwn && isSuperAdmin && !draft.superAdmin;
  const descriptionViolation = violations.find(({ pointer }) => pointer === "/description")?.detail;

  /** Shows a record as it is stored, without unsaved changes. */
  const resetTo = (fresh: TokenRecord) => {
    onRecord(fresh);
    setDescription(fresh.description ?? "");
    setDraft(toDraft(fresh.permissions));
    setTheirs(null);
    setShowErrors(false);
    clear();
  };
  const save = (version: number) =>
    run(async () => {
      const change = {
        ...(descriptionChanged ? { description: description === "" ? null : description } : {}),
        ...(permissionsChanged ? { permissions: toPermissions(draft) } : {}),
      };
      try {
        const saved = await api.update(record.id, version, change);
        if (removesOwnSuperAdmin) return props.onOwnSuperAdminRemoved(record.name);
        resetTo(saved);
        props.onSaved(permissionsChanged ? `Saved. New permissions apply ${whenEffective}.` : "Saved.");
      } catch (cause) {
        if (toApiError(cause).status !== 412) throw cause;
        setTheirs(await api.get(record.id));
      }
    });
  const submit = () => {
    setShowErrors(true);
    if (descriptionError(description) || draftError(draft)) focusFirstError();
    else if (draft.superAdmin && !isSuperAdmin) setAsking("promote");
    else if (removesOwnSuperAdmin) setAsking("reduce");
    else closeDialogAndSave();
  };
  const closeDialogAndSave = () => {
    setAsking(null);
    void save((theirs ?? record).version).then(focusFirstError);
  };
  return (
    <>
      <div class="top">
        <Heading>{record.name}</Heading>
        <Badge state={stateOf(record)} />
        {isOwn && <span class="badge own">You</span>}
      </div>
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
        <div class="card">
          <Description
            value={description}
            error={descriptionViolation}
            onChange={(value) => {
              setDescription(value);
              clear();
            }}
          />
        </div>
        <div class="card">
          <PermissionsForm
            draft={draft}
            api={api}
            showErrors={showErrors}
            violations={violations}
            onChange={(value) => {
              setDraft(value);
              clear();
            }}
          />
        </div>
        {draft.superAdmin && !isSuperAdmin && (
          <Notice kind="danger" role="status">
            Saving makes <strong>{record.name}</strong> a super admin with full access.
          </Notice>
        )}
        {theirs && (
          <Conflict
            record={record}
            theirs={theirs}
            mine={{ descriptionChanged, permissionsChanged }}
            onMine={closeDialogAndSave}
            onTheirs={() => resetTo(theirs)}
          />
        )}
        {error && violations.length === 0 && <ErrorNotice error={error} />}
        <div class="actions">
          <SubmitButton
            class="primary"
            label="Save changes"
            busyLabel="Saving…"
            busy={busy}
            disabled={theirs !== null || (!descriptionChanged && !permissionsChanged)}
          />
          <button
            type="button"
            disabled={busy || (!descriptionChanged && !permissionsChanged)}
            onClick={() => resetTo(record)}
          >
            Discard changes
          </button>
        </div>
      </form>
      <section class="card risky" aria-labelledby="risky">
        <h2 id="risky">Replace or revoke</h2>
        <div class="act">
          <p>
            <strong>Regenerate</strong> this token to replace its secret and expiration. The current secret stops
            working {whenEffective}.
          </p>
          <button type="button" class="danger" onClick={() => setAsking("regenerate")}>
            Regenerate…
          </button>
        </div>
        <div class="act">
          <p>
            <strong>Delete</strong> this token to revoke it permanently.
          </p>
          <button type="button" class="danger" onClick={() => setAsking("delete")}>
            Delete…
          </button>
        </div>
      </section>
      {asking === "promote" && (
        <ConfirmSuperAdmin
          name={record.name}
          isNew={false}
          onConfirm={closeDialogAndSave}
          onClose={() => setAsking(null)}
        />
      )}
      {asking === "reduce" && (
        <ConfirmOwnReduction name={record.name} onConfirm={closeDialogAndSave} onClose={() => setAsking(null)} />
      )}
      {asking === "regenerate" && (
        <RegenerateDialog
          api={api}
          record={record}
          isOwn={isOwn}
          onClose={() => setAsking(null)}
          onStale={() => {
            setAsking(null);
            void run(async () => resetTo(await api.get(record.id)));
          }}
          onIssued={(issued) => {
            setAsking(null);
            const { token, ...fresh } = issued;
            onRecord(fresh);
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

function Facts({ record }: { record: TokenRecord }) {
  return (
    <dl class="facts">
      <div>
        <dt>Expiration</dt>
        <dd>{record.expiresAt ? <Timestamp at={record.expiresAt} /> : "Never"}</dd>
      </div>
      <div>
        <dt>Created</dt>
        <dd>
          <Timestamp at={record.createdAt} /> by {record.createdBy.name}
        </dd>
      </div>
      <div>
        <dt>Updated</dt>
        <dd>
          <Timestamp at={record.updatedAt} /> by {record.updatedBy.name}
        </dd>
      </div>
      <div>
        <dt>Regenerated</dt>
        <dd>{record.regeneratedAt ? <Timestamp at={record.regeneratedAt} /> : "Never"}</dd>
      </div>
      <div>
        <dt>Id</dt>
        <dd>
          <code>{record.id}</code>, version {record.version}
        </dd>
      </div>
    </dl>
  );
}

function Conflict(props: {
  record: TokenRecord;
  theirs: TokenRecord;
  mine: { descriptionChanged: boolean; permissionsChanged: boolean };
  onMine: () => void;
  onTheirs: () => void;
}) {
  const { record, theirs, mine } = props;
  const theirDescriptionChanged = theirs.description !== record.description;
  const theirPermissionsChanged = JSON.stringify(theirs.permissions) !== JSON.stringify(record.permissions);
  return (
    <Notice kind="danger" role="alert">
      <h2>Someone else changed this token</h2>
      <p>
        Version {theirs.version} was saved by {theirs.updatedBy.name} <Timestamp at={theirs.updatedAt} />. Your changes
        are not saved yet.
      </p>
      <dl class="theirs">
        <dt>Their description{theirDescriptionChanged ? " (changed)" : ""}</dt>
        <dd>{theirs.description ?? "None"}</dd>
        <dt>Their permissions{theirPermissionsChanged ? " (changed)" : ""}</dt>
        <dd>
          {theirs.permissions.type === "superAdmin" ? (
            describePermissions(theirs.permissions)
          ) : (
            <ul>
              {theirs.permissions.grants.map((grant, index) => (
                <li key={index}>{describeGrant(grant)}.</li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
      <p>
        Overwriting changes only{" "}
        {[mine.descriptionChanged && "the description", mine.permissionsChanged && "the permissions"]
          .filter(Boolean)
          .join(" and ")}
        .
      </p>
      <div class="actions">
        <button type="button" class="danger solid" onClick={props.onMine}>
          Overwrite with my changes
        </button>
        <button type="button" onClick={props.onTheirs}>
          Use their version
        </button>
      </div>
    </Notice>
  );
}
