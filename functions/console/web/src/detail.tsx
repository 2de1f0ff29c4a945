import { useEffect, useState } from "preact/hooks";
import type { Api, Failure, Issued, TokenRecord } from "./api";
import { Description, goToFirstMistake, wrongWithDescription } from "./details";
import { Delete, Regenerate } from "./dialogs";
import { grantInWords, inWords } from "./permissions";
import { PermissionsForm, problem, toDraft, toPermissions, type Draft } from "./permissions-form";
import { liveness } from "./time";
import { Badge, Failed, Heading, Moment, Notice, toFailure, useAction } from "./ui";

interface Props {
  api: Api;
  id: string;
  ownId: string;
  limit: number;
  onIssued: (issued: Issued) => void;
  onDeleted: () => void;
  onSaved: (message: string) => void;
}

export function Detail(props: Props) {
  const [record, setRecord] = useState<TokenRecord | null>(null);
  const [failure, setFailure] = useState<Failure | null>(null);
  const load = async () => {
    setFailure(null);
    try {
      setRecord(await props.api.get(props.id));
    } catch (cause) {
      setFailure(toFailure(cause));
    }
  };
  useEffect(() => void load(), [props.id]);
  return (
    <main class="middle">
      <p>
        <a href="#/">← All tokens</a>
      </p>
      {failure?.status === 404 && (
        <>
          <Heading>No such token</Heading>
          <p>It was deleted, or it expired long ago and was removed.</p>
        </>
      )}
      {failure && failure.status !== 404 && <Failed failure={failure} retry={() => void load()} />}
      {record === null && failure === null && <p class="quiet">Loading…</p>}
      {record && <Form {...props} record={record} onRecord={setRecord} />}
    </main>
  );
}

/** The record, and what the person has changed of it. */
function Form(props: Props & { record: TokenRecord; onRecord: (record: TokenRecord) => void }) {
  const { api, record, onRecord } = props;
  const own = record.id === props.ownId;
  const [description, setDescription] = useState(record.description ?? "");
  const [draft, setDraft] = useState<Draft>(() => toDraft(record.permissions));
  const [checked, setChecked] = useState(false);
  const [asking, setAsking] = useState<"regenerate" | "delete" | null>(null);
  /** What somebody else made of the record meanwhile. */
  const [theirs, setTheirs] = useState<TokenRecord | null>(null);
  const { busy, failure, run, clear } = useAction();
  const violations = failure?.violations ?? [];
  const describes = description !== (record.description ?? "");
  const permits = JSON.stringify(toPermissions(draft)) !== JSON.stringify(toPermissions(toDraft(record.permissions)));
  const descriptionError = violations.find(({ pointer }) => pointer === "/description")?.detail;

  const show = (fresh: TokenRecord) => {
    onRecord(fresh);
    setDescription(fresh.description ?? "");
    setDraft(toDraft(fresh.permissions));
    setTheirs(null);
    setChecked(false);
    clear();
  };
  const save = (version: number) =>
    run(async () => {
      const change = {
        ...(describes ? { description: description === "" ? null : description } : {}),
        ...(permits ? { permissions: toPermissions(draft) } : {}),
      };
      try {
        show(await api.update(record.id, version, change));
        props.onSaved(permits ? "Saved. The permissions count from the next request on." : "Saved.");
      } catch (cause) {
        if (toFailure(cause).status !== 412) throw cause;
        setTheirs(await api.get(record.id));
      }
    });
  const submit = () => {
    setChecked(true);
    if (wrongWithDescription(description) || problem(draft)) goToFirstMistake();
    else void save(record.version).then(goToFirstMistake);
  };
  return (
    <>
      <div class="top">
        <Heading>{record.name}</Heading>
        <Badge is={liveness(record)} />
        {own && <span class="badge own">You</span>}
      </div>
      <Facts record={record} />
      {own && <Notice kind="warning">You are signed in with this token. What you take from it, you take from yourself.</Notice>}
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
            error={descriptionError}
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
            checked={checked}
            violations={violations}
            onChange={(value) => {
              setDraft(value);
              clear();
            }}
          />
        </div>
        {permits && record.permissions.type !== "superAdmin" && draft.superAdmin && (
          <Notice kind="danger" role="status">
            Saving makes <strong>{record.name}</strong> a super admin: whoever holds it can then do everything.
          </Notice>
        )}
        {theirs && <Conflict record={record} theirs={theirs} mine={{ describes, permits }} onMine={() => void save(theirs.version)} onTheirs={() => show(theirs)} />}
        {failure && violations.length === 0 && <Failed failure={failure} />}
        <div class="actions">
          <button type="submit" class="primary" disabled={busy || theirs !== null || (!describes && !permits)}>
            {busy ? "Saving…" : "Save changes"}
          </button>
          <button type="button" disabled={busy || (!describes && !permits)} onClick={() => show(record)}>
            Discard changes
          </button>
        </div>
      </form>
      <section class="card risky" aria-labelledby="risky">
        <h2 id="risky">Replace or revoke</h2>
        <div class="act">
          <p>
            <strong>Regenerate</strong> it: a new secret and a new expiration. The one in use stops working.
          </p>
          <button type="button" class="danger" onClick={() => setAsking("regenerate")}>
            Regenerate…
          </button>
        </div>
        <div class="act">
          <p>
            <strong>Delete</strong> it: it stops working, for good.
          </p>
          <button type="button" class="danger" onClick={() => setAsking("delete")}>
            Delete…
          </button>
        </div>
      </section>
      {asking === "regenerate" && (
        <Regenerate
          api={api}
          record={record}
          own={own}
          limit={props.limit}
          onClose={() => setAsking(null)}
          onStale={() => {
            setAsking(null);
            void run(async () => show(await api.get(record.id)));
          }}
          onIssued={(issued) => {
            setAsking(null);
            const { token, ...fresh } = issued;
            onRecord(fresh);
            props.onIssued({ ...fresh, token });
          }}
        />
      )}
      {asking === "delete" && <Delete api={api} entry={record} own={own} onClose={() => setAsking(null)} onDeleted={props.onDeleted} />}
    </>
  );
}

function Facts({ record }: { record: TokenRecord }) {
  return (
    <dl class="facts">
      <div>
        <dt>Expiration</dt>
        <dd>{record.expiresAt ? <Moment at={record.expiresAt} /> : "Never"}</dd>
      </div>
      <div>
        <dt>Created</dt>
        <dd>
          <Moment at={record.createdAt} /> by {record.createdBy.name}
        </dd>
      </div>
      <div>
        <dt>Updated</dt>
        <dd>
          <Moment at={record.updatedAt} /> by {record.updatedBy.name}
        </dd>
      </div>
      <div>
        <dt>Regenerated</dt>
        <dd>{record.regeneratedAt ? <Moment at={record.regeneratedAt} /> : "Never"}</dd>
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
  mine: { describes: boolean; permits: boolean };
  onMine: () => void;
  onTheirs: () => void;
}) {
  const { record, theirs, mine } = props;
  const described = theirs.description !== record.description;
  const permitted = JSON.stringify(theirs.permissions) !== JSON.stringify(record.permissions);
  return (
    <Notice kind="danger" role="alert">
      <h2>Somebody else changed this token meanwhile</h2>
      <p>
        {theirs.updatedBy.name} wrote version {theirs.version}: <Moment at={theirs.updatedAt} />. Nothing of yours was saved yet.
      </p>
      <dl class="theirs">
        <dt>Their description{described ? " (changed)" : ""}</dt>
        <dd>{theirs.description ?? "None"}</dd>
        <dt>Their permissions{permitted ? " (changed)" : ""}</dt>
        <dd>
          {theirs.permissions.type === "superAdmin" ? (
            inWords(theirs.permissions)
          ) : (
            <ul>
              {(theirs.permissions.grants as object[]).map((grant, index) => (
                <li key={index}>{grantInWords(grant)}.</li>
              ))}
            </ul>
          )}
        </dd>
      </dl>
      <p>
        Saving yours replaces {[mine.describes && "the description", mine.permits && "the permissions"].filter(Boolean).join(" and ")}, and leaves the rest as they
        made it.
      </p>
      <div class="actions">
        <button type="button" class="danger solid" onClick={props.onMine}>
          Save mine over theirs
        </button>
        <button type="button" onClick={props.onTheirs}>
          Take theirs, drop mine
        </button>
      </div>
    </Notice>
  );
}
