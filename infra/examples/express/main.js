// A service whose routes are protected by tokenward, except /health: `npm start`.
import express from "express";
import { Tokenward } from "./tokenward.js";

const { env } = process;
for (const name of ["TOKENWARD_URL", "TOKENWARD_CREDENTIAL"]) {
  if (!env[name]) throw new Error(`set the environment variable \`${name}\``);
}

const tokenward = new Tokenward({
  url: env.TOKENWARD_URL,
  // A token with a `routes` grant for `POST /v1/introspect`.
  credential: env.TOKENWARD_CREDENTIAL.trim(),
  cacheSeconds: Number(env.TOKENWARD_CACHE_SECONDS ?? 10),
  cacheEntries: Number(env.TOKENWARD_CACHE_ENTRIES ?? 10_000),
});

const app = express();
// tokenward decides on the exact path. Without these, `/Reports/7` would be the route `/reports/7`, but have other rules.
app.enable("case sensitive routing");
app.enable("strict routing");
// A router ignores the app's settings, so it needs them too. Add all routes to this one, with their whole paths:
// in a router below `/reports`, the route `/` would be both `/reports` and `/reports/`.
const router = express.Router({ caseSensitive: true, strict: true });
app.use(router);
// The addresses of your proxies. Of any other client, Express ignores the header `X-Forwarded-For`.
if (env.TRUSTED_PROXIES) app.set("trust proxy", env.TRUSTED_PROXIES);

router.get("/health", (_request, response) => {
  response.json({ status: "ok" });
});

// All routes below are protected.
router.use(tokenward.protect());

router.get("/reports/:report", (request, response) => {
  response.json({ report: request.params.report, readBy: response.locals.caller.tokenName });
});

router.delete("/reports/:report", (request, response) => {
  response.json({ report: request.params.report, deletedBy: response.locals.caller.tokenName });
});

const server = app.listen(Number(env.PORT ?? 8000), "127.0.0.1", () => {
  console.log(`listening on http://127.0.0.1:${server.address().port}`);
});
