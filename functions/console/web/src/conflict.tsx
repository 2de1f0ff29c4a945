import type { Change, TokenRecord } from "./api";
import { describeMember, joined, Value } from "./members";
import { Notice, RelativeTime } from "./ui";

/** The members that are always shown. The others are shown only if someone changed them. */
const ALWAYS: readonly (keyof Change)[] = ["description", "owner", "permissions"];
const MEMBERS: readonly (keyof Change)[] = [...ALWAYS, "allowedIps", "selfRegenerate"];

/** Shows what someone else has saved meanwhile beside what the user wants to save, and lets the user choose. */
export function Conflict(props: {
  /** The record that the user began to change. */
  record: TokenRecord;
  /** The record that someone else has saved since. */
  theirs: TokenRecord;
  /** What the user wants to save. */
  change: Change;
  onMine: () => void;
  onTheirs: () => void;
}) {
  const { record, theirs, change } = props;
  const mine = { ...record, ...change };
  const isChanged = (one: TokenRecord, member: keyof Change) =>
    JSON.stringify(one[member]) !== JSON.stringify(record[member]);
  const shown = MEMBERS.filter(
    (member) => ALWAYS.includes(member) || isChanged(theirs, member) || isChanged(mine, member),
  );
  const overwritten = MEMBERS.filter((member) => member in change).map((member) => `the ${describeMember(member)}`);
  return (
    <Notice kind="danger" role="alert">
      <h2>Someone else changed this token</h2>
      <p>
        {theirs.updatedBy.name} saved version {theirs.version} <RelativeTime at={theirs.updatedAt} />. Your changes are
        not saved yet.
      </p>
      <div class="conflict">
        {(
          [
            ["Their", theirs, "theirs"],
            ["Your", mine, "mine"],
          ] as const
        ).map(([whose, version, name]) => (
          <dl key={whose} class={name}>
            {shown.map((member) => [
              <dt key={member}>
                {whose} {describeMember(member)}
                {isChanged(version, member) ? " (changed)" : ""}
              </dt>,
              <dd key={`${member}-value`}>
                <Value member={member} value={version[member]} />
              </dd>,
            ])}
          </dl>
        ))}
      </div>
      <p>Overwriting changes only {joined(overwritten)}.</p>
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
