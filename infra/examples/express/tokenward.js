// Protects an Express service with tokenward, which decides on each request by token introspection (RFC 7662).
import { createHash } from "node:crypto";

/**
 * A client that introspects tokens, and caches the answers about active ones.
 * A revocation applies after at most `cacheSeconds`; 0 asks tokenward about every request.
 * A connection that stays open, such as a WebSocket or a stream, is checked only when it is opened.
 */
export class Tokenward {
  #endpoint;
  #credential;
  #timeoutSeconds;
  #cache;

  constructor({ url, credential, cacheSeconds = 10, cacheEntries = 10_000, timeoutSeconds = 2 }) {
    for (const [name, value] of Object.entries({ cacheSeconds, cacheEntries })) {
      if (!(Number.isFinite(value) && value >= 0)) {
        throw new RangeError(`\`${name}\` must be a finite number of at least 0, such as 10`);
      }
    }
    this.#endpoint = `${url.replace(/\/$/, "")}/v1/introspect`;
    this.#credential = credential;
    this.#timeoutSeconds = timeoutSeconds;
    this.#cache = new Cache(cacheSeconds, cacheEntries);
  }

  /** Returns middleware that permits a request if tokenward does, and sets `response.locals.caller`. */
  protect() {
    return async (request, response, next) => {
      try {
        response.locals.caller = await this.#authorize(request);
      } catch (error) {
        if (!(error instanceof Denial)) throw error;
        if (error.challenge) response.set("WWW-Authenticate", error.challenge);
        response.status(error.status).json({ detail: error.message });
        return;
      }
      next();
    };
  }

  /** Returns the request's caller, or throws a denial: 401, 403, or 503 if tokenward cannot decide. */
  async #authorize(request) {
    const [, token] = /^bearer +(\S+)$/i.exec(request.headers.authorization ?? "") ?? [];
    if (!token) throw new Denial(401, "Unauthorized", "Bearer");
    // The path as it was sent: percent-encoded, and without the query.
    const [path] = request.originalUrl.split("?", 1);
    const question = new URLSearchParams({ token, method: request.method, path });
    // tokenward rejects an address with a zone, such as `%eth0`.
    if (request.ip) question.set("source_ip", request.ip.split("%", 1)[0]);
    const answer = await this.#introspect(question.toString());
    if (answer.active !== true) throw new Denial(401, "Unauthorized", 'Bearer error="invalid_token"');
    if (answer.allowed !== true) throw new Denial(403, "Forbidden");
    const { sub, username, owner, super_admin } = answer;
    return { tokenId: sub, tokenName: username, owner, isSuperAdmin: super_admin };
  }

  /** Returns tokenward's answer, from the cache if it is there. */
  async #introspect(form) {
    const kept = this.#cache.get(form);
    if (kept) return kept;
    // The age of an answer counts from its question, because the token may change before the answer arrives.
    const [askedAt, askedAtClock] = [Date.now() / 1000, performance.now() / 1000];
    const answer = await this.#ask(form);
    if (answer.active) this.#cache.put(form, answer, askedAtClock, (answer.exp ?? Infinity) - askedAt);
    return answer;
  }

  async #ask(form) {
    let response;
    try {
      response = await fetch(this.#endpoint, {
        method: "POST",
        headers: {
          Authorization: `Bearer ${this.#credential}`,
          "Content-Type": "application/x-www-form-urlencoded",
        },
        body: form,
        redirect: "error",
        signal: AbortSignal.timeout(this.#timeoutSeconds * 1000),
      });
      if (response.ok) return await response.json();
    } catch (error) {
      // Log only the kind of the error: its message may quote a header.
      console.error(`introspection failed: ${error.cause?.code ?? error.name}`);
      throw new Denial(503, "Service Unavailable");
    }
    // This method, path or address is invalid or too long, so tokenward would never allow the request.
    if ([400, 413].includes(response.status)) throw new Denial(403, "Forbidden");
    console.error(`introspection failed: status ${response.status}`);
    throw new Denial(503, "Service Unavailable");
  }
}

/** Why a request is not permitted. */
class Denial extends Error {
  constructor(status, message, challenge) {
    super(message);
    this.status = status;
    this.challenge = challenge;
  }
}

/** A bounded number of answers, each for a bounded time. */
class Cache {
  #seconds;
  #maxEntries;
  #entries = new Map();

  constructor(seconds, maxEntries) {
    this.#seconds = seconds;
    this.#maxEntries = maxEntries;
  }

  /** Returns the answer to this form, if it may still be used. */
  get(form) {
    const entry = this.#entries.get(key(form));
    return entry && performance.now() / 1000 < entry.validUntil ? entry.answer : undefined;
  }

  /** Stores an answer until it is too old or the token expires. Removes the oldest one if the cache is full. */
  put(form, answer, askedAt, expiresIn) {
    const validUntil = askedAt + Math.min(this.#seconds, expiresIn);
    this.#entries.delete(key(form));
    this.#entries.set(key(form), { answer, validUntil });
    if (this.#entries.size > this.#maxEntries) this.#entries.delete(this.#entries.keys().next().value);
  }
}

/** Hashes token, method, path and address, so that the cache contains no token. */
function key(form) {
  return createHash("sha256").update(form).digest("base64");
}
