// The permissions of a token: super admin, or grants by kind, with a summary in plain language and a form to test requests.
import type { ComponentChildren } from "preact";
import { useId, useLayoutEffect, useRef, useState } from "preact/hooks";
import type { Api, Violation } from "./api";
import { type Draft, draftError, isComplete, rowKeys, violationsOf } from "./draft";
import { describeGrant, emptyRow, KINDS, type Kind, kindOf, type Row, rowErrors, toGrant } from "./permissions";
import { Simulate } from "./simulate";
import { Summary } from "./summary";
import { Field } from "./ui";
import { Values } from "./values";

interface Props {
  draft: Draft;
  onChange: (draft: Draft) => void;
  api: Api;
  violations: Violation[];
  /** The keys of the rows of grants when the user last tried to send the form; null before. Each attempt creates a new set. */
  attempted: ReadonlySet<number> | null;
  /** Shown below the heading. */
  children?: ComponentChildren;
}

export function PermissionsForm(props: Props) {
  const { draft, onChange } = props;
  const name = useId();
  const choose = (superAdmin: boolean) => onChange({ ...draft, superAdmin });
  /** The violations that concern the permissions as a whole, not one grant. */
  const general = props.violations.filter(
    ({ pointer }) => pointer === "/permissions" || pointer === "/permissions/grants",
  );
  const message = props.attempted && draftError(draft, props.attempted);
  return (
    <section class="permissions" aria-labelledby={`${name}-title`}>
      <h2 id={`${name}-title`}>Permissions</h2>
      {props.children}
      <div class="choices" role="radiogroup" aria-labelledby={`${name}-title`}>
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
      {message !== null && (
        <p class="error" role="alert">
          {message}
        </p>
      )}
      <Simulate draft={draft} api={props.api} />
    </section>
  );
}

/** If there are more grants than this when the form appears, all of them are closed. */
const OPEN_ROWS = 3;

function Rows({ draft, onChange, violations, attempted }: Props) {
  const [tab, openTab] = useState(() => kindOf(draft.rows[0]?.resource ?? "") ?? KINDS[0]);
  const [open, setOpen] = useState<ReadonlySet<number>>(() =>
    draft.rows.length > OPEN_ROWS ? new Set() : rowKeys(draft),
  );
  /** The key of the row that the user added last, whose first control receives the focus. */
  const [added, setAdded] = useState<number | null>(null);
  // Show the first grant that the server rejected, or that is incomplete.
  useLayoutEffect(() => {
    const wrong = draft.rows.find((row, index) => {
      const isRejected = Object.keys(violationsOf(draft, index, violations)).length > 0;
      return isRejected || (attempted?.has(row.key) && !isComplete(row));
    });
    if (wrong === undefined) return;
    openTab(kindOf(wrong.resource));
    setOpen((keys) => new Set([...keys, wrong.key]));
  }, [violations, attempted]);
  // In a narrow window, the tabs are wider than the page, so the selected one must be scrolled into view.
  const tabs = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    const selected = tabs.current?.querySelector<HTMLElement>('[aria-selected="true"]');
    if (!tabs.current || !selected) return;
    tabs.current.scrollLeft = selected.offsetLeft - (tabs.current.clientWidth - selected.offsetWidth) / 2;
  }, [tab]);
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
  const add = () => {
    const row = emptyRow(tab);
    setOpen((keys) => new Set([...keys, row.key]));
    setAdded(row.key);
    onChange({ ...draft, rows: [...draft.rows, row] });
  };
  return (
    <div class="tabbed">
      <div ref={tabs} role="tablist" aria-label="Kinds of permissions" onKeyDown={onKeyDown}>
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
          const toggle = (isOpen: boolean) => {
            setOpen((keys) => new Set([...keys].filter((key) => key !== row.key).concat(isOpen ? row.key : [])));
          };
          return (
            <GrantRow
              key={row.key}
              kind={tab}
              row={row}
              number={draft.rows.slice(0, index + 1).filter(({ resource }) => resource === row.resource).length}
              isOpen={open.has(row.key)}
              isNew={added === row.key}
              violations={violationsOf(draft, index, violations)}
              showErrors={attempted?.has(row.key) ?? false}
              onToggle={toggle}
              onChange={change}
              onRemove={remove}
            />
          );
        })}
        <button type="button" onClick={add}>
          Add a permission for {tab.label}
        </button>
      </div>
    </div>
  );
}

function GrantRow(props: {
  kind: Kind;
  row: Row;
  /** The position among the grants of this kind, from 1. */
  number: number;
  isOpen: boolean;
  /** Whether the user has just added it, so that it receives the focus. */
  isNew: boolean;
  violations: Partial<Record<string, string>>;
  showErrors: boolean;
  onToggle: (isOpen: boolean) => void;
  onChange: (row: Row) => void;
  onRemove: () => void;
}) {
  const { kind, row, number, onChange } = props;
  const errors = props.showErrors ? rowErrors(row) : {};
  const controls = useRef<HTMLDivElement>(null);
  useLayoutEffect(() => {
    if (props.isNew) controls.current?.querySelector<HTMLElement>("input, select")?.focus();
  }, []);
  const sentence = isComplete(row) ? `${describeGrant(toGrant(row))}.` : "Incomplete";
  return (
    <details class="grant" open={props.isOpen} onToggle={(event) => props.onToggle(event.currentTarget.open)}>
      <summary>
        {number}. <span class="quiet">{sentence}</span>
      </summary>
      {props.isOpen && (
        <div ref={controls} class="controls" role="group" aria-label={`Permission ${number} for ${kind.label}`}>
          <div class="fields">
            {kind.fields.map((field) => (
              <Values
                key={field.name}
                field={field}
                values={row.values[field.name] ?? []}
                typed={row.typed[field.name] ?? ""}
                error={props.violations[field.name] ?? errors[field.name]}
                onChange={({ values, typed }) =>
                  onChange({
                    ...row,
                    values: { ...row.values, [field.name]: values },
                    typed: { ...row.typed, [field.name]: typed },
                  })
                }
              />
            ))}
            {kind.roles.length > 0 && (
              <Field
                label="Role"
                hint={kind.roles.find(({ name }) => name === row.role)?.description}
                error={props.violations.role}
              >
                {(control) => (
                  <select
                    {...control}
                    value={row.role}
                    onChange={(event) => onChange({ ...row, role: event.currentTarget.value })}
                  >
                    {kind.roles.map(({ name }) => (
                      <option key={name} value={name}>
                        {name}
                      </option>
                    ))}
                  </select>
                )}
              </Field>
            )}
          </div>
          {props.violations[""] && <p class="error">{props.violations[""]}</p>}
          <button
            type="button"
            class="plain"
            aria-label={`Remove permission ${number} for ${kind.label}`}
            onClick={props.onRemove}
          >
            Remove permission
          </button>
        </div>
      )}
    </details>
  );
}
