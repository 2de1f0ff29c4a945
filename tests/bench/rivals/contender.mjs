// The loops that contenders in JavaScript run.
import { Agent, request } from "node:http";
import { createInterface } from "node:readline";

const RUNTIME_API = process.env.AWS_LAMBDA_RUNTIME_API;
const agent = new Agent({ keepAlive: true });

// Whether this process runs as a Lambda function.
export const isFunction = RUNTIME_API !== undefined;

// Responds to the events of the Runtime API, one after the other, as Lambda's runtime for Node does.
export async function serve(handler) {
  for (;;) {
    const next = await send("GET", "next");
    const response = await handler(JSON.parse(next.body));
    await send("POST", `${next.headers["lambda-runtime-aws-request-id"]}/response`, JSON.stringify(response));
  }
}

function send(method, path, body) {
  return new Promise((resolve, reject) => {
    const url = `http://${RUNTIME_API}/2018-06-01/runtime/invocation/${path}`;
    const sent = request(url, { method, agent }, async (response) => {
      let text = "";
      for await (const part of response.setEncoding("utf8")) text += part;
      resolve({ headers: response.headers, body: text });
    });
    sent.on("error", reject);
    sent.end(body);
  });
}

// Runs the loop of the side-by-side comparison, whose output tests/bench/compare/rivals.rs reads. Before it, the contender must
// have printed its credentials as a JSON object in one line. Each input line is a credential or an event. For each line, the
// loop prints whether `verify` allows it and how many nanoseconds `verify` took. `prepare` turns the line into the input of
// `verify`, and is not measured.
export async function compete(verify, prepare = (line) => line) {
  for await (const line of createInterface({ input: process.stdin })) {
    const input = prepare(line);
    const start = process.hrtime.bigint();
    const allowed = await verify(input);
    console.log(`${allowed} ${process.hrtime.bigint() - start}`);
  }
}
