// The API-key plugin of better-auth as its documentation sets it up, over SQLite in a file, with better-sqlite3 and a
// write-ahead log. Its limit of ten requests per day and key is off.
import { apiKey } from "@better-auth/api-key";
import { betterAuth } from "better-auth";
import { getMigrations } from "better-auth/db/migration";
import Database from "better-sqlite3";
import { join } from "node:path";
import { compete } from "./contender.mjs";

const database = new Database(join(process.env.HOME, "better-auth.db"));
database.pragma("journal_mode = WAL");
const auth = betterAuth({
  database,
  secret: "for one run only, and of no worth at all",
  baseURL: "http://localhost",
  emailAndPassword: { enabled: true },
  plugins: [apiKey({ rateLimit: { enabled: false } })],
  logger: { disabled: true },
  telemetry: { enabled: false },
});
await (await getMigrations(auth.options)).runMigrations();
const account = { name: "bench", email: "bench@example.com", password: "correct horse" };
const { user } = await auth.api.signUpEmail({ body: account });
const valid = await auth.api.createApiKey({ body: { name: "valid", userId: user.id } });
const expired = await auth.api.createApiKey({ body: { name: "expired", userId: user.id, expiresIn: 86400 } });
database.prepare("UPDATE apikey SET expiresAt = ? WHERE id = ?").run(new Date(0).toISOString(), expired.id);
const row = database.prepare("SELECT * FROM apikey WHERE id = ?").get(expired.id);
const columns = Object.keys(row);
const put = database.prepare(`INSERT OR REPLACE INTO apikey (${columns}) VALUES (${columns.map((name) => `@${name}`)})`);

console.log(JSON.stringify({ valid: valid.key, expired: expired.key, garbage: "x".repeat(valid.key.length) }));
await compete(
  async (key) => (await auth.api.verifyApiKey({ body: { key } })).valid,
  (key) => {
    // The plugin deletes an expired key when it is used, so its row is inserted again before each use.
    if (key === expired.key) put.run(row);
    return key;
  },
);
