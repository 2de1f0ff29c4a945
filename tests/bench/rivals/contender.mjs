// The loop of every contender: for each input line, a credential, it prints `true` or `false` and the nanoseconds.
import { createInterface } from "node:readline";

// Verifies each line. `prepare` turns a line into the input of `verify`, and is not measured.
export async function compete(verify, prepare = (line) => line) {
  for await (const line of createInterface({ input: process.stdin })) {
    const input = prepare(line);
    const start = process.hrtime.bigint();
    const allowed = await verify(input);
    console.log(`${allowed} ${process.hrtime.bigint() - start}`);
  }
}
