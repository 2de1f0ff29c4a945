// What a token may do: everything, or rows of grants by kind; what that means in plain language; and a box to try it.
import { useId, useLayoutEffect, useState } from "preact/hooks";
import type { Api, Grant, Permissions, Simulation, StoredPermissions, Violation } from "./api";
import { KINDS, emptyRow, describeGrant, kindOf, rowErrors, toGrant, toRow, type Kind, type Row } from "./permissions";
import { ErrorNotice, Field, Notice, useAction } from "./ui";
import { Values } from "./values";

/** The form's state: what has been filled in for either choice, so that going back and forth loses nothing. */
export interface Draft {
  superAdmin: boolean;
  rows: Row[];
  /** Grants of a newer release: kept as they are. */
  kept: object[];
}

export function toDraft(permissions: StoredPermissions): Draft {
  if (permissions.type === "superAdmin") return { superAdmin: true, rows: [], kept: [] };
  const grants = permissions.grants as object[];
  const rows = grants.map(toRow);
  return { superAdmin: false, rows: rows.filter((row) => row !== null), kept: grants.filter((_, index) => rows[index] === null) };
}

export const EMPTY: Draft = { superAdmin: false, rows: [], kept: [] };

export function toPermissions(draft: Draft): Permissions {
  if (draft.superAdmin) return { type: "superAdmin" };
  return { type: "specific", grants: [...draft.rows.map(toGrant), ...(draft.kept as Grant[])] };
}

/** What keeps the draft from being sent, for a person; null if nothing does. */
export function draftError(draft: Draft): string | null {
  if (draft.superAdmin) return null;
  if (draft.rows.length + draft.kept.length === 0) return "Add at least one permission: a token without any can do nothing.";
  const incomplete = draft.rows.filter((row) => Object.keys(rowErrors(row)).length > 0).length;
  return incomplete > 0 ? `${incomplete === 1 ? "One permission is" : `${incomplete} permissions are`} not complete.` : null;
}

export function PermissionsForm(props: { draft: Draft; onChange: (draft: Draft) => void; api: Api; violations: Violation[]; checked: boolean }) {
  const { draft, onChange } = props;
  const name = useId();
  const choose = (superAdmin: boolean) => onChange({ ...draft, superAdmin });
  const own = props.violations.filter(({ pointer }) => pointer === "/permissions" || pointer === "/permissions/grants");
  return (
    <section class="permissions" aria-labelledby={`${name}-title`}>
      <h2 id={`${name}-title`}>Permissions</h2>
      <div class="choices">
        <label class="choice">
          <input type="radio" name={name} checked={!draft.superAdmin} onChange={() => choose(false)} />
          <span>
            <strong>Specific permissions</strong> <span class="quiet">Exactly what you list, and nothing else.</span>
          </span>
        </label>
        <label class="choice">
          <input type="radio" name={name} checked={draft.superAdmin} onChange={() => choose(true)} />
          <span>
            <strong>Super admin</strong> <span class="quiet">Everything, this page included.</span>
          </span>
        </label>
      </div>
      {own.map(({ detail }) => (
        <p key={detail} class="error">
          Permissions: {detail}
        </p>
      ))}
      {!draft.superAdmin && <Rows {...props} />}
      <Summary draft={draft} />
      {!draft.superAdmin && draftError(draft) !== null && props.checked && (
        <p class="error" role="alert">
          {draftError(draft)}
        </p>
      )}
      <TryIt draft={draft} api={props.api} />
    </section>
  );
}

function Rows({ draft, onChange, violations, checked }: Parameters<typeof PermissionsForm>[0]) {
  // A refused row brings its tab to the front.
  const refused = draft.rows.findIndex((_, index) => violations.some(({ pointer }) => pointer.startsWith(`/permissions/grants/${index}/`)));
  const [tab, open] = useState(() => kindOf(draft.rows[0]?.resource ?? "devtronApps"));
  useLayoutEffect(() => {
    if (refused >= 0) open(kindOf(draft.rows[refused]?.resource ?? ""));
  }, [violations]);
  const id = useId();
  if (!tab) return null;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step && KINDS[(KINDS.indexOf(tab) + step + KINDS.length) % KINDS.length];
    if (!next) return;
    event.preventDefault();
    open(next);
    document.getElementById(`${id}-${next.resource}`)?.focus();
  };
  return (
    <div class="tabbed">
      <div role="tablist" aria-label="Kinds of permissions" onKeyDown={onKeyDown}>
        {KINDS.map((kind) => {
          const count = draft.rows.filter((row) => row.resource === kind.resource).length;
          return (
            <button
              type="button"
              role="tab"
              key={kind.resource}
              id={`${id}-${kind.resource}`}
              aria-selected={kind === tab}
              aria-controls={`${id}-panel`}
              tabIndex={kind === tab ? 0 : -1}
              onClick={() => open(kind)}
            >
              {kind.label}
              {count > 0 && <span class="count">{count}</span>}
            </button>
          );
        })}
      </div>
      <div role="tabpanel" id={`${id}-panel`} aria-labelledby={`${id}-${tab.resource}`}>
        <p class="quiet">{tab.about}</p>
        {draft.rows.map((row, index) => {
          if (row.resource !== tab.resource) return null;
          const change = (changed: Row) => onChange({ ...draft, rows: draft.rows.with(index, changed) });
          const remove = () => {
            document.getElementById(`${id}-${tab.resource}`)?.focus();
            onChange({ ...draft, rows: draft.rows.toSpliced(index, 1) });
          };
          return <GrantRow key={row.key} kind={tab} row={row} violations={violationsOf(index, violations)} checked={checked} onChange={change} onRemove={remove} />;
        })}
        <button type="button" onClick={() => onChange({ ...draft, rows: [...draft.rows, emptyRow(tab)] })}>
          Add a permission for {tab.label}
        </button>
      </div>
    </div>
  );
}

/** The server's words on one grant, by member. */
function violationsOf(index: number, violations: Violation[]): Record<string, string> {
  const prefix = `/permissions/grants/${index}/`;
  const own = violations.filter(({ pointer }) => pointer.startsWith(prefix));
  return Object.fromEntries(own.map(({ pointer, detail }) => [pointer.slice(prefix.length).split("/")[0] ?? "", detail]));
}

function GrantRow(props: {
  kind: Kind;
  row: Row;
  violations: Record<string, string>;
  checked: boolean;
  onChange: (row: Row) => void;
  onRemove: () => void;
}) {
  const { kind, row, onChange } = props;
  const wrong = props.checked ? rowErrors(row) : {};
  return (
    <fieldset class="grant">
      <legend class="sr">A permission for {kind.label}</legend>
      <div class="members">
        {kind.members.map((member) => (
          <Values
            key={member.name}
            member={member}
            values={row.values[member.name] ?? []}
            error={props.violations[member.name] ?? wrong[member.name]}
            onChange={(values) => onChange({ ...row, values: { ...row.values, [member.name]: values } })}
          />
        ))}
        {kind.roles.length > 0 && (
          <Field label="Role" hint={kind.roles.find(([role]) => role === row.role)?.[1]} error={props.violations.role}>
            {(control) => (
              <select {...control} value={row.role} onChange={(event) => onChange({ ...row, role: event.currentTarget.value })}>
                {kind.roles.map(([role]) => (
                  <option key={role} value={role}>
                    {role}
                  </option>
                ))}
              </select>
            )}
          </Field>
        )}
      </div>
      <button type="button" class="plain" onClick={props.onRemove}>
        Remove this permission
      </button>
    </fieldset>
  );
}

function Summary({ draft }: { draft: Draft }) {
  if (draft.superAdmin) {
    return (
      <Notice kind="warning">
        This token will be able to do <strong>everything</strong>: use every protected route, and generate, change and delete all tokens.
      </Notice>
    );
  }
  const grants = (toPermissions(draft) as { grants: object[] }).grants;
  const complete = [...draft.rows.filter((row) => Object.keys(rowErrors(row)).length === 0).map(toGrant), ...draft.kept];
  return (
    <div class="summary" aria-live="polite">
      <h3>What this token will be able to do</h3>
      {complete.length === 0 ? (
        <p class="quiet">Nothing yet.</p>
      ) : (
        <ul>
          {complete.map((grant, index) => (
            <li key={index}>{describeGrant(grant)}.</li>
          ))}
        </ul>
      )}
      {complete.length < grants.length && <p class="quiet">Permissions that are not complete are not told here.</p>}
    </div>
  );
}

const METHODS = ["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"];

function TryIt({ draft, api }: { draft: Draft; api: Api }) {
  const [method, setMethod] = useState("GET");
  const [path, setPath] = useState("");
  const [result, setResult] = useState<{ asked: string; simulation: Simulation } | null>(null);
  const { busy, error, run, clear } = useAction();
  const ready = draftError(draft) === null;
  const pathError = error?.violations.find(({ pointer }) => pointer === "/path")?.detail;
  const ask = () =>
    run(async () => {
      const simulation = await api.simulate({ method, path, permissions: toPermissions(draft) });
      setResult({ asked: `${method} ${path}`, simulation });
    });
  const forget = () => {
    setResult(null);
    clear();
  };
  return (
    <details class="try">
      <summary>Try it: would a request be allowed?</summary>
      <div class="request">
        <Field label="Method">
          {(control) => (
            <select
              {...control}
              value={method}
              onChange={(event) => {
                setMethod(event.currentTarget.value);
                forget();
              }}
            >
              {METHODS.map((one) => (
                <option key={one}>{one}</option>
              ))}
            </select>
          )}
        </Field>
        <Field label="Path" error={pathError} hint={ready ? "Such as /orders/7. No request is made." : "Complete the permissions above first."}>
          {(control) => (
            <input
              {...control}
              value={path}
              autocomplete="off"
              spellcheck={false}
              onInput={(event) => {
                setPath(event.currentTarget.value);
                forget();
              }}
              onKeyDown={(event) => {
                if (event.key !== "Enter") return;
                event.preventDefault();
                if (ready && path !== "") void ask();
              }}
            />
          )}
        </Field>
        <button type="button" disabled={!ready || path === "" || busy} onClick={ask}>
          Try it
        </button>
      </div>
      <div aria-live="polite">{result && <Verdict {...result} draft={draft} />}</div>
      {error && !pathError && <ErrorNotice error={error} retry={ask} />}
    </details>
  );
}

function Verdict({ asked, simulation, draft }: { asked: string; simulation: Simulation; draft: Draft }) {
  const { allowed, grantedBy, missing, rule, reason } = simulation;
  const grant = grantedBy === null ? undefined : [...draft.rows.map(toGrant), ...draft.kept][grantedBy];
  return (
    <Notice kind={allowed ? "success" : "danger"}>
      <p>
        <strong>{allowed ? "Allowed" : "Not allowed"}</strong>: <code>{asked}</code>
      </p>
      {grant && <p>By: {describeGrant(grant)}.</p>}
      {!allowed && <p>{reason}.</p>}
      {missing.length > 0 && (
        <p>
          Missing: <code>{missing.join(", ")}</code>
        </p>
      )}
      {rule && (
        <p class="quiet">
          By the rule of <code>{rule}</code>
        </p>
      )}
    </Notice>
  );
}
