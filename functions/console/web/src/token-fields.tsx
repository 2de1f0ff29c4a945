// The fields that the forms of a new token and of an existing one share.
import type { ComponentChildren } from "preact";
import { useId } from "preact/hooks";
import { addressesError, toAllowedIps } from "./addresses";
import type { Api, Violation } from "./api";
import { type Draft, templates } from "./draft";
import type { Edited } from "./edited";
import { Description, Owner } from "./fields";
import type { ValuesField } from "./permissions";
import { PermissionsForm } from "./permissions-form";
import { Values } from "./values";

interface Props {
  api: Api;
  /** What the form contains. The draft in it is the permissions. */
  edited: Edited;
  violations: Violation[];
  /** The keys of the rows of grants when the user last tried to send the form; null before. */
  attempted: ReadonlySet<number> | null;
  onChange: (edited: Edited) => void;
  /** What only a new token has: its name, and its expiration. */
  name?: ComponentChildren;
  expiration?: ComponentChildren;
}

export function TokenFields(props: Props) {
  const { api, edited, violations, attempted } = props;
  const { draft } = edited;
  const edit = (part: Partial<Edited>) => props.onChange({ ...edited, ...part });
  const violationOf = (member: string) => violations.find(({ pointer }) => pointer === `/${member}`)?.detail;
  const isEmpty = !draft.superAdmin && draft.rows.length + draft.unknown.length === 0;
  return (
    <>
      <div class="card">
        {props.name}
        <Description
          value={edited.description}
          error={violationOf("description")}
          onChange={(description) => edit({ description })}
        />
        <Owner value={edited.owner} error={violationOf("owner")} onChange={(owner) => edit({ owner })} />
        {props.expiration}
      </div>
      <div class="card">
        <PermissionsForm
          draft={draft}
          api={api}
          attempted={attempted}
          violations={violations}
          onChange={(changed) => edit({ draft: changed })}
        >
          {props.name !== undefined && isEmpty && <Templates onChoose={(chosen) => edit({ draft: chosen })} />}
        </PermissionsForm>
      </div>
      <div class="card">
        <Values
          {...edited.addresses}
          field={ADDRESSES}
          error={addressesViolation(edited, violations) ?? (attempted && addressesError(edited.addresses)) ?? undefined}
          onChange={(addresses) => edit({ addresses })}
        />
        <SelfRegenerate checked={edited.selfRegenerate} onChange={(selfRegenerate) => edit({ selfRegenerate })} />
      </div>
    </>
  );
}

const ADDRESSES: ValuesField = {
  name: "allowedIps",
  label: "Allowed addresses",
  isList: true,
  hint: "IP addresses or CIDR ranges",
  example: "203.0.113.7 or 203.0.113.0/24",
  allLabel: "Any address",
};

/** Returns what the server rejects in the addresses, with the address that it is about. */
function addressesViolation({ addresses }: Edited, violations: Violation[]): string | undefined {
  const found = violations.flatMap(({ pointer, detail }) => {
    const [, member, index] = pointer.split("/");
    if (member !== ADDRESSES.name) return [];
    const address = index === undefined ? undefined : toAllowedIps(addresses)?.[Number(index)];
    return [address === undefined ? detail : `“${address}”: ${detail}`];
  });
  return found.length > 0 ? found.join("; ") : undefined;
}

function SelfRegenerate(props: { checked: boolean; onChange: (checked: boolean) => void }) {
  const hint = useId();
  return (
    <div>
      <label class="tick">
        <input
          type="checkbox"
          aria-describedby={hint}
          checked={props.checked}
          onChange={(event) => props.onChange(event.currentTarget.checked)}
        />
        May regenerate itself
      </label>
      <p id={hint} class="hint">
        For programs that rotate their own token. They can’t extend its lifetime.
      </p>
    </div>
  );
}

function Templates(props: { onChoose: (draft: Draft) => void }) {
  return (
    <div class="templates" role="group" aria-label="Templates">
      <span class="quiet">Start with a template:</span>
      {templates().map(({ label, about, draft }) => (
        <button key={label} type="button" title={about} onClick={() => props.onChoose(draft)}>
          {label}
        </button>
      ))}
    </div>
  );
}
