// The deployment's settings, which the server puts into the page.

function read(name: string): string {
  return document.querySelector<HTMLMetaElement>(`meta[name="${name}"]`)?.content ?? "";
}

export const settings = {
  /** The name of the header that contains the token. */
  tokenHeader: read("token-header"),
  /** The maximum lifetime in days; 0 if there is none. */
  maxLifetimeDays: Number(read("max-lifetime-days")),
  /** For how many seconds API Gateway reuses a decision of the authorizer; 0 if it does not. */
  cacheSeconds: Number(read("cache-seconds")),
  /** After how many minutes without input the user is signed out; 0 for never. */
  idleMinutes: Number(read("idle-minutes")),
};

/** When the authorizer applies a change or the deletion of a token, as a part of a sentence. */
export const whenEffective = settings.cacheSeconds === 0 ? "immediately" : `within ${settings.cacheSeconds} seconds`;
