// Generates src/openapi.ts, and builds ../dist, which the function embeds, without checking types (`npm run check` does).
// Also writes the hash of all inputs to dist/SOURCE, so that a test can check without Node whether dist is up to date.
import { createHash } from "node:crypto";
import { copyFile, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import openapiTS, { astToString } from "openapi-typescript";

const dist = new URL("../dist/", import.meta.url);
const here = (path) => new URL(path, import.meta.url);

await mkdir(dist, { recursive: true });
const types = await openapiTS(here("../../../docs/openapi.yaml"));
await writeFile(here("src/openapi.ts"), `// Generated from docs/openapi.yaml by build.mjs.\n${astToString(types)}`);

const shared = { bundle: true, minify: true, target: "es2022", logLevel: "warning" };
await build({
  ...shared,
  entryPoints: ["src/main.tsx"],
  outfile: "../dist/app.js",
  format: "esm",
  legalComments: "none",
});
await build({ ...shared, entryPoints: ["src/style.css"], outfile: "../dist/app.css", external: ["icon.svg"] });
for (const file of ["index.html", "icon.svg"]) await copyFile(here(`src/${file}`), new URL(file, dist));

// tests/api/console.rs computes the same hash.
const sources = (await readdir(here("src"))).map((name) => `src/${name}`);
const hash = createHash("sha256");
for (const name of [...sources, "build.mjs", "package-lock.json", "package.json", "tsconfig.json"].sort()) {
  hash.update(`${name}\n`).update(await readFile(here(name)));
}
hash.update(await readFile(here("../../../docs/openapi.yaml")));
await writeFile(new URL("SOURCE", dist), `${hash.digest("hex")}\n`);
