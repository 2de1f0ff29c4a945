// The grace period: for how long the secret that is replaced still works.
import type { TokenRecord } from "./api";
import { whenEffective } from "./settings";
import { formatDateTime, stateOf } from "./time";
import { Field, Notice } from "./ui";

/** The choices in seconds. The last one is the API's maximum. */
const CHOICES: readonly [number, string][] = [
  [0, "None"],
  [3600, "1 hour"],
  [86_400, "1 day"],
  [604_800, "7 days"],
];

const NONE_HINT = "Programs fail until they have the new token.";
const GRACE_HINT =
  "Both token strings work during this time. It ends early if either of them expires, or if a super admin ends it.";

/** Returns when the current secret stops working, as a sentence without a full stop. */
export function endOfSecret(grace: number): string {
  const choice = CHOICES.find(([seconds]) => seconds === grace && seconds > 0);
  return `The current secret stops working ${choice ? `after ${choice[1]}` : whenEffective}`;
}

/** Lets the user choose a grace period in seconds. The API accepts none while a previous secret works. */
export function GraceForm(props: {
  record: TokenRecord;
  grace: number;
  error: string | undefined;
  onChange: (grace: number) => void;
}) {
  const { previousSecret } = props.record;
  if (stateOf(props.record) === "expired") return null;
  if (previousSecret !== null) {
    return (
      <Notice kind="warning">
        The previous secret still works until {formatDateTime(previousSecret.validUntil)}. Regenerating ends both
        secrets. To choose a grace period, end the previous secret first.
      </Notice>
    );
  }
  return (
    <Field label="Grace period" error={props.error} hint={props.grace === 0 ? NONE_HINT : GRACE_HINT}>
      {(control) => (
        <select
          {...control}
          value={props.grace}
          onChange={(event) => props.onChange(Number(event.currentTarget.value))}
        >
          {CHOICES.map(([seconds, label]) => (
            <option key={seconds} value={seconds}>
              {seconds === 0 ? "None, for a leaked token" : label}
            </option>
          ))}
        </select>
      )}
    </Field>
  );
}
