// The example services, which introspect tokens to protect their routes.
import assert from "node:assert/strict";
import { once } from "node:events";
import { createServer } from "node:net";
import { after, before, describe, test } from "node:test";
import { SERVICES, send, startGateway, startService, stopAll, until } from "./support.mjs";

const UNKNOWN = "twd_0000000000000000_0000000000000000000000000000000000000000000000000";

after(stopAll);

for (const name of Object.keys(SERVICES)) {
  describe(name, () => {
    let gateway;
    let reader;
    let environment;
    /** A service without a cache, so it introspects the token of every request. */
    let service;

    before(async () => {
      gateway = await startGateway(`${name}-gateway`);
      const credential = await gateway.generate(["POST"], ["/v1/introspect"]);
      reader = await gateway.generate(["GET"], ["/reports/**"]);
      environment = { TOKENWARD_URL: gateway.url, TOKENWARD_CREDENTIAL: credential.token };
      service = await startService(name, "uncached", { ...environment, TOKENWARD_CACHE_SECONDS: "0" });
    });

    test("a request that its token permits is let in", async () => {
      const { status, text } = await send(service, reader.token, { path: "/reports/7?format=pdf" });
      assert.equal(status, 200);
      assert.deepEqual(JSON.parse(text), { report: "7", readBy: reader.name });
      assert.equal((await send(service, undefined, { path: "/health" })).status, 200);
    });

    test("a request without an active token gets 401, before its body is read", async () => {
      const body = { method: "POST", headers: { "content-type": "application/json" }, body: "{" };
      for (const [token, more, challenge] of [
        [undefined, {}, "Bearer"],
        [undefined, body, "Bearer"],
        [undefined, { headers: { authorization: `Basic ${reader.token}` } }, "Bearer"],
        [undefined, { headers: { authorization: "Bearer " } }, "Bearer"],
        [undefined, { path: "/openapi.json" }, "Bearer"],
        ["garbage", {}, 'Bearer error="invalid_token"'],
        [UNKNOWN, {}, 'Bearer error="invalid_token"'],
      ]) {
        const response = await send(service, token, more);
        assert.deepEqual([response.status, response.challenge], [401, challenge], JSON.stringify([token, more]));
      }
    });

    test("a request that its token does not permit gets 403", async () => {
      for (const request of [
        { method: "DELETE" },
        { method: "PROPFIND" },
        { path: "/Reports/7" },
        { path: "/reports/%2e%2e/secrets" },
        { path: "/reports/a%2Fb" },
        { path: `/reports/${"%ff".repeat(10)}` },
        { path: "http://127.0.0.1/reports/7" },
      ]) {
        assert.equal((await send(service, reader.token, request)).status, 403, JSON.stringify(request));
      }
    });

    test("another spelling of a path is not the same route", async () => {
      // A path with a final slash is permitted only to a super admin.
      const token = gateway.admin;
      assert.equal((await send(service, token)).status, 200);
      // FastAPI redirects to the path without the slash.
      const withSlash = { express: 404, fastapi: 307 }[name];
      for (const [path, status] of [
        ["/Reports/7", 404],
        ["/REPORTS/7", 404],
        ["/reports/7/", withSlash],
      ]) {
        assert.equal((await send(service, token, { path })).status, status, path);
      }
    });

    test("a source address is believed only if a trusted proxy reports it", async () => {
      const local = await gateway.generate(["GET"], ["/reports/**"], { allowedIps: ["127.0.0.1"] });
      const remote = await gateway.generate(["GET"], ["/reports/**"], { allowedIps: ["203.0.113.7"] });
      const forwarded = { headers: { "x-forwarded-for": "198.51.100.1, 203.0.113.7" } };
      const claimed = { headers: { "x-forwarded-for": "203.0.113.7, 198.51.100.1" } };
      assert.equal((await send(service, local.token)).status, 200);
      assert.equal((await send(service, local.token, forwarded)).status, 200);
      assert.equal((await send(service, remote.token, forwarded)).status, 401);
      const behind = await startService(name, "behind-a-proxy", environment, { proxy: "127.0.0.1" });
      assert.equal((await send(behind, local.token, forwarded)).status, 401);
      assert.equal((await send(behind, remote.token, forwarded)).status, 200);
      // The last address is the one that the proxy has seen; its client sent the others.
      assert.equal((await send(behind, remote.token, claimed)).status, 401);
      const linkLocal = await gateway.generate(["GET"], ["/reports/**"], { allowedIps: ["fe80::1"] });
      for (const [address, status] of [
        ["fe80::1%eth0", 200],
        ["fe80::2%eth0", 401],
      ]) {
        const zoned = { headers: { "x-forwarded-for": address } };
        assert.equal((await send(behind, linkLocal.token, zoned)).status, status, address);
      }
    });

    test("a service does not start with a limit of the cache that is negative, infinite or not a number", async () => {
      for (const [limit, value] of [
        ["SECONDS", "-1"],
        ["SECONDS", "Infinity"],
        ["SECONDS", "nan"],
        ["ENTRIES", "-1"],
        ["ENTRIES", "many"],
      ]) {
        const invalid = { ...environment, [`TOKENWARD_CACHE_${limit}`]: value };
        const reported = new RegExp(`\`\\w*cache_?${limit}\` must be a`, "i");
        await assert.rejects(startService(name, "unbounded", invalid), reported, `${limit} ${value}`);
      }
    });

    test("without a cache, a revocation and changed permissions apply at once", async () => {
      const { id, token } = await gateway.generate(["GET"], ["/reports/**"]);
      assert.equal((await send(service, token)).status, 200);
      await gateway.api("PATCH", `/v1/tokens/${id}`, {
        permissions: { type: "specific", grants: [{ resource: "routes", methods: ["GET"], paths: ["/elsewhere"] }] },
      });
      assert.equal((await send(service, token)).status, 403);
      await gateway.api("DELETE", `/v1/tokens/${id}`);
      assert.equal((await send(service, token)).status, 401);
    });

    test("with a cache, a revocation applies when the cached decision expires, not later", async () => {
      const seconds = 2;
      const cached = await startService(name, "briefly", { ...environment, TOKENWARD_CACHE_SECONDS: `${seconds}` });
      const { id, token } = await gateway.generate(["GET"], ["/reports/**"]);
      await send(cached, reader.token);
      const before = Date.now();
      assert.equal((await send(cached, token)).status, 200);
      const answered = Date.now();
      await gateway.api("DELETE", `/v1/tokens/${id}`);
      let lastLetIn = before;
      await until("the revocation applies", async () => {
        const sent = Date.now();
        const { status } = await send(cached, token);
        if (status === 200) lastLetIn = sent;
        return status === 401;
      });
      assert.ok(lastLetIn > before, "the cache was used");
      assert.ok(lastLetIn <= answered + seconds * 1000, `let in ${lastLetIn - before} ms after the introspection`);
    });

    describe("the cache", () => {
      let cached;
      /** Sends the requests, checks their statuses, and returns how many introspections they caused. */
      const asks = async (requests, service = cached) => {
        const start = gateway.introspections();
        for (const [token, request, status] of requests)
          assert.equal((await send(service, token, request)).status, status);
        return gateway.introspections() - start;
      };
      const reports = (...numbers) => numbers.map((number) => [reader.token, { path: `/reports/${number}` }, 200]);

      before(async () => {
        const limits = { TOKENWARD_CACHE_SECONDS: "3600", TOKENWARD_CACHE_ENTRIES: "3" };
        cached = await startService(name, "cached", { ...environment, ...limits });
      });

      test("is used for a repeated request, allowed or denied", async () => {
        assert.equal(await asks(reports(...Array(20).fill(0))), 1);
        const denied = [reader.token, { method: "DELETE" }, 403];
        assert.equal(await asks([denied, denied, denied]), 1);
      });

      test("never reuses a decision for another token, method or path", async () => {
        const { token } = await gateway.generate(["DELETE"], ["/reports/**"]);
        assert.equal(await asks(reports(1)), 1);
        assert.equal(await asks([[token, { path: "/reports/1" }, 403]]), 1);
        assert.equal(await asks([[reader.token, { path: "/reports/1", method: "DELETE" }, 403]]), 1);
        assert.equal(await asks([[reader.token, { path: "/elsewhere/1" }, 403]]), 1);
      });

      // The source address is that of the connection, or the one that a trusted proxy reports.
      for (const [source, options, from] of [
        ["connection", {}, (address) => ({ localAddress: address })],
        ["proxy", { proxy: "127.0.0.1" }, (address) => ({ headers: { "x-forwarded-for": address } })],
      ]) {
        test(`never reuses a decision for another address, reported by the ${source}`, async () => {
          const keeping = { ...environment, TOKENWARD_CACHE_SECONDS: "3600" };
          const addressed = await startService(name, `addressed-by-${source}`, keeping, options);
          const { token } = await gateway.generate(["GET"], ["/reports/**"], { allowedIps: ["127.0.0.2"] });
          const allowed = [token, from("127.0.0.2"), 200];
          const denied = [token, from("127.0.0.3"), 401];
          // The last response is from the cache, so the decision was already stored when the request before was denied.
          assert.equal(await asks([denied], addressed), 1);
          assert.equal(await asks([allowed], addressed), 1);
          assert.equal(await asks([denied], addressed), 1);
          assert.equal(await asks([allowed], addressed), 0);
        });
      }

      test("forgets the oldest entry when it is full", async () => {
        assert.equal(await asks(reports(11, 12, 13)), 3);
        assert.equal(await asks(reports(11, 12, 13)), 0);
        assert.equal(await asks(reports(14)), 1);
        assert.equal(await asks(reports(12, 13, 14)), 0);
        assert.equal(await asks(reports(11)), 1);
      });

      test("forgets a token when it expires", async () => {
        const expiresAt = new Date(Date.now() + 3000).toISOString();
        const { token } = await gateway.generate(["GET"], ["/reports/**"], { expiresAt });
        assert.equal(await asks([[token, {}, 200]]), 1);
        await until("it expires", async () => (await send(cached, token)).status === 401);
      });

      test("does not store that a token is not active", async () => {
        assert.equal(
          await asks([
            [UNKNOWN, {}, 401],
            [UNKNOWN, {}, 401],
          ]),
          2,
        );
      });
    });

    test("nobody is let in if tokenward rejects the service's own credential", async () => {
      for (const [label, credential] of [
        ["not-granted", reader.token],
        ["unknown", UNKNOWN],
        ["invalid", "not\na header"],
      ]) {
        const rejected = await startService(name, label, { ...environment, TOKENWARD_CREDENTIAL: credential });
        assert.equal((await send(rejected, reader.token)).status, 503, credential);
        assert.match(rejected.logged(), /introspection failed/);
        assert.ok(!rejected.logged().includes(credential));
      }
    });

    test("nobody is let in if tokenward does not respond in time", async () => {
      const silent = createServer().listen(0, "127.0.0.1");
      after(() => silent.close());
      await once(silent, "listening");
      const url = `http://127.0.0.1:${silent.address().port}`;
      const waiting = await startService(name, "waiting", { ...environment, TOKENWARD_URL: url });
      const start = Date.now();
      assert.equal((await send(waiting, reader.token)).status, 503);
      assert.ok(Date.now() - start >= 1900);
      await waiting.stop();
    });

    // The last test, because it stops the gateway.
    test("nobody is let in while tokenward is down, and no log contains a token", async () => {
      const before = await send(service, reader.token);
      await gateway.stop();
      assert.deepEqual([before.status, (await send(service, reader.token)).status], [200, 503]);
      assert.match(service.logged(), /introspection failed/);
      assert.doesNotMatch(service.logged(), /twd_/);
    });
  });
}

describe("fastapi with a root path", () => {
  let gateway;
  let environment;
  let token;
  const statuses = async (service, paths) =>
    Promise.all(paths.map(async (path) => (await send(service, token, { path })).status));

  before(async () => {
    gateway = await startGateway("rooted-gateway");
    const credential = await gateway.generate(["POST"], ["/v1/introspect"]);
    ({ token } = await gateway.generate(["*"], ["/**"]));
    environment = {
      TOKENWARD_URL: gateway.url,
      TOKENWARD_CREDENTIAL: credential.token,
      PYTHONPATH: "tests/services",
      TOKENWARD_CACHE_SECONDS: "0",
    };
  });

  test("with the root path set in FastAPI, only the path with the root path is let in", async () => {
    const rooted = await startService("fastapi", "rooted", environment, { main: ["rooted:app"] });
    const others = ["/reports/7", "/%61pi/reports/7", "/apireports/7", "/api"];
    assert.deepEqual(await statuses(rooted, ["/api/reports/7", ...others]), [200, ...others.map(() => 403)]);
    assert.deepEqual(await statuses(rooted, ["/api/api/reports/7"]), [404]);
  });

  test("with the root path set in the server, tokenward decides on the path that contains it", async () => {
    const main = ["main:app", "--root-path", "/api"];
    const rooted = await startService("fastapi", "rooted-server", environment, { main });
    const granted = await gateway.generate(["GET"], ["/api/reports/**"]);
    assert.equal((await send(rooted, granted.token)).status, 200);
    assert.deepEqual(await statuses(rooted, ["/reports/7", "/api/reports/7"]), [200, 404]);
  });
});
