// Starts the local gateway and the services, and sends requests to them.
import { spawn } from "node:child_process";
import { closeSync, openSync, readFileSync } from "node:fs";
import { request } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";

// Set by tests/services/run: the programs of the gateway and of Python, and the folder for logs and admin tokens.
const { GATEWAY, PYTHON, SERVICES_HOME } = process.env;
const started = [];

/**
 * How each service is started.
 *
 * - `command` returns the program and its arguments, by default with the example's main program.
 * - `ready` matches the line of the log that contains the URL.
 * - `trust` returns the options and the environment that make the service trust the proxy at this address, or no proxy
 *   without an address.
 */
export const SERVICES = {
  express: {
    command: (main = "infra/examples/express/main.js") => ["node", main],
    ready: /listening on (\S+)/,
    trust: (proxy) => ({ options: [], env: { TRUSTED_PROXIES: proxy } }),
  },
  fastapi: {
    command: (main = "main:app", ...options) => [
      PYTHON,
      "-m",
      "uvicorn",
      "--app-dir",
      "infra/examples/fastapi",
      main,
      "--port",
      "0",
      ...options,
    ],
    ready: /Uvicorn running on (\S+)/,
    trust: (proxy) => ({ options: proxy ? ["--forwarded-allow-ips", proxy] : ["--no-proxy-headers"], env: {} }),
  },
};

/** Repeats a check until it returns something true, for at most a minute. */
export async function until(what, check) {
  for (const end = Date.now() + 60_000; Date.now() < end; await sleep(20)) {
    const result = await check();
    if (result) return result;
  }
  throw new Error(`not within a minute: ${what}`);
}

/** Starts a program that logs to a file, and waits until it prints its URL. */
async function start(name, [program, ...options], ready, env = {}) {
  const path = `${SERVICES_HOME}/${name}.log`;
  const log = openSync(path, "w");
  const child = spawn(program, options, { env: { ...process.env, ...env }, stdio: ["ignore", log, log] });
  closeSync(log);
  started.push(child);
  const logged = () => readFileSync(path, "utf8");
  const url = await until(`${name} starts: ${path}`, () => {
    if (hasEnded(child)) throw new Error(`${name} ended:\n${logged()}`);
    return ready.exec(logged())?.[1];
  });
  return { url, logged, stop: () => stop(child) };
}

const hasEnded = (child) => child.exitCode !== null || child.signalCode !== null;

async function stop(child) {
  if (hasEnded(child)) return;
  const ended = new Promise((resolve) => child.once("exit", resolve));
  child.kill();
  await ended;
}

export async function stopAll() {
  await Promise.all(started.map(stop));
}

/** Starts the gateway. Its table is in memory. */
export async function startGateway(name) {
  const file = `${SERVICES_HOME}/${name}.admin`;
  const command = [GATEWAY, "--port", "0", "--in-memory", "--admin-token-file", file];
  const gateway = await start(name, command, /^listening on (\S+)/m);
  const admin = readFileSync(file, "utf8").trim();
  const api = async (method, path, body) => {
    const headers = { authorization: `Bearer ${admin}`, ...(body && { "content-type": "application/json" }) };
    const response = await fetch(`${gateway.url}${path}`, { method, headers, body: body && JSON.stringify(body) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${method} ${path}: ${response.status} ${text}`);
    return text && JSON.parse(text);
  };
  let generated = 0;
  return {
    ...gateway,
    api,
    /** The super admin's token. */
    admin,
    /** Generates a token with one `routes` grant. */
    generate: (methods, paths, more = {}) => {
      generated += 1;
      const permissions = { type: "specific", grants: [{ resource: "routes", methods, paths }] };
      return api("POST", "/v1/tokens", { name: `token-${generated}`, permissions, ...more });
    },
    /** Returns how many introspections the gateway has logged. */
    introspections: () => gateway.logged().match(/"message":"token introspected"/g)?.length ?? 0,
  };
}

/**
 * Starts a service with this environment. `label` becomes a part of its log's name. If the address `proxy` is given,
 * the service trusts a proxy there. If `main` is given, it replaces the example's main program, and may add options.
 */
export async function startService(name, label, env, { proxy, main = [] } = {}) {
  const { command, ready, trust } = SERVICES[name];
  const { options, env: proxyEnv } = trust(proxy);
  return start(`${name}-${label}`, [...command(...main), ...options], ready, { PORT: "0", ...env, ...proxyEnv });
}

/** Sends a request with the path as given, and returns the status, the challenge (`WWW-Authenticate`) and the body. */
export function send(service, token, { method = "GET", path = "/reports/7", headers = {}, localAddress, body } = {}) {
  return new Promise((resolve, reject) => {
    const { hostname, port } = new URL(service.url);
    const authorization = token === undefined ? {} : { authorization: `Bearer ${token}` };
    const options = { hostname, port, localAddress, method, path, agent: false };
    const sent = request({ ...options, headers: { ...authorization, ...headers } });
    sent.on("error", reject).on("response", async (response) => {
      const text = (await response.setEncoding("utf8").toArray()).join("");
      resolve({ status: response.statusCode, challenge: response.headers["www-authenticate"], text });
    });
    sent.end(body);
  });
}
