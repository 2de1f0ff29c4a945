import type { Change, Permissions, TokenRecord } from "./api";
import { joined } from "./history";
import { describeGrant, describePermissions } from "./permissions";
import { Notice, Timestamp } from "./ui";

/** Shows what someone else has saved meanwhile beside what the user wants to save, and lets the user choose. */
export function Conflict(props: {
  record: TokenRecord;
  theirs: TokenRecord;
  /** What the user wants to save. */
  change: Change;
  onMine: () => void;
  onTheirs: () => void;
}) {
  const { record, theirs, change } = props;
  const mine = { ...record, ...change };
  const changed = (one: TokenRecord, member: keyof Change) =>
    JSON.stringify(one[member]) === JSON.stringify(record[member]) ? "" : " (changed)";
  return (
    <Notice kind="danger" role="alert">
      <h2>Someone else changed this token</h2>
      <p>
        {theirs.updatedBy.name} saved version {theirs.version} <Timestamp at={theirs.updatedAt} />. Your changes are not
        saved yet.
      </p>
      <div class="versions">
        {(
          [
            ["Their", theirs, "theirs"],
            ["Your", mine, "mine"],
          ] as const
        ).map(([whose, version, name]) => (
          <dl key={whose} class={name}>
            <dt>
              {whose} description{changed(version, "description")}
            </dt>
            <dd>{version.description ?? "None"}</dd>
            <dt>
              {whose} owner{changed(version, "owner")}
            </dt>
            <dd>{version.owner ?? "None"}</dd>
            <dt>
              {whose} permissions{changed(version, "permissions")}
            </dt>
            <dd>
              <Described permissions={version.permissions} />
            </dd>
          </dl>
        ))}
      </div>
      <p>
        Overwriting changes only{" "}
        {joined(
          [
            "description" in change && "the description",
            "owner" in change && "the owner",
            "permissions" in change && "the permissions",
          ].filter((part) => part !== false),
        )}
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

function Described({ permissions }: { permissions: Permissions }) {
  if (permissions.type === "superAdmin") return <>{describePermissions(permissions)}</>;
  return (
    <ul>
      {permissions.grants.map((grant, index) => (
        <li key={index}>{describeGrant(grant)}.</li>
      ))}
    </ul>
  );
}
