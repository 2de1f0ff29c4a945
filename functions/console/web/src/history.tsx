// The history of one token.
import { useState } from "preact/hooks";
import type { Api, DayEvent, TokenEvent } from "./api";
import { describeEvent, findChanges, type MemberChange } from "./events";
import { describeMember, Value } from "./members";
import { ErrorNotice, Timestamp, useAction } from "./ui";

/** Loads the events when the user asks for them, page by page. */
export function History({ api, id }: { api: Api; id: string }) {
  const [events, setEvents] = useState<readonly TokenEvent[] | null>(null);
  const [cursor, setCursor] = useState<string | null>(null);
  const { busy, error, run } = useAction();
  const load = () =>
    run(async (signal) => {
      const page = await api.events(id, 20, cursor, signal);
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
              <strong>{event.actor.name}</strong> {describeEvent(event)} <Origin event={event} />
              {Object.keys(event.changes).length > 0 && <Changes api={api} event={event} />}
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

/** Shows when and from where something was done. */
export function Origin({ event }: { event: TokenEvent | DayEvent }) {
  return (
    <span class="quiet">
      <Timestamp at={event.at} />
      {event.sourceIp && ` from ${event.sourceIp}`}
    </span>
  );
}

/** Lets the user show what an event changed. The values before and after the event are loaded only then. */
export function Changes({ api, event }: { api: Api; event: TokenEvent | DayEvent }) {
  const [changed, setChanged] = useState<MemberChange[] | null>(null);
  const { error, run } = useAction();
  const load = () =>
    run(async (signal) => {
      const found = await findChanges(event, (cursor) => api.events(event.token.id, 100, cursor, signal));
      setChanged(found ?? []);
    });
  const isNew = event.action === "generated";
  return (
    <details class="changes" onToggle={({ currentTarget }) => currentTarget.open && changed === null && void load()}>
      <summary>{isNew ? "What was set" : "Before and after"}</summary>
      {changed === null && !error && <p class="quiet">Loading…</p>}
      {error && <ErrorNotice error={error} retry={() => void load()} />}
      {changed?.length === 0 && <p class="quiet">No values are recorded.</p>}
      <dl>
        {changed?.map(({ member, before, after }) => (
          <div key={member}>
            <dt>{describeMember(member)}</dt>
            {!isNew && (
              <dd>
                <span class="quiet">Before:</span>{" "}
                {before === undefined ? "Not recorded" : <Value member={member} value={before} />}
              </dd>
            )}
            <dd>
              {!isNew && <span class="quiet">After:</span>} <Value member={member} value={after} />
            </dd>
          </div>
        ))}
      </dl>
    </details>
  );
}
