// Which rows a page of a list shows.

export interface Pager {
  /** The number of the page, from 0: the one that was asked for, or the last one if there are fewer pages. */
  page: number;
  pages: number;
  /** The index of the first row of the page, and of the row after its last. */
  start: number;
  end: number;
}

export function paginate(count: number, size: number, page: number): Pager {
  const pages = Math.max(1, Math.ceil(count / size));
  const shown = Math.min(Math.max(0, page), pages - 1);
  return { page: shown, pages, start: shown * size, end: Math.min(count, (shown + 1) * size) };
}
