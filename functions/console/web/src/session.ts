// The token that the console works with: in this page's memory, or in the tab's session storage if the person asks for it.
// Never in an address, and never where another tab or a later visit could find it.

const KEY = "tokenward.token";

export function remembered(): string | null {
  try {
    return sessionStorage.getItem(KEY);
  } catch {
    return null;
  }
}

export function remember(token: string): void {
  try {
    sessionStorage.setItem(KEY, token);
  } catch {
    // A browser that stores nothing: the page's memory has to do.
  }
}

export function forget(): void {
  try {
    sessionStorage.removeItem(KEY);
  } catch {
    // There was nothing.
  }
}
