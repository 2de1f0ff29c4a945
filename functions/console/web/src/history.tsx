// The history of one token, in words.
import { useState } from "preact/hooks";
import type { Api, TokenEvent } from "./api";
import { ErrorNotice, Timestamp, useAction } from "./ui";

const ACTIONS: Readonly<Record<string, string>> = {
  generated: "generated the token",
  regenerated: "regenerated the token",
  rolledBack: "rolled back to the previous secret",
  previousEnded: "ended the previous secret",
  revoked: "revoked the token",
  deleted: "deleted the token",
};

/** Returns words as a list in a sentence. */
export function joined(words: readonly string[]): string {
  return words.length < 2 ? words.join("") : `${words.slice(0, -1).join(", ")} and ${words.at(-1)}`;
}

/** Returns what was done, to follow the name of the actor. A later release of the API may add actions. */
export function describeEvent({ action, changes }: Pick<TokenEvent, "action" | "changes">): string {
  if (action !== "updated") return ACTIONS[action] ?? `did “${action}”`;
  const members = Object.keys(changes).map((member) => `the ${member}`);
  return `changed ${joined(members) || "the token"}`;
}

/** Loads the events when the user asks for them, page by page. */
export function History({ api, id }: { api: Api; id: string }) {
  const [events, setEvents] = useState<readonly TokenEvent[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const { busy, error, run } = useAction();
  const load = () =>
    run(async (signal) => {
      const page = await api.events(id, cursor, signal);
      setEvents([...(events ?? []), ...page.events]);
      setCursor(page.nextCursor);
    });
  const hasMore = events === null || cursor !== null;
  return (
    <section class="card" aria-labelledby="history">
      <h2 id="history">History</h2>
      {events?.length === 0 && cursor === null && <p class="quiet">No events are recorded.</p>}
      {events !== null && events.length > 0 && (
        <ul class="history">
          {events.map((event, index) => (
            <li key={index}>
              <strong>{event.actor.name}</strong> {describeEvent(event)}{" "}
              <span class="quiet">
                <Timestamp at={event.at} />
                {event.sourceIp && ` from ${event.sourceIp}`}
              </span>
            </li>
          ))}
        </ul>
      )}
      {error && <ErrorNotice error={error} />}
      {hasMore && (
        <div class="actions">
          <button type="button" aria-disabled={busy} onClick={() => void load()}>
            {busy ? "Loading…" : events === null ? "Show history" : "Show more"}
          </button>
        </div>
      )}
    </section>
  );
}
