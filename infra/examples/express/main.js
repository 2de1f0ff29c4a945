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
// tokenward's rules match the exact path. Without these settings, Express would serve `/Reports/7` and `/reports/7/`
// like `/reports/7`, although other rules apply to them.
app.enable("case sensitive routing");
app.enable("strict routing");
// A router ignores the app's settings, so it needs them too. Add all routes to this router, with their whole paths:
// in a router that is mounted at `/reports`, the route `/` would match both `/reports` and `/reports/`.
const router = express.Router({ caseSensitive: true, strict: true });
app.use(router);
// The addresses of your proxies. Express ignores the header `X-Forwarded-For` if a request comes from another address.
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
