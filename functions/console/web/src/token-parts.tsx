// Parts of the page of one token.
import type { ApiError, TokenRecord } from "./api";
import { editedOf } from "./edited";
import { choiceLike } from "./expiration";
import { whenEffective } from "./settings";
import { formatStart } from "./start";
import { ErrorNotice, Notice, Timestamp } from "./ui";

export function SaveError(props: { error: ApiError; onCheck: () => void }) {
  if (!props.error.isOutcomeUnknown) return <ErrorNotice error={props.error} />;
  return (
    <Notice kind="danger" role="alert">
      <p>We don’t know whether this was saved, because no response arrived.</p>
      <button type="button" onClick={props.onCheck}>
        Check
      </button>
    </Notice>
  );
}

export function RiskyActions(props: { onRegenerate: () => void; onDelete: () => void }) {
  return (
    <section class="card risky" aria-labelledby="risky">
      <h2 id="risky">Replace or delete</h2>
      <div class="risky-action">
        <p>
          <strong>Regenerate</strong> this token to replace its secret and expiration. The current secret stops working{" "}
          {whenEffective}, or after a grace period.
        </p>
        <button type="button" class="danger" onClick={props.onRegenerate}>
          Regenerate…
        </button>
      </div>
      <div class="risky-action">
        <p>
          <strong>Delete</strong> this token to stop it from working and to free its name.
        </p>
        <button type="button" class="danger" onClick={props.onDelete}>
          Delete…
        </button>
      </div>
    </section>
  );
}

/** Shows facts about a token, such as its expiration and its last use. */
export function Facts({ record }: { record: TokenRecord }) {
  return (
    <dl class="facts">
      <div>
        <dt>Expiration</dt>
        <dd>{record.expiresAt ? <Timestamp at={record.expiresAt} /> : "Never"}</dd>
      </div>
      <div>
        <dt>Created</dt>
        <dd>
          <Timestamp at={record.createdAt} /> by&nbsp;{record.createdBy.name}
        </dd>
      </div>
      <div>
        <dt>Updated</dt>
        <dd>
          <Timestamp at={record.updatedAt} /> by&nbsp;{record.updatedBy.name}
        </dd>
      </div>
      <div>
        <dt>Regenerated</dt>
        <dd>{record.regeneratedAt ? <Timestamp at={record.regeneratedAt} /> : "Never"}</dd>
      </div>
      <div>
        <dt>Last used</dt>
        <dd>{record.lastUsed ? <LastUse usage={record.lastUsed} /> : "Never"}</dd>
      </div>
      <div>
        <dt>Allowed addresses</dt>
        <dd>{record.allowedIps?.join(", ") ?? "Any"}</dd>
      </div>
      <div>
        <dt>May regenerate itself</dt>
        <dd>{record.selfRegenerate ? "Yes" : "No"}</dd>
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

function LastUse({ usage }: { usage: NonNullable<TokenRecord["lastUsed"]> }) {
  return (
    <>
      <Timestamp at={usage.at} />
      {usage.route && (
        <>
          {" "}
          for <code>{usage.route}</code>
        </>
      )}
      {usage.sourceIp && ` from ${usage.sourceIp}`}
    </>
  );
}

/** Returns the address of the form for a new token, filled in from this record. */
export function duplicateOf(record: TokenRecord): string {
  return formatStart({
    name: `${record.name.slice(0, 45)}-copy`,
    choice: choiceLike(record),
    edited: editedOf(record),
  });
}
