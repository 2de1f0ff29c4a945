import type { Column, ListState } from "./address";
import { type Entry, isReadable } from "./api";
import { describePermissions } from "./permissions";
import { stateOf } from "./time";
import { Badge, RelativeTime } from "./ui";
import { lastUseOf } from "./usage";

/** The columns of the table, with the names of their two orders. If `column` is null, the list cannot be sorted by it. */
export const COLUMNS: { column: Column | null; label: string; ascending?: string; descending?: string }[] = [
  { column: "name", label: "Name", ascending: "A to Z", descending: "Z to A" },
  { column: null, label: "Permissions" },
  { column: "expires", label: "Expiration", ascending: "soonest first", descending: "latest first" },
  { column: "used", label: "Last used", ascending: "longest ago first", descending: "most recent first" },
  { column: "created", label: "Created", ascending: "oldest first", descending: "newest first" },
  { column: "updated", label: "Updated", ascending: "oldest first", descending: "newest first" },
  { column: null, label: "Actions" },
];

export function Table(props: {
  entries: Entry[];
  list: ListState;
  ownId: string;
  onSort: (changed: Partial<ListState>) => void;
  onOpen: (id: string) => void;
  onDelete: (entry: Entry) => void;
}) {
  const { sort, isDescending } = props.list;
  return (
    <table aria-label="API tokens">
      <thead>
        <tr>
          {COLUMNS.map(({ column, label }) =>
            column === null ? (
              <th key={label} scope="col">
                <span class={label === "Actions" ? "sr" : ""}>{label}</span>
              </th>
            ) : (
              <th
                key={label}
                scope="col"
                aria-sort={sort !== column ? "none" : isDescending ? "descending" : "ascending"}
              >
                <button
                  type="button"
                  class="sort"
                  onClick={() => props.onSort({ sort: column, isDescending: sort === column && !isDescending })}
                >
                  {label}
                  <span aria-hidden="true">{sort !== column ? "" : isDescending ? " ↓" : " ↑"}</span>
                </button>
              </th>
            ),
          )}
        </tr>
      </thead>
      <tbody>
        {props.entries.map((entry) => (
          <EntryRow
            key={entry.id ?? entry.name}
            entry={entry}
            isOwn={entry.id === props.ownId}
            onOpen={() => entry.id !== null && props.onOpen(entry.id)}
            onDelete={() => props.onDelete(entry)}
          />
        ))}
      </tbody>
    </table>
  );
}

function EntryRow(props: { entry: Entry; isOwn: boolean; onOpen: () => void; onDelete: () => void }) {
  const { entry, onOpen, onDelete } = props;
  if (!isReadable(entry)) {
    return (
      <tr>
        <th scope="row">
          <span class="name">{entry.name}</span> <Badge state="unreadable" />
        </th>
        <td colSpan={5} class="wide">
          This token is damaged and can’t be used. {entry.id ? "You can delete it." : ""}
        </td>
        <td class="actions">{entry.id && <DeleteButton name={entry.name} onDelete={onDelete} />}</td>
      </tr>
    );
  }
  const state = stateOf(entry);
  const used = lastUseOf(entry);
  return (
    <tr>
      <th scope="row">
        <span class="line">
          <a class="name" href={`#/tokens/${entry.id}`} onClick={onOpen}>
            {entry.name}
          </a>
          {state !== "active" && <Badge state={state} />}
          {props.isOwn && <span class="badge own">You</span>}
        </span>
        {entry.owner && !entry.description && <span class="description">Owner: {entry.owner}</span>}
        {entry.description && (
          <span class="description" title={entry.description}>
            {entry.description}
          </span>
        )}
      </th>
      <td data-label="Permissions" class="permitted">
        <span class="clamped" title={describePermissions(entry.permissions)}>
          {describePermissions(entry.permissions)}
        </span>
      </td>
      <td data-label="Expiration">
        {entry.expiresAt ? <RelativeTime at={entry.expiresAt} /> : <span class="quiet">Never</span>}
      </td>
      <td data-label="Last used">{used === null ? <span class="quiet">Never</span> : <RelativeTime at={used} />}</td>
      <td data-label="Created">
        <RelativeTime at={entry.createdAt} /> <span class="quiet by">by {entry.createdBy.name}</span>
      </td>
      <td data-label="Updated">
        {entry.version === 1 ? <span class="quiet">Never</span> : <RelativeTime at={entry.updatedAt} />}
      </td>
      <td class="actions">
        <a class="button" href={`#/tokens/${entry.id}`} aria-label={`Edit ${entry.name}`} onClick={onOpen}>
          Edit
        </a>
        <DeleteButton name={entry.name} onDelete={onDelete} />
      </td>
    </tr>
  );
}

function DeleteButton({ name, onDelete }: { name: string; onDelete: () => void }) {
  return (
    <button type="button" class="danger" aria-label={`Delete ${name}`} onClick={onDelete}>
      Delete
    </button>
  );
}
