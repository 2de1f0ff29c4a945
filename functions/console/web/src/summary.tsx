import { type Draft, isComplete } from "./draft";
import { Bullets, describeAll } from "./members";
import { toGrant } from "./permissions";
import { Notice } from "./ui";

/** More sentences than this are hidden until the user wants to see them. */
const SENTENCES = 8;

/** Shows what a token can do, in plain language. */
export function Summary({ draft }: { draft: Draft }) {
  if (draft.superAdmin) {
    return (
      <Notice kind="warning">
        This token gets <strong>full access</strong>: it can call every protected route, and generate, change and delete
        all tokens.
      </Notice>
    );
  }
  const grants = [...draft.rows.filter(isComplete).map(toGrant), ...draft.unknown];
  const sentences = describeAll({ type: "specific", grants });
  return (
    <div class="summary" aria-live="polite">
      <h3>What this token can do</h3>
      {sentences.length === 0 ? (
        <p class="quiet">Nothing yet</p>
      ) : (
        <>
          <Bullets lines={sentences.slice(0, SENTENCES)} />
          {sentences.length > SENTENCES && (
            <details>
              <summary>{sentences.length - SENTENCES} more</summary>
              <Bullets lines={sentences.slice(SENTENCES)} />
            </details>
          )}
        </>
      )}
      {sentences.length < draft.rows.length + draft.unknown.length && (
        <p class="quiet">Incomplete permissions are not included.</p>
      )}
    </div>
  );
}
