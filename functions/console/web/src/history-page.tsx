// The history of all tokens, by day.
import { useEffect, useRef, useState } from "preact/hooks";
import { addressOfHistory } from "./address";
import type { Api, DayEvent } from "./api";
import { actionOf } from "./events";
import { Changes, Origin } from "./history";
import { updateAddress } from "./navigation";
import { ErrorNotice, Field, Heading, useAction } from "./ui";

/** At least this many more events are loaded at a time, if there are as many. A page of the API may contain fewer, even none. */
const STEP = 50;

export function HistoryPage(props: { api: Api; from: string; to: string; listAddress: string }) {
  const { api, from, to } = props;
  useEffect(() => scrollTo(0, 0), []);
  /** Shows these days at their own address, without another entry in the browser's history. */
  const show = (first: string, last: string) => updateAddress(addressOfHistory(first, last));
  return (
    <main class="middle">
      <p>
        <a href={props.listAddress}>← All tokens</a>
      </p>
      <Heading>History</Heading>
      <div class="filters days" role="search">
        <Day label="From" value={from} onChange={(day) => show(day, to)} />
        <Day label="To" value={to} onChange={(day) => show(from, day)} />
        <p class="quiet">Days are in UTC. You can select at most 366.</p>
      </div>
      <Days key={`${from} ${to}`} api={api} from={from} to={to} />
    </main>
  );
}

function Day(props: { label: string; value: string; onChange: (day: string) => void }) {
  return (
    <Field label={props.label}>
      {(control) => (
        <input
          {...control}
          type="date"
          required
          value={props.value}
          // An incomplete date is empty.
          onChange={({ currentTarget: { value } }) => value !== "" && props.onChange(value)}
        />
      )}
    </Field>
  );
}

function Days({ api, from, to }: { api: Api; from: string; to: string }) {
  const [events, setEvents] = useState<readonly DayEvent[]>([]);
  /** Where the next page starts; null at the end, undefined before the first page. */
  const next = useRef<string | null | undefined>(undefined);
  const { busy, error, run } = useAction();
  const load = () =>
    run(async (signal) => {
      let found = events;
      do {
        const page = await api.dayEvents(from, to, next.current ?? null, signal);
        found = [...found, ...page.events];
        next.current = page.nextCursor;
        setEvents(found);
      } while (next.current !== null && found.length < events.length + STEP);
    });
  useEffect(() => void load(), []);
  return (
    <>
      <p role="status" class="quiet">
        {error ? "" : busy || next.current === undefined ? "Loading…" : countText(events.length, next.current !== null)}
      </p>
      {events.length > 0 && (
        <ul class="history card">
          {events.map((event, index) => (
            <li key={index}>
              <Sentence event={event} /> <Origin event={event} />
              {event.action !== "deleted" && <Changes api={api} event={event} />}
            </li>
          ))}
        </ul>
      )}
      {error && <ErrorNotice error={error} retry={() => void load()} />}
      {!busy && !error && next.current && (
        <div class="actions">
          <button type="button" onClick={() => void load()}>
            Show more
          </button>
        </div>
      )}
    </>
  );
}

function countText(count: number, hasMore: boolean): string {
  if (count === 0) return "Nothing happened on these days.";
  return `${hasMore ? "The first " : ""}${count} ${count === 1 ? "event" : "events"}, the oldest first.`;
}

function Sentence({ event: { action, actor, token } }: { event: DayEvent }) {
  const [before, after] = actionOf(action);
  return (
    <>
      <strong>{actor.name}</strong> {before} <a href={`#/tokens/${token.id}`}>{token.name ?? token.id}</a> {after}
    </>
  );
}
