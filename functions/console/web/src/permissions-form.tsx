// The permissions of a token: super admin, or grants by kind, with a summary in plain language and a form to test requests.
import { useId, useLayoutEffect, useState } from "preact/hooks";
import type { Api, Violation } from "./api";
import { type Draft, draftError, isComplete } from "./draft";
import { describeGrant, emptyRow, KINDS, type Kind, kindOf, type Row, rowErrors, toGrant } from "./permissions";
import { Simulate } from "./simulate";
import { Field, Notice } from "./ui";
import { Values } from "./values";

export function PermissionsForm(props: {
  draft: Draft;
  onChange: (draft: Draft) => void;
  api: Api;
  violations: Violation[];
  showErrors: boolean;
}) {
  const { draft, onChange } = props;
  const name = useId();
  const choose = (superAdmin: boolean) => onChange({ ...draft, superAdmin });
  /** Violations of the whole set, not of one grant. */
  const general = props.violations.filter(
    ({ pointer }) => pointer === "/permissions" || pointer === "/permissions/grants",
  );
  return (
    <section class="permissions" aria-labelledby={`${name}-title`}>
      <h2 id={`${name}-title`}>Permissions</h2>
      <div class="choices">
        <label class="choice">
          <input type="radio" name={name} checked={!draft.superAdmin} onChange={() => choose(false)} />
          <span>
            <strong>Specific permissions</strong> <span class="quiet">Only what you list.</span>
          </span>
        </label>
        <label class="choice">
          <input type="radio" name={name} checked={draft.superAdmin} onChange={() => choose(true)} />
          <span>
            <strong>Super admin</strong> <span class="quiet">Full access, including managing tokens.</span>
          </span>
        </label>
      </div>
      {general.map(({ detail }) => (
        <p key={detail} class="error">
          Permissions: {detail}
        </p>
      ))}
      {!draft.superAdmin && <Rows {...props} />}
      <Summary draft={draft} />
      {!draft.superAdmin && draftError(draft) !== null && props.showErrors && (
        <p class="error" role="alert">
          {draftError(draft)}
        </p>
      )}
      <Simulate draft={draft} api={props.api} />
    </section>
  );
}

function Rows({ draft, onChange, violations, showErrors }: Parameters<typeof PermissionsForm>[0]) {
  // Open the tab of a grant that the server rejected.
  const rejected = draft.rows.findIndex((_, index) =>
    violations.some(({ pointer }) => pointer.startsWith(`/permissions/grants/${index}/`)),
  );
  const [tab, openTab] = useState(() => kindOf(draft.rows[0]?.resource ?? "devtronApps"));
  useLayoutEffect(() => {
    if (rejected >= 0) openTab(kindOf(draft.rows[rejected]?.resource ?? ""));
  }, [violations]);
  const id = useId();
  if (!tab) return null;
  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    const next = step && KINDS[(KINDS.indexOf(tab) + step + KINDS.length) % KINDS.length];
    if (!next) return;
    event.preventDefault();
    openTab(next);
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
              onClick={() => openTab(kind)}
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
          return (
            <GrantRow
              key={row.key}
              kind={tab}
              row={row}
              violations={violationsOf(index, violations)}
              showErrors={showErrors}
              onChange={change}
              onRemove={remove}
            />
          );
        })}
        <button type="button" onClick={() => onChange({ ...draft, rows: [...draft.rows, emptyRow(tab)] })}>
          Add a permission for {tab.label}
        </button>
      </div>
    </div>
  );
}

/** Returns the details of the server's violations in one grant, by field. */
function violationsOf(index: number, violations: Violation[]): Record<string, string> {
  const prefix = `/permissions/grants/${index}/`;
  const ofGrant = violations.filter(({ pointer }) => pointer.startsWith(prefix));
  return Object.fromEntries(
    ofGrant.map(({ pointer, detail }) => [pointer.slice(prefix.length).split("/")[0] ?? "", detail]),
  );
}

function GrantRow(props: {
  kind: Kind;
  row: Row;
  violations: Record<string, string>;
  showErrors: boolean;
  onChange: (row: Row) => void;
  onRemove: () => void;
}) {
  const { kind, row, onChange } = props;
  const errors = props.showErrors ? rowErrors(row) : {};
  return (
    <fieldset class="grant">
      <legend class="sr">A permission for {kind.label}</legend>
      <div class="fields">
        {kind.fields.map((field) => (
          <Values
            key={field.name}
            field={field}
            values={row.values[field.name] ?? []}
            error={props.violations[field.name] ?? errors[field.name]}
            onChange={(values) => onChange({ ...row, values: { ...row.values, [field.name]: values } })}
          />
        ))}
        {kind.roles.length > 0 && (
          <Field label="Role" hint={kind.roles.find(([role]) => role === row.role)?.[1]} error={props.violations.role}>
            {(control) => (
              <select
                {...control}
                value={row.role}
                onChange={(event) => onChange({ ...row, role: event.currentTarget.value })}
              >
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
        Remove permission
      </button>
    </fieldset>
  );
}

function Summary({ draft }: { draft: Draft }) {
  if (draft.superAdmin) {
    return (
      <Notice kind="warning">
        This token gets <strong>full access</strong>: it can call every protected route, and generate, change and delete
        all tokens.
      </Notice>
    );
  }
  const complete = [...draft.rows.filter(isComplete).map(toGrant), ...draft.unknown];
  return (
    <div class="summary" aria-live="polite">
      <h3>What this token can do</h3>
      {complete.length === 0 ? (
        <p class="quiet">Nothing yet</p>
      ) : (
        <ul>
          {complete.map((grant, index) => (
            <li key={index}>{describeGrant(grant)}.</li>
          ))}
        </ul>
      )}
      {complete.length < draft.rows.length + draft.unknown.length && (
        <p class="quiet">Incomplete permissions are not included.</p>
      )}
    </div>
  );
}
