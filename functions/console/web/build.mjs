// Generates src/openapi.ts, and builds ../dist, which the function embeds, without checking types (`npm run check` does).
// Also writes the hash of all inputs to dist/SOURCE, so that a test can check without Node whether dist is up to date.
// A file that is up to date is not written, so that cargo does not compile again what embeds it.
import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { build } from "esbuild";
import openapiTS, { astToString } from "openapi-typescript";

const dist = new URL("../dist/", import.meta.url);
const here = (path) => new URL(path, import.meta.url);

async function write(file, content) {
  const current = await readFile(file).catch(() => null);
  if (!current?.equals(Buffer.from(content))) await writeFile(file, content);
}

await mkdir(dist, { recursive: true });
const types = await openapiTS(here("../../../docs/openapi.yaml"));
await write(here("src/openapi.ts"), `// Generated from docs/openapi.yaml by build.mjs.\n${astToString(types)}`);

/** Bundles a source and everything that it imports into a file of dist. */
async function bundle(source, file, options) {
  const shared = { bundle: true, minify: true, target: "es2022", logLevel: "warning", write: false };
  const { outputFiles } = await build({ ...shared, entryPoints: [source], ...options });
  await write(new URL(file, dist), outputFiles[0].contents);
}
await bundle("src/main.tsx", "app.js", { format: "esm", legalComments: "none" });
await bundle("src/style.css", "app.css", { external: ["icon.svg"] });
for (const file of ["index.html", "icon.svg"]) await write(new URL(file, dist), await readFile(here(`src/${file}`)));

// tests/api/console.rs computes the same hash.
const sources = (await readdir(here("src"))).map((name) => `src/${name}`);
const hash = createHash("sha256");
for (const name of [...sources, "build.mjs", "package-lock.json", "package.json", "tsconfig.json"].sort()) {
  hash.update(`${name}\n`).update(await readFile(here(name)));
}
hash.update(await readFile(here("../../../docs/openapi.yaml")));
await write(new URL("SOURCE", dist), `${hash.digest("hex")}\n`);
