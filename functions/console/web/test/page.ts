// Replaces the page from which modules read their settings. Import this file before such a module.
const settings: Record<string, string> = { "max-lifetime-days": "0", "cache-seconds": "0", "idle-minutes": "30" };
Object.assign(globalThis, {
  document: {
    baseURI: "https://api.example.com/console",
    querySelector: (selector: string) => ({ content: settings[selector.split('"')[1] ?? ""] ?? "authorization" }),
  },
});
